//! What an expert agrees to, in versioned texts. A change of words is a new version; what was agreed
//! to before stays agreed to in its own version.

use crate::foundation::config::OfficeConfig;

/// The present version of all texts.
pub const VERSION: &str = "2026-1";

const POOL: &str = include_str!("texts/pool-2026-1.txt");
const SECRECY: &str = include_str!("texts/secrecy-2026-1.txt");
const INTEGRITY: &str = include_str!("texts/integrity-2026-1.txt");
const DUTIES: &str = include_str!("texts/duties-2026-1.txt");

/// A text to agree to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentText {
    /// Use of personal data in the pool.
    Pool,
    /// 保密承诺
    Secrecy,
    /// 廉洁和回避承诺
    Integrity,
}

impl ConsentText {
    /// All of them, in the order shown.
    pub const ALL: [Self; 3] = [Self::Pool, Self::Secrecy, Self::Integrity];

    /// The purpose under which the consent is kept, and its field of the form.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Pool => "pool",
            Self::Secrecy => "secrecy",
            Self::Integrity => "integrity",
        }
    }

    /// The text of a purpose that was kept.
    pub fn of(purpose: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|text| text.purpose() == purpose)
    }

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Pool => "个人信息处理同意书",
            Self::Secrecy => "保密承诺书",
            Self::Integrity => "廉洁和回避承诺书",
        }
    }

    /// Whether it is given anew for each term.
    pub fn for_term(self) -> bool {
        self != Self::Pool
    }

    /// Its paragraphs with the office's names.
    pub fn paragraphs(self, office: &OfficeConfig) -> Vec<String> {
        paragraphs(
            match self {
                Self::Pool => POOL,
                Self::Secrecy => SECRECY,
                Self::Integrity => INTEGRITY,
            },
            office,
        )
    }
}

/// What an engaged expert does, in paragraphs.
pub fn duties(office: &OfficeConfig) -> Vec<String> {
    paragraphs(DUTIES, office)
}

fn paragraphs(text: &str, office: &OfficeConfig) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            line.replace("{alliance}", &office.name)
                .replace("{issuer}", &office.issuer)
                .replace("{handler}", &office.privacy_handler)
                .replace("{phone}", &office.phone)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foundation::config::Config;

    #[test]
    fn every_text_names_the_office_and_leaves_no_place_open() {
        let office = Config::load(None).unwrap().office;
        for text in ConsentText::ALL {
            let words = text.paragraphs(&office).concat();
            assert!(!words.contains(['{', '}']), "{words}");
            assert!(words.contains(&office.issuer) || words.contains(&office.name));
        }
        assert!(
            ConsentText::Pool
                .paragraphs(&office)
                .concat()
                .contains(&office.privacy_handler)
        );
        assert!(!duties(&office).concat().contains('{'));
    }
}
