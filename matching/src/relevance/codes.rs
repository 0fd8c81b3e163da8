//! How near two classification codes are in the trees of ICS and CCS.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Nearness of equal codes; one that stands above the other in the tree counts as its nearest
/// common level does.
pub const SAME_CODE: f32 = 1.0;
/// Nearness within one ICS group or one CCS range.
pub const SAME_GROUP: f32 = 0.6;
/// Nearness within one ICS field or one CCS letter.
pub const SAME_FIELD: f32 = 0.25;

/// The ranges of CCS (`A00/09`): the 225 second-level divisions of the 中国标准文献分类法 (1989),
/// facts of the classification. They are not always tens, so they cannot be computed.
const CCS_RANGES: &str = include_str!("../../data/ccs_ranges.csv");

/// A classification code: `ics:29.240.10` or `ccs:K04`. Its form is checked, its existence is not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code {
    scheme: Scheme,
    code: String,
}

/// The classification a code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// International Classification for Standards: field, group, subgroup.
    Ics,
    /// 中国标准文献分类: letter, range, two digits.
    Ccs,
}

/// A text that is not a code of either classification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotACode(
    /// The text as it was given.
    pub String,
);

impl fmt::Display for NotACode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not a code: {:?}, expected a form like ics:29.240 or ccs:K04",
            self.0
        )
    }
}

impl std::error::Error for NotACode {}

impl Code {
    /// The classification.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The code without its prefix: `29.240.10`, `K04`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Nearness in 0..=1: 1 for the same code, [`SAME_GROUP`] within a group or range,
    /// [`SAME_FIELD`] within a field or letter, 0 otherwise and between classifications.
    pub fn nearness(&self, other: &Code) -> f32 {
        if self.scheme != other.scheme {
            0.0
        } else if self.code == other.code {
            SAME_CODE
        } else if self.group().is_some() && self.group() == other.group() {
            SAME_GROUP
        } else if self.field() == other.field() {
            SAME_FIELD
        } else {
            0.0
        }
    }

    /// `29` of `29.240.10`, `K` of `K04`.
    pub fn field(&self) -> &str {
        match self.scheme {
            Scheme::Ics => self.code.split('.').next().unwrap_or(&self.code),
            Scheme::Ccs => &self.code[..1],
        }
    }

    /// `29.240` of `29.240.10`; the range that holds `K04`; none for a bare field or letter.
    pub fn group(&self) -> Option<&str> {
        match self.scheme {
            Scheme::Ics => match self.code.match_indices('.').nth(1) {
                Some((second, _)) => Some(&self.code[..second]),
                None => self.code.contains('.').then_some(&self.code),
            },
            Scheme::Ccs if self.code.len() > 3 => Some(&self.code),
            Scheme::Ccs => ccs_range(&self.code),
        }
    }
}

fn ccs_range(code: &str) -> Option<&'static str> {
    let digits = code.get(1..3)?;
    CCS_RANGES.lines().skip(1).find(|range| {
        range.as_bytes()[..1] == code.as_bytes()[..1]
            && (&range[1..3]..=&range[4..6]).contains(&digits)
    })
}

impl FromStr for Code {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let refuse = || NotACode(text.to_owned());
        let (scheme, code) = text.trim().split_once(':').ok_or_else(refuse)?;
        let code = code.trim().to_ascii_uppercase();
        let scheme = match scheme.trim().to_ascii_lowercase().as_str() {
            "ics" if is_ics(&code) => Scheme::Ics,
            "ccs" if is_ccs(&code) => Scheme::Ccs,
            _ => return Err(refuse()),
        };
        Ok(Code { scheme, code })
    }
}

fn is_ics(code: &str) -> bool {
    let lengths = [2, 3, 2];
    let parts: Vec<&str> = code.split('.').collect();
    parts.len() <= lengths.len()
        && parts.iter().zip(lengths).all(|(part, length)| {
            part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())
        })
}

fn is_ccs(code: &str) -> bool {
    let bytes = code.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    bytes.first().is_some_and(u8::is_ascii_uppercase)
        && match bytes.len() {
            1 => true,
            3 => digits(1..3),
            6 => digits(1..3) && bytes[3] == b'/' && digits(4..6),
            _ => false,
        }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Ics => "ics",
            Scheme::Ccs => "ccs",
        };
        write!(f, "{scheme}:{}", self.code)
    }
}

impl TryFrom<String> for Code {
    type Error = NotACode;

    fn try_from(text: String) -> Result<Self, NotACode> {
        text.parse()
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_writes_the_same_form() {
        for text in [
            "ics:29",
            "ics:29.240",
            "ics:29.240.10",
            "ccs:K",
            "ccs:K04",
            "ccs:A00/09",
        ] {
            assert_eq!(code(text).to_string(), text);
        }
        assert_eq!(code(" ICS: 29.240 ").to_string(), "ics:29.240");
        assert_eq!(code("ccs:k04"), code("ccs:K04"));
    }

    #[test]
    fn refuses_what_is_no_code() {
        for text in [
            "29.240",
            "ics:K04",
            "ics:29.24",
            "ics:29.240.10.1",
            "ccs:04",
            "ccs:K4",
            "",
        ] {
            assert_eq!(
                text.parse::<Code>(),
                Err(NotACode(text.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn nearness_follows_the_trees() {
        let near = |left, right| code(left).nearness(&code(right));
        assert_eq!(near("ics:29.240.10", "ics:29.240.10"), 1.0);
        assert_eq!(near("ics:29.240.10", "ics:29.240.20"), 0.6);
        assert_eq!(near("ics:29.240", "ics:29.240.20"), 0.6);
        assert_eq!(near("ics:29.240", "ics:29.020"), 0.25);
        assert_eq!(near("ics:29", "ics:29.240"), 0.25);
        assert_eq!(near("ics:29.240", "ics:27.010"), 0.0);
        assert_eq!(near("ccs:K04", "ccs:K04"), 1.0);
        assert_eq!(near("ccs:K04", "ccs:K09"), 0.6);
        assert_eq!(near("ccs:A20", "ccs:A39"), 0.6, "one range of twenty codes");
        assert_eq!(
            near("ccs:A64", "ccs:A65"),
            0.25,
            "two ranges within ten codes"
        );
        assert_eq!(near("ccs:A20/39", "ccs:A31"), 0.6);
        assert_eq!(near("ccs:K04", "ics:29.240"), 0.0);
    }
}
