//! Codes and facts said in Chinese or English. Each body has a file of its sentences here; a test
//! holds that every code used in the source has one.

mod accounts;
mod acts;
mod calendar;
mod certificates;
mod committees;
mod common;
mod consultations;
mod exchange;
mod experts;
mod invitations;
mod mail;
mod meetings;
mod overview;
mod panels;
mod people;
mod registration;
mod sheets;
mod training;
mod units;

use super::error::Refusal;

/// Language of a page, a mail or an API answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 简体中文
    #[default]
    Chinese,
    /// English
    English,
}

impl Language {
    /// BCP 47 tag, for the `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }
}

/// A sentence for a code; `{name}` stands for the fact of that name.
pub(crate) struct Sentence {
    code: &'static str,
    zh: &'static str,
    en: &'static str,
}

/// `(code, Chinese, English)`
pub(crate) const fn say(code: &'static str, zh: &'static str, en: &'static str) -> Sentence {
    Sentence { code, zh, en }
}

/// All sentences, one table a body.
const TABLES: &[&[Sentence]] = &[
    common::SENTENCES,
    mail::SENTENCES,
    calendar::SENTENCES,
    sheets::SENTENCES,
    people::SENTENCES,
    accounts::SENTENCES,
    acts::SENTENCES,
    units::SENTENCES,
    experts::SENTENCES,
    panels::SENTENCES,
    committees::SENTENCES,
    meetings::SENTENCES,
    overview::SENTENCES,
    registration::SENTENCES,
    consultations::SENTENCES,
    exchange::SENTENCES,
    invitations::SENTENCES,
    training::SENTENCES,
    certificates::SENTENCES,
];

/// A closed set of words of the database, said to people.
pub trait Label: Copy {
    /// In Chinese.
    fn zh(self) -> &'static str;
    /// In English.
    fn en(self) -> &'static str;
    /// In `language`.
    fn label(self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.zh(),
            Language::English => self.en(),
        }
    }
}

/// The words of a code that carries no facts, such as the action of an audit entry.
pub fn said(code: &str, language: Language) -> Option<&'static str> {
    let found = TABLES
        .iter()
        .copied()
        .flatten()
        .find(|entry| entry.code == code)?;
    Some(match language {
        Language::Chinese => found.zh,
        Language::English => found.en,
    })
}

/// The sentence of a refusal.
pub fn sentence(refusal: &Refusal, language: Language) -> String {
    let Some(found) = TABLES
        .iter()
        .copied()
        .flatten()
        .find(|entry| entry.code == refusal.code)
    else {
        tracing::error!(code = refusal.code, "no sentence for this code");
        return refusal.code.to_owned();
    };
    let mut text = match language {
        Language::Chinese => found.zh,
        Language::English => found.en,
    }
    .to_owned();
    for (name, value) in &refusal.facts {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, fs, path::Path};

    use super::*;

    fn codes_in(folder: &Path, found: &mut HashSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                codes_in(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let source = text.split("#[cfg(test)]").next().unwrap();
                for mark in ["Refusal::new(", "action: "] {
                    let mut rest = source;
                    while let Some(at) = rest.find(mark) {
                        rest = &rest[at + mark.len()..];
                        let argument = rest.trim_start();
                        if let Some(code) = argument.strip_prefix('"') {
                            found.insert(code[..code.find('"').unwrap()].to_owned());
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn every_code_has_one_sentence() {
        let mut said = HashSet::new();
        for entry in TABLES.iter().copied().flatten() {
            assert!(said.insert(entry.code), "{} is said twice", entry.code);
            assert!(
                !entry.zh.is_empty() && !entry.en.is_empty(),
                "{} is empty",
                entry.code
            );
        }
        let mut used = HashSet::new();
        codes_in(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut used,
        );
        let missing: Vec<_> = used
            .iter()
            .filter(|code| !said.contains(code.as_str()))
            .collect();
        assert!(missing.is_empty(), "no sentence for {missing:?}");
    }

    #[test]
    fn facts_are_filled_in() {
        let refusal = Refusal::new("form.too_long").with("max", 20);
        assert_eq!(
            sentence(&refusal, Language::Chinese),
            "最多 20 个字，请删减。"
        );
    }
}
