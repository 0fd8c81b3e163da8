//! What a name, a mobile number and an e-mail address look like. Pure.

use lettre::Address;
use unicode_normalization::UnicodeNormalization;

use crate::foundation::error::Refusal;

/// Most characters of a name.
const MAX_NAME: usize = 40;
/// Most characters of an address (RFC 5321).
const MAX_EMAIL: usize = 254;

/// A name in one form: NFKC, single spaces, no control characters.
///
/// # Errors
/// When it is empty, too long, or holds control characters.
pub fn name(text: &str) -> Result<String, Refusal> {
    let name = text
        .nfkc()
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if name.is_empty() {
        return Err(Refusal::new("form.required"));
    }
    if name.chars().any(unprintable) {
        return Err(Refusal::new("form.control_characters"));
    }
    if name.chars().count() > MAX_NAME {
        return Err(Refusal::new("form.too_long").with("max", MAX_NAME));
    }
    Ok(name)
}

/// A mobile number of the mainland as eleven digits, however it was typed; none when nothing was.
///
/// # Errors
/// When it is something else.
pub fn mobile(text: &str) -> Result<Option<String>, Refusal> {
    let typed: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let digits: String = typed
        .strip_prefix("+86")
        .or_else(|| typed.strip_prefix("0086"))
        .unwrap_or(&typed)
        .chars()
        .filter(|c| !matches!(c, '-' | '\u{2010}'..='\u{2015}'))
        .collect();
    let bytes = digits.as_bytes();
    let sound = bytes.len() == 11
        && bytes[0] == b'1'
        && (b'3'..=b'9').contains(&bytes[1])
        && bytes.iter().all(u8::is_ascii_digit);
    match (digits.is_empty(), sound) {
        (true, _) => Ok(None),
        (false, true) => Ok(Some(digits)),
        (false, false) => Err(Refusal::new("form.not_a_mobile").with("value", text.trim())),
    }
}

/// An e-mail address in lower case; none when nothing was typed. Only ASCII addresses are taken:
/// others do not pass every server on the way.
///
/// # Errors
/// When it is no address.
pub fn email(text: &str) -> Result<Option<String>, Refusal> {
    let typed = text.nfkc().collect::<String>().trim().to_lowercase();
    if typed.is_empty() {
        return Ok(None);
    }
    let sound = typed.is_ascii()
        && typed.len() <= MAX_EMAIL
        && !typed.contains(['"', '[', '<', '>', ' '])
        && typed
            .parse::<Address>()
            .is_ok_and(|address| has_top_level(address.domain()));
    if sound {
        Ok(Some(typed))
    } else {
        Err(Refusal::new("form.not_an_address").with("value", text.trim()))
    }
}

/// `example.org` and not `localhost`; the last part is no number.
fn has_top_level(domain: &str) -> bool {
    domain
        .rsplit_once('.')
        .is_some_and(|(_, last)| last.len() >= 2 && !last.bytes().all(|b| b.is_ascii_digit()))
}

/// Control characters, and the invisible ones that turn or hide text.
fn unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn mobiles_are_read_however_they_are_typed() {
        for typed in [
            "13812345678",
            " 138 1234 5678 ",
            "138-1234-5678",
            "+86 138 1234 5678",
            "008613812345678",
            "１３８１２３４５６７８",
        ] {
            assert_eq!(
                mobile(typed).unwrap().as_deref(),
                Some("13812345678"),
                "{typed}"
            );
        }
        assert_eq!(mobile(" ").unwrap(), None);
        for typed in [
            "12812345678",
            "1381234567",
            "138123456789",
            "010-12345678",
            "1381234567x",
            "电话",
        ] {
            assert_eq!(mobile(typed).unwrap_err().code, "form.not_a_mobile");
        }
    }

    #[test]
    fn addresses_are_lower_case_and_refused_when_they_could_break_a_header() {
        assert_eq!(
            email(" Zhou.Xubai@Example.COM ").unwrap().as_deref(),
            Some("zhou.xubai@example.com")
        );
        assert_eq!(
            email("ｚｈｏｕ＠example.org").unwrap().as_deref(),
            Some("zhou@example.org")
        );
        assert_eq!(email("\u{3000}").unwrap(), None);
        for typed in [
            "zhou",
            "zhou@",
            "@example.org",
            "zhou@localhost",
            "a@b@example.org",
            "zhou@example.org\r\nBcc: x@example.org",
            "周<zhou@example.org>",
            "周@例子.中国",
            "zhou@10.0.0.1",
            "zhou@[10.0.0.1]",
            "zhou@example..org",
        ] {
            assert_eq!(
                email(typed).unwrap_err().code,
                "form.not_an_address",
                "{typed:?}"
            );
        }
    }

    #[test]
    fn names_keep_one_form() {
        assert_eq!(name("　张　三 ").unwrap(), "张 三");
        assert_eq!(name("买买提·艾力").unwrap(), "买买提·艾力");
        assert_eq!(name(" ").unwrap_err().code, "form.required");
        assert_eq!(
            name("张\u{202e}三").unwrap_err().code,
            "form.control_characters"
        );
        assert_eq!(name(&"名".repeat(41)).unwrap_err().code, "form.too_long");
    }

    proptest! {
        #[test]
        fn what_is_taken_holds_no_line_break_and_reads_again_the_same(text in "\\PC{0,30}|[a-z0-9@.\\r\\n<>\", ]{0,30}") {
            if let Ok(Some(address)) = email(&text) {
                prop_assert!(address.bytes().all(|b| b.is_ascii_graphic()));
                prop_assert_eq!(email(&address).unwrap(), Some(address));
            }
            if let Ok(Some(number)) = mobile(&text) {
                prop_assert_eq!(mobile(&number).unwrap(), Some(number));
            }
            if let Ok(taken) = name(&text) {
                prop_assert_eq!(name(&taken).unwrap(), taken);
            }
        }
    }
}
