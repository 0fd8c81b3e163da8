//! Codes and keywords typed together, as people write them.

use super::DomainCode;
use crate::foundation::error::Refusal;

/// Longest keyword, in characters.
const MOST: usize = 30;

/// Codes like `ics:29.240` and keywords, in the order typed: what reads as a code is one.
///
/// # Errors
/// `consultations.code_unknown` for what looks like a code and is none, `form.too_long`.
pub fn read_typed(text: &str) -> Result<(Vec<String>, Vec<String>), Refusal> {
    let (mut codes, mut keywords) = (Vec::new(), Vec::<String>::new());
    let parts = text.split([';', '；', ',', '，', '、', '\n']);
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        // A suggestion carries the name behind the code.
        let word = part.split_whitespace().next().unwrap_or(part);
        if looks_like_code(word) {
            match read_code(word) {
                Some(code) if codes.contains(&code) => {}
                Some(code) => codes.push(code),
                None => {
                    return Err(Refusal::new("consultations.code_unknown").with("code", word));
                }
            }
        } else if part.chars().count() > MOST {
            return Err(Refusal::new("form.too_long").with("max", MOST));
        } else if !keywords.iter().any(|known| known == part) {
            keywords.push(part.to_owned());
        }
    }
    Ok((codes, keywords))
}

fn looks_like_code(word: &str) -> bool {
    let bare = word.rsplit(':').next().unwrap_or(word);
    let ics = bare.chars().all(|c| c.is_ascii_digit() || c == '.')
        && bare.chars().any(|c| c.is_ascii_digit());
    let mut letters = bare.chars();
    let ccs = letters.next().is_some_and(|c| c.is_ascii_uppercase())
        && (bare.len() == 3 || bare.contains('/'))
        && letters.all(|c| c.is_ascii_digit() || c == '/');
    ics || ccs
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_as_a_code_is_one() {
        let (codes, keywords) =
            read_typed("29.240 输配电网；ccs:K40，液冷系统、液冷系统；29.240").unwrap();
        assert_eq!(codes, ["ics:29.240", "ccs:K40"]);
        assert_eq!(keywords, ["液冷系统"]);
        assert_eq!(
            read_typed("99.999").unwrap_err().code,
            "consultations.code_unknown"
        );
        assert_eq!(
            read_typed(&"长".repeat(31)).unwrap_err().code,
            "form.too_long"
        );
        assert_eq!(read_typed(" ；").unwrap(), (Vec::new(), Vec::new()));
    }
}
