//! One code of a classification.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::table::{Entry, table};
use crate::foundation::search::normalise;

/// A classification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// International Classification for Standards: `29`, `29.240`, `29.240.10`.
    Ics,
    /// 中国标准文献分类: `K`, `K40/49`, `K44`.
    Ccs,
}

impl System {
    /// The prefix of its codes, `ics` or `ccs`.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Ics => "ics",
            Self::Ccs => "ccs",
        }
    }
}

/// A code that stands in one of the lists. Written `ics:29.240` or `ccs:K04`; ordered as listed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainCode(pub(super) u16);

/// What a code is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeName {
    /// The Chinese name of `named`; empty if not even its top has one.
    pub zh: &'static str,
    /// The code itself, or its nearest ancestor that has a Chinese name.
    pub named: DomainCode,
    /// The English name of the code itself; empty where there is none.
    pub en: &'static str,
}

/// A text that is no known code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no known code: {text}")]
pub struct UnknownCode {
    /// What was given.
    pub text: String,
    /// What may have been meant: zeros restored that a spreadsheet took from a number, or the part
    /// of the code that is known.
    pub suggestion: Option<DomainCode>,
}

impl DomainCode {
    /// The code `code`, written exactly as in the list, of `system`.
    pub fn lookup(system: System, code: &str) -> Option<Self> {
        table().place(system, code).map(Self)
    }

    /// All codes, ICS first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).zip(&table().entries).map(|(place, _)| Self(place))
    }

    /// Its classification.
    pub fn system(self) -> System {
        self.entry().system
    }

    /// The code without prefix.
    pub fn code(self) -> &'static str {
        &self.entry().code
    }

    /// The next more general code.
    pub fn parent(self) -> Option<Self> {
        self.entry().parent.map(Self)
    }

    /// More general codes, the nearest first.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |code| code.parent())
    }

    /// The next more special codes.
    pub fn children(self) -> impl Iterator<Item = Self> {
        self.entry().children.iter().copied().map(Self)
    }

    /// 1 for an ICS field or CCS letter, up to 3.
    pub fn level(self) -> usize {
        1 + self.ancestors().count()
    }

    /// Whether this is `other` or lies below it.
    pub fn is_within(self, other: Self) -> bool {
        self == other || self.ancestors().any(|ancestor| ancestor == other)
    }

    /// Codes of the other classification used for the same standards.
    pub fn counterparts(self) -> impl Iterator<Item = Self> {
        self.entry().counterparts.iter().copied().map(Self)
    }

    /// What it is called.
    pub fn name(self) -> CodeName {
        let named = std::iter::once(self)
            .chain(self.ancestors())
            .find(|code| !code.entry().name_zh.is_empty())
            .unwrap_or(self);
        CodeName {
            zh: &named.entry().name_zh,
            named,
            en: &self.entry().name_en,
        }
    }

    /// Code and name for a page: `29.240 输电网和配电网`; without a Chinese name of its own, the
    /// ancestor's name and the English one.
    pub fn label(self) -> String {
        let name = self.name();
        let english = if name.named == self { "" } else { name.en };
        let parts = [self.code(), name.zh, english];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Code and Chinese name for a list: without one of its own, the nearest ancestor's.
    pub fn short(self) -> String {
        format!("{} {}", self.code(), self.name().zh)
    }

    pub(super) fn entry(self) -> &'static Entry {
        &table().entries[usize::from(self.0)]
    }
}

impl fmt::Display for DomainCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.system().prefix(), self.code())
    }
}

impl fmt::Debug for DomainCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads `ics:29.240` and `ccs:K04`, also without prefix (an ICS code begins with a digit, a CCS
/// code with a letter), in any width and case.
impl FromStr for DomainCode {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let plain = normalise(text).to_uppercase().replace(' ', "");
        let (system, code) = split_prefix(&plain);
        Self::lookup(system, code).ok_or_else(|| UnknownCode {
            text: text.to_owned(),
            suggestion: suggestion(system, code),
        })
    }
}

/// The classification and the code of an upper-case text.
pub(super) fn split_prefix(text: &str) -> (System, &str) {
    for (system, prefix) in [(System::Ics, "ICS"), (System::Ccs, "CCS")] {
        if let Some(code) = text.strip_prefix(prefix) {
            return (system, code.trim_start_matches([':', ' ']));
        }
    }
    let ics = text.starts_with(|c: char| c.is_ascii_digit());
    (if ics { System::Ics } else { System::Ccs }, text)
}

