//! Finding a code by what someone types.

use super::code::{DomainCode, split_prefix};
use crate::foundation::search::SearchQuery;

/// How well an entry fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Code,
    CodeBegins,
    Name,
    NameBegins,
    NameContains,
    NameSpelled,
    EnglishWord,
    EnglishContains,
}

/// At most `limit` codes that fit `query`: a code or its beginning (`29.24`, `ics 29`, `K0`), a part of
/// the Chinese name, its pinyin or initials, or English words. The best fit comes first, among
/// equal ones the more general.
pub fn search_codes(query: &str, limit: usize) -> Vec<DomainCode> {
    let Some(query) = SearchQuery::of(query) else {
        return Vec::new();
    };
    let upper = query.normal().to_uppercase();
    let mut found: Vec<(Fit, usize, DomainCode)> = DomainCode::all()
        .filter_map(|code| Some((fit(code, &query, &upper)?, code.level(), code)))
        .collect();
    found.sort();
    found
        .into_iter()
        .take(limit)
        .map(|(.., code)| code)
        .collect()
}

fn fit(code: DomainCode, query: &SearchQuery, upper: &str) -> Option<Fit> {
    let (system, typed) = split_prefix(upper);
    if code.system() == system && !typed.is_empty() && code.code().starts_with(typed) {
        return Some(if code.code() == typed {
            Fit::Code
        } else {
            Fit::CodeBegins
        });
    }
    let entry = code.entry();
    let (name, text) = (&entry.key_zh.normal, query.normal());
    if name == text && !name.is_empty() {
        Some(Fit::Name)
    } else if name.starts_with(text) {
        Some(Fit::NameBegins)
    } else if name.contains(text) {
        Some(Fit::NameContains)
    } else if query.matches(&entry.key_zh) {
        Some(Fit::NameSpelled)
    } else if entry
        .key_en
        .match_indices(text)
        .any(|(at, _)| begins_word(&entry.key_en, at))
    {
        Some(Fit::EnglishWord)
    } else if entry.key_en.contains(text) {
        Some(Fit::EnglishContains)
    } else {
        None
    }
}

fn begins_word(text: &str, at: usize) -> bool {
    !text[..at].ends_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str) -> Vec<String> {
        search_codes(query, 8)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    fn first(query: &str) -> Option<String> {
        found(query).into_iter().next()
    }

    #[test]
    fn by_code() {
        assert_eq!(
            found("29.24")[..3],
            ["ics:29.240", "ics:29.240.01", "ics:29.240.10"]
        );
        assert_eq!(first("ics 29").as_deref(), Some("ics:29"));
        assert_eq!(first("ccs:k04").as_deref(), Some("ccs:K04"));
        assert!(found("k0").iter().all(|code| code.starts_with("ccs:K0")));
    }

    #[test]
    fn by_chinese_name_pinyin_and_initials() {
        let name = "29.240".parse::<DomainCode>().unwrap().name().zh;
        assert_eq!(first(name).as_deref(), Some("ics:29.240"));
        assert!(found("输电").contains(&"ics:29.240".to_owned()));
        assert!(found("shudian").contains(&"ics:29.240".to_owned()));
        assert!(found("sdw").contains(&"ics:29.240".to_owned()));
    }

    #[test]
    fn by_english_words() {
        assert!(found("Surge arresters").contains(&"ics:29.240.10".to_owned()));
        assert!(search_codes("vocabular", 100).len() > 30);
    }

    #[test]
    fn nothing_fits_nothing() {
        assert!(found("").is_empty());
        assert!(found("没有这样的领域").is_empty());
        assert!(found("ics").len() <= 8);
        assert!(search_codes("标准", 0).is_empty());
    }

    #[test]
    fn the_more_general_comes_first_among_equals() {
        let levels: Vec<usize> = search_codes("29", 100)
            .into_iter()
            .filter(|code| code.code().starts_with("29"))
            .map(DomainCode::level)
            .collect();
        assert!(levels.is_sorted(), "{levels:?}");
    }
}
