//! Numbers of standards as people type them. Pure.

use crate::foundation::error::Refusal;

/// Whether the number of a group standard is written as such: `T/CIE 240—2026`. Full-width signs
/// and a missing space are put right; an empty number stays empty.
///
/// # Errors
/// `consultations.standard_number`
pub fn standard_number(text: &str) -> Result<String, Refusal> {
    let text: String = unicode_normalization::UnicodeNormalization::nfkc(text.trim()).collect();
    if text.is_empty() {
        return Ok(text);
    }
    let refused = || Refusal::new("consultations.standard_number").with("value", &text);
    let upper = text.to_uppercase().replace(['—', '–', '－', '−'], "-");
    let (prefix, rest) = upper.split_once('/').ok_or_else(refused)?;
    if prefix.trim() != "T" {
        // Standards of other kinds (GB, ISO, 行标) are at stake too: kept as they are written.
        return Ok(text);
    }
    let rest = rest.trim();
    let code: String = rest
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let letters: String = code.chars().take_while(char::is_ascii_alphabetic).collect();
    // Without a space the digits of the number stand right behind the letters of the body.
    let split = if rest[code.len()..].starts_with(' ') {
        code.len()
    } else {
        letters.len()
    };
    let (code, number) = rest.split_at(split);
    let (number, year) = number.trim().rsplit_once('-').ok_or_else(refused)?;
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let sound = code.chars().next().is_some_and(|c| c.is_ascii_uppercase())
        && year.len() == 4
        && digits(year)
        && !number.is_empty()
        && number.trim().split('.').all(digits);
    if sound {
        Ok(format!("T/{code} {}—{year}", number.trim()))
    } else {
        Err(refused())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_standards_are_put_right_or_refused() {
        for (given, kept) in [
            ("T/CIE 240—2026", "T/CIE 240—2026"),
            ("Ｔ／ＣＩＥ　240-2026", "T/CIE 240—2026"),
            ("t/cace029-2021", "T/CACE 029—2021"),
            ("T/CIE 198.2-2025", "T/CIE 198.2—2025"),
            ("", ""),
            ("GB/T 20004.1-2016", "GB/T 20004.1-2016"),
        ] {
            assert_eq!(standard_number(given).unwrap(), kept);
        }
        for wrong in ["T/CIE 240", "T/CIE-2026", "T/ 240-2026", "240—2026"] {
            assert!(standard_number(wrong).is_err(), "{wrong}");
        }
    }
}