fn suggestion(system: System, code: &str) -> Option<DomainCode> {
    let restored = match code.split('.').collect::<Vec<_>>()[..] {
        [field] if system == System::Ics => format!("{field:0>2}"),
        [field, group] if system == System::Ics => format!("{field:0>2}.{group:0<3}"),
        _ => code.to_owned(),
    };
    let shortened = restored
        .char_indices()
        .rev()
        .map(|(end, _)| &restored[..end]);
    std::iter::once(restored.as_str())
        .chain(shortened)
        .map(|part| part.trim_end_matches('.'))
        .find_map(|part| DomainCode::lookup(system, part))
}

impl Serialize for DomainCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DomainCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> DomainCode {
        text.parse().unwrap()
    }

    fn suggested(text: &str) -> Option<String> {
        text.parse::<DomainCode>()
            .unwrap_err()
            .suggestion
            .map(|code| code.to_string())
    }

    #[test]
    fn codes_are_read_in_the_ways_people_write_them() {
        for text in [
            "ics:29.240",
            "29.240",
            " ICS 29.240",
            "ＩＣＳ：２９．２４０",
        ] {
            assert_eq!(code(text).to_string(), "ics:29.240", "{text}");
        }
        for text in ["ccs:K04", "k04", "CCS K04", "Ｋ０４"] {
            assert_eq!(code(text).to_string(), "ccs:K04", "{text}");
        }
        assert_eq!(code("ccs:A00/09").level(), 2);
    }

    #[test]
    fn every_code_survives_being_written_and_read() {
        for code in DomainCode::all() {
            assert_eq!(code.to_string().parse(), Ok(code));
            assert_eq!(code.code().parse(), Ok(code));
            let json = serde_json::to_string(&code).unwrap();
            assert_eq!(serde_json::from_str::<DomainCode>(&json).unwrap(), code);
        }
    }

    #[test]
    fn unknown_codes_are_refused_with_what_was_probably_meant() {
        assert_eq!(suggested("29.24").as_deref(), Some("ics:29.240"));
        assert_eq!(suggested("1.04").as_deref(), Some("ics:01.040"));
        assert_eq!(suggested("1").as_deref(), Some("ics:01"));
        assert_eq!(suggested("29.240.77").as_deref(), Some("ics:29.240"));
        assert_eq!(suggested("K0?").as_deref(), Some("ccs:K"));
        assert_eq!(suggested("ics:K04"), None);
        assert_eq!(suggested("液冷"), None);
        assert_eq!(suggested(""), None);
        assert!(serde_json::from_str::<DomainCode>("\"ics:99\"").is_err());
    }

    #[test]
    fn the_tree_leads_up_and_down() {
        let special = code("29.240.10");
        assert_eq!(
            special
                .ancestors()
                .map(|code| code.code())
                .collect::<Vec<_>>(),
            ["29.240", "29"]
        );
        assert_eq!(special.level(), 3);
        assert!(special.is_within(code("29")) && special.is_within(special));
        assert!(!code("29").is_within(special));
        for code in DomainCode::all() {
            assert!(code.children().all(|child| child.parent() == Some(code)));
            assert!((1..=3).contains(&code.level()), "{code}");
        }
    }

    #[test]
    fn a_missing_chinese_name_is_that_of_the_nearest_ancestor() {
        let group = code("29.240").name();
        assert_eq!(group.named, code("29.240"));
        let special = code("29.240.10").name();
        assert_eq!((special.named, special.zh), (code("29.240"), group.zh));
        assert_eq!(special.en, "Substations. Surge arresters");
        assert_eq!(
            code("29.240.10").label(),
            format!("29.240.10 {} Substations. Surge arresters", group.zh)
        );
        assert_eq!(code("29.240.10").short(), format!("29.240.10 {}", group.zh));
        assert_eq!(code("29.240").label(), format!("29.240 {}", group.zh));
        assert!(DomainCode::all().all(|code| !code.name().zh.is_empty()));
    }

    #[test]
    fn counterparts_are_mutual_and_of_the_other_system() {
        let ccs = code("A01");
        assert!(ccs.counterparts().any(|ics| ics == code("01.110")));
        assert!(code("01.110").counterparts().any(|back| back == ccs));
        for code in DomainCode::all() {
            assert!(code.counterparts().all(|other| {
                other.system() != code.system() && other.counterparts().any(|back| back == code)
            }));
        }
    }
}
