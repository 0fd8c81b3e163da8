//! A frozen mail read again, to show it to people; and the masking of links on such pages.

use mail_parser::{MessageParser, MimeHeaders, PartType};

/// What a page shows of a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadMail {
    /// Subject.
    pub subject: String,
    /// Name and address of the recipient.
    pub to: String,
    /// Date header as it stands.
    pub date: Option<chrono::DateTime<chrono::Utc>>,
    /// The text part, lines ending in LF.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// The calendar part, if any.
    pub calendar: Option<String>,
}

/// Reads a mail; `None` when the bytes are none.
pub fn read(bytes: &[u8]) -> Option<ReadMail> {
    let message = MessageParser::default().parse(bytes)?;
    let to = message.to().and_then(|to| to.first()).map(|to| {
        let address = to.address().unwrap_or_default();
        match to.name() {
            Some(name) => format!("{name} <{address}>"),
            None => address.to_owned(),
        }
    });
    let calendar = message.parts.iter().find_map(|part| {
        let kind = part.content_type()?;
        let is_calendar = kind.ctype() == "text" && kind.subtype() == Some("calendar");
        match &part.body {
            PartType::Text(text) if is_calendar => Some(text.clone().into_owned()),
            _ => None,
        }
    });
    Some(ReadMail {
        subject: message.subject().unwrap_or_default().to_owned(),
        to: to.unwrap_or_default(),
        date: message
            .date()
            .and_then(|date| chrono::DateTime::from_timestamp(date.to_timestamp(), 0)),
        text: message
            .body_text(0)
            .unwrap_or_default()
            .replace("\r\n", "\n"),
        html: message.body_html(0).unwrap_or_default().into_owned(),
        calendar,
    })
}

/// Shortest run of characters that is taken for a token.
const TOKEN: usize = 20;

/// `text` with every token of an address replaced by `…`: what stands behind a `/` or `=` in twenty
/// or more characters of base64url. Whoever reads a page of mails cannot use the links in them.
pub fn mask_links(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['/', '=']) {
        let (before, behind) = rest.split_at(at + 1);
        masked.push_str(before);
        let length = behind
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
            .unwrap_or(behind.len());
        if length >= TOKEN {
            masked.push('…');
        } else {
            masked.push_str(&behind[..length]);
        }
        rest = &behind[length..];
    }
    masked.push_str(rest);
    masked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_are_of_no_use_on_a_page() {
        assert_eq!(
            mask_links(
                "请点：\nhttps://pool.example.org/i/AZkLmNoPqRsTuVwXyZ0123456789_-abcdefghijklmno 。"
            ),
            "请点：\nhttps://pool.example.org/i/… 。"
        );
        assert_eq!(
            mask_links("https://pool.example.org/reset?t=AZkLmNoPqRsTuVwXyZ01234&n=1"),
            "https://pool.example.org/reset?t=…&n=1"
        );
        assert_eq!(
            mask_links("https://pool.example.org/training/2026"),
            "https://pool.example.org/training/2026"
        );
    }

    proptest! {
        #[test]
        fn no_token_survives(before in "\\PC{0,20}", token in "[A-Za-z0-9_-]{43,45}", behind in "[ 。\n?&]\\PC{0,20}") {
            let masked = mask_links(&format!("{before}/i/{token}{behind}"));
            prop_assert!(!masked.contains(&token));
        }
    }
}
