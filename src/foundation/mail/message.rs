//! A letter as the bytes that leave: built once, kept, and the same at every try.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use entity::ids::MailId;
use lettre::{
    Address, Message,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};

use super::{letter::Letter, render};
use crate::foundation::{
    calendar::{Party, invite},
    config::{MailConfig, OfficeConfig},
};

/// Why a letter cannot become a mail.
#[derive(Debug, thiserror::Error)]
pub enum Unsendable {
    /// A header would carry a line break or another control character.
    #[error("control character in {0}")]
    Control(&'static str),
    /// An address or a header that the builder refuses.
    #[error("{0}")]
    Malformed(String),
}

/// Everything that the bytes depend on, besides the letter.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// The mail; Message-ID and boundaries follow from it.
    pub id: MailId,
    /// Name of the recipient.
    pub name: &'a str,
    /// Address of the recipient.
    pub address: &'a str,
    /// The mail's date.
    pub date: DateTime<Utc>,
    /// Sender.
    pub sender: &'a MailConfig,
    /// Signature.
    pub office: &'a OfficeConfig,
}

/// The mail as bytes: text and HTML, and the calendar part where there is one, both as an
/// alternative (programs that know it show it in place) and attached (for those that do not).
///
/// # Errors
/// When a header would be unsound. Nothing is cleaned up silently: a name with a line break in it
/// is somebody's attempt or somebody's mistake.
pub fn freeze(letter: &Letter, envelope: &Envelope<'_>) -> Result<Vec<u8>, Unsendable> {
    let sender = envelope.sender;
    for (value, what) in [
        (letter.subject.as_str(), "the subject"),
        (envelope.name, "the recipient's name"),
        (sender.from_name.as_str(), "the sender's name"),
    ] {
        if value.chars().any(breaks_headers) {
            return Err(Unsendable::Control(what));
        }
    }
    let from: Address = parse(&sender.from_address)?;
    let domain = from.domain().to_owned();
    let mut builder = Message::builder()
        .from(Mailbox::new(Some(sender.from_name.clone()), from))
        .to(Mailbox::new(
            Some(envelope.name.to_owned()).filter(|name| !name.is_empty()),
            parse(envelope.address)?,
        ))
        .subject(letter.subject.clone())
        .date(SystemTime::from(envelope.date))
        .message_id(Some(format!("<mail-{}@{domain}>", envelope.id)))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("X-Auto-Response-Suppress", "All"));
    // Without https the one click would be no safer than any other (RFC 8058 3.1).
    if let Some(url) = letter
        .unsubscribe
        .as_ref()
        .filter(|url| url.starts_with("https://"))
    {
        builder = builder
            .raw_header(uri_header("List-Unsubscribe", url)?)
            .raw_header(header(
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click",
            ));
    }
    if !sender.reply_to.is_empty() {
        builder = builder.reply_to(Mailbox::new(None, parse(&sender.reply_to)?));
    }
    let html = render::html(letter, envelope.office)
        .map_err(|error| Unsendable::Malformed(error.to_string()))?;
    let mut body = MultiPart::alternative()
        .boundary(format!("alternative-{}", envelope.id))
        .singlepart(SinglePart::plain(render::text(letter, envelope.office)))
        .singlepart(SinglePart::html(html));
    if let Some(event) = &letter.calendar {
        let part = invite(
            event,
            &Party {
                name: sender.from_name.clone(),
                address: sender.from_address.clone(),
            },
            &Party {
                name: envelope.name.to_owned(),
                address: envelope.address.to_owned(),
            },
        );
        body = body.singlepart(
            SinglePart::builder()
                .header(content_type(&part.content_type())?)
                .body(part.text.clone()),
        );
        body = MultiPart::mixed()
            .boundary(format!("mixed-{}", envelope.id))
            .multipart(body)
            .singlepart(
                Attachment::new("invite.ics".to_owned())
                    .body(part.text, content_type("application/ics")?),
            );
    }
    let message = builder
        .multipart(body)
        .map_err(|error| Unsendable::Malformed(error.to_string()))?;
    Ok(message.formatted())
}

