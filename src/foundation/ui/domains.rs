//! Domains as people type them: codes of ICS and CCS and free keywords, in one field.

use super::fields::Fields;
use crate::foundation::{
    classification::DomainCode,
    error::{FieldErrors, Refusal},
};

/// Codes (as `ics:29.240`) and keywords typed together into the field `name`: what reads as a code
/// is one. Codes that are not in the tables are noted in `errors`.
pub fn read_domains(
    fields: &Fields,
    name: &str,
    errors: &mut FieldErrors,
) -> (Vec<String>, Vec<String>) {
    let (mut codes, mut keywords) = (Vec::new(), Vec::<String>::new());
    let parts = fields.text(name).split([';', '；', ',', '，', '、', '\n']);
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        // A suggestion carries the name behind the code.
        let word = part.split_whitespace().next().unwrap_or(part);
        let looks_like_code = {
            let bare = word.rsplit(':').next().unwrap_or(word);
            let ics = bare.chars().all(|c| c.is_ascii_digit() || c == '.')
                && bare.chars().any(|c| c.is_ascii_digit());
            let mut letters = bare.chars();
            let ccs = letters.next().is_some_and(|c| c.is_ascii_uppercase())
                && (bare.len() == 3 || bare.contains('/'))
                && letters.all(|c| c.is_ascii_digit() || c == '/');
            ics || ccs
        };
        if looks_like_code {
            match read_code(word) {
                Some(code) if codes.contains(&code) => {}
                Some(code) => codes.push(code),
                None => errors.add(name, Refusal::new("form.code_unknown").with("code", word)),
            }
        } else if part.chars().count() > 30 {
            errors.add(name, Refusal::new("form.too_long").with("max", 30));
        } else if !keywords.iter().any(|known| known == part) {
            keywords.push(part.to_owned());
        }
    }
    (codes, keywords)
}

fn read_code(word: &str) -> Option<String> {
    [
        word.to_owned(),
        format!("ics:{word}"),
        format!("ccs:{word}"),
    ]
    .iter()
    .find_map(|text| text.parse::<DomainCode>().ok())
    .map(|code| code.to_string())
}

/// Codes and keywords as they are typed into one field.
pub fn typed_domains(codes: &[String], keywords: &[String]) -> String {
    let codes = codes
        .iter()
        .map(|code| code.rsplit(':').next().unwrap_or(code).to_owned());
    codes
        .chain(keywords.iter().cloned())
        .collect::<Vec<_>>()
        .join("；")
}

/// Codes with their names, as pages show them.
pub fn domain_labels(codes: &[String]) -> Vec<String> {
    codes
        .iter()
        .map(|code| {
            code.parse::<DomainCode>()
                .map_or_else(|_| code.clone(), |code| code.label())
        })
        .collect()
}

/// As [`domain_labels`], in Chinese only: for the lines of a list.
pub fn short_labels(codes: &[String]) -> Vec<String> {
    codes
        .iter()
        .map(|code| {
            code.parse::<DomainCode>()
                .map_or_else(|_| code.clone(), |code| code.short())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_keywords_are_told_apart_and_come_back_as_typed() {
        let fields = Fields::default().with("domains", "31.200；液冷系统，L55、31.200;99.999");
        let mut errors = FieldErrors::default();
        let (codes, keywords) = read_domains(&fields, "domains", &mut errors);
        assert_eq!(codes, ["ics:31.200", "ccs:L55"]);
        assert_eq!(keywords, ["液冷系统"]);
        assert_eq!(errors.of("domains").unwrap().code, "form.code_unknown");
        assert_eq!(typed_domains(&codes, &keywords), "31.200；L55；液冷系统");
    }
}