/// Characters that could begin a new header line in some program or other.
fn breaks_headers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

fn parse(address: &str) -> Result<Address, Unsendable> {
    address
        .parse()
        .map_err(|error| Unsendable::Malformed(format!("{address}: {error}")))
}

fn content_type(text: &str) -> Result<ContentType, Unsendable> {
    ContentType::parse(text).map_err(|error| Unsendable::Malformed(error.to_string()))
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// An address in angle brackets, on a line of its own: the usual encoder would break it.
fn uri_header(name: &'static str, url: &str) -> Result<HeaderValue, Unsendable> {
    if !url
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>')
    {
        return Err(Unsendable::Malformed(url.to_owned()));
    }
    let value = format!("<{url}>");
    Ok(HeaderValue::dangerous_new_pre_encoded(
        HeaderName::new_from_ascii_str(name),
        value.clone(),
        value,
    ))
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::foundation::{
        calendar::{Event, Status, When},
        config::Config,
        mail::read::{ReadMail, read},
    };

    fn letter() -> Letter {
        Letter::new("邀请：车规级芯片可靠性试验方法审查", "沈知行老师：您好！")
            .text("秘书处请您参加<专家组>。")
            .facts([("时间", "9月28日（周一）14:00"), ("地点", "")])
            .list(["稿件 & 编制说明"])
            .action("答复邀请", "https://pool.example.org/i/abc")
    }

    fn frozen(letter: &Letter, name: &str) -> Result<Vec<u8>, Unsendable> {
        let config = Config::load(None).unwrap();
        freeze(
            letter,
            &Envelope {
                id: MailId(Uuid::from_u128(7)),
                name,
                address: "shen@example.cn",
                date: Utc.with_ymd_and_hms(2026, 9, 16, 2, 30, 0).unwrap(),
                sender: &config.mail,
                office: &config.office,
            },
        )
    }

    fn with_event(status: Status) -> Letter {
        letter().calendar(Event {
            uid: "panel-7@pool".into(),
            sequence: 2,
            stamp: Utc.with_ymd_and_hms(2026, 9, 16, 2, 0, 0).unwrap(),
            when: When::Times {
                start: Utc.with_ymd_and_hms(2026, 9, 28, 6, 0, 0).unwrap(),
                end: Utc.with_ymd_and_hms(2026, 9, 28, 9, 0, 0).unwrap(),
            },
            zone: chrono_tz::Asia::Shanghai,
            status,
            summary: "审查会".into(),
            description: String::new(),
            location: "北京".into(),
            url: None,
        })
    }

    #[test]
    fn both_forms_say_the_same_and_markup_is_escaped() {
        let bytes = frozen(&letter(), "沈知行").unwrap();
        let mail = read(&bytes).unwrap();
        assert_eq!(mail.subject, "邀请：车规级芯片可靠性试验方法审查");
        assert_eq!(mail.to, "沈知行 <shen@example.cn>");
        let ReadMail { text, html, .. } = mail;
        for said in [
            "9月28日（周一）14:00",
            "https://pool.example.org/i/abc",
            "团体标准化发展联盟秘书处",
        ] {
            assert!(text.contains(said) && html.contains(said), "{said}");
        }
        assert!(text.contains("<专家组>") && html.contains("&#60;专家组&#62;"));
        assert!(!text.contains("地点"));
    }

    #[test]
    fn the_same_mail_is_the_same_bytes() {
        let bytes = frozen(&with_event(Status::Confirmed), "沈知行").unwrap();
        assert_eq!(
            bytes,
            frozen(&with_event(Status::Confirmed), "沈知行").unwrap()
        );
        let head = String::from_utf8(bytes).unwrap();
        assert!(
            head.contains("Message-ID: <mail-00000000-0000-0000-0000-000000000007@example.org>")
        );
        assert!(head.contains("Date: Wed, 16 Sep 2026 02:30:00 +0000"));
        assert!(head.contains("Auto-Submitted: auto-generated"));
        assert!(head.is_ascii() && head.lines().all(|line| line.len() <= 998));
    }

    #[test]
    fn optional_mails_name_their_way_out_and_duties_do_not() {
        let url = format!("https://pool.example.org/digest/{}", "a1-_".repeat(20));
        let source =
            |letter: &Letter| String::from_utf8(frozen(letter, "沈知行").unwrap()).unwrap();
        let optional = letter().optional(url.as_str());
        let head = source(&optional);
        assert!(head.contains(&format!("\r\nList-Unsubscribe: <{url}>\r\n")));
        assert!(head.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
        let ReadMail { text, html, .. } = read(head.as_bytes()).unwrap();
        assert!(text.ends_with(&format!("不再接收这类邮件：\n{url}\n")) && html.contains(&url));
        assert!(!source(&letter()).contains("List-Unsubscribe"));
        let plain = letter().optional("http://pool.example.org/digest/x");
        assert!(!source(&plain).contains("List-Unsubscribe"));
        for evil in ["https://a/>\r\nBcc: x@example.org", "https://a/ b"] {
            assert!(matches!(
                frozen(&letter().optional(evil), "x"),
                Err(Unsendable::Malformed(_))
            ));
        }
    }

    #[test]
    fn the_calendar_part_names_its_own_method() {
        for (status, method) in [
            (Status::Confirmed, "REQUEST"),
            (Status::Cancelled, "CANCEL"),
        ] {
            let bytes = frozen(&with_event(status), "沈知行").unwrap();
            let source = String::from_utf8(bytes.clone()).unwrap();
            assert!(source.contains(&format!("text/calendar; method={method}; charset=utf-8")));
            let calendar = read(&bytes).unwrap().calendar.unwrap();
            assert!(calendar.contains(&format!("METHOD:{method}\r\n")));
            assert!(calendar.contains("mailto:shen@example.cn"));
        }
    }

    #[test]
    fn no_name_or_subject_opens_a_header() {
        for evil in [
            "\r\nBcc: x@example.org",
            "a\nb",
            "a\rb",
            "a\0b",
            "a\u{2028}b",
            "a\u{2029}b",
        ] {
            assert!(matches!(
                frozen(&letter(), evil),
                Err(Unsendable::Control(_))
            ));
            let subject = Letter {
                subject: evil.into(),
                ..letter()
            };
            assert!(matches!(frozen(&subject, "x"), Err(Unsendable::Control(_))));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn no_text_adds_a_header(
            name in "[\\PC\r\n\t\u{0}\u{85}\u{2028},;:@<>\"\\\\=?_ .-]{0,40}|.{0,40}\r\n?(Bcc|To): x@example\\.org",
            subject in "[\\PC\r\n\u{2029}=?_ ]{0,120}|.{0,200}\n(\t| )?Bcc: x@example\\.org",
        ) {
            let letter = Letter::new(subject, "");
            let Ok(bytes) = frozen(&letter, &name) else {
                // Refused: nothing leaves at all.
                return Ok(());
            };
            let text = String::from_utf8(bytes).unwrap();
            let (head, _) = text.split_once("\r\n\r\n").unwrap();
            let mut names: Vec<_> = head
                .split("\r\n")
                .filter(|line| !line.starts_with([' ', '\t']))
                .map(|line| line.split_once(':').map_or(line, |(name, _)| name))
                .collect();
            names.sort_unstable();
            prop_assert_eq!(names, HEADERS);
            prop_assert!(head.is_ascii() && !head.contains("\n\n") && !head.replace("\r\n", "").contains(['\r', '\n']));
        }
    }

    /// The header fields of a mail without a reply address, sorted.
    const HEADERS: [&str; 9] = [
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
        "X-Auto-Response-Suppress",
    ];
}
