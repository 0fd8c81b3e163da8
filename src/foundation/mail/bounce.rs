//! Mails that come back: a delivery status report (RFC 3464) says that a mail which the server had taken
//! could not be delivered. Only such reports are read, never the words of a person or an
//! automatic answer, and nothing is ever written back.

use entity::{
    ids::MailId,
    mail::{self, MailState},
};
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use sea_orm::{ActiveValue::Set, EntityTrait, QuerySelect};
use uuid::Uuid;

use super::{
    suppression::suppress,
    verdict::{BOUNCED, throttles},
};
use crate::foundation::{config::MailConfig, error::Result, store::WriteTx};

/// Largest report that is read; servers return the header of the mail, or all of it.
pub const MAX_BYTES: u64 = 40 * 1024 * 1024;

/// What a report says of one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The mail that it is about.
    pub mail: MailId,
    /// Whom it did not reach, in lower case: the recipient as first written, or the last one known.
    pub recipients: Vec<String>,
    /// `failed`, `delayed`, `delivered`, `relayed` or `expanded`.
    pub action: String,
    /// Three numbers with dots (RFC 3463).
    pub status: String,
    /// The reply of the last server, one line; may be empty.
    pub diagnostic: String,
}

/// What a report means for its mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing has been decided yet, or it has arrived.
    Nothing,
    /// It has not arrived and will not.
    Failed {
        /// The address does not exist, so that nothing more is sent there.
        dead_address: bool,
    },
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// It changes nothing: of a mail that is not ours or is noted already, or not a failure.
    Nothing,
    /// The mail stands as failed now.
    Failed {
        /// The mail.
        mail: MailId,
        /// Nothing more is sent to its address.
        suppressed: bool,
    },
}

/// The envelope sender of a mail: where it comes back to. With `{id}` in `mail.bounce_address` each
/// mail has its own, so that its report is known even where the server returns nothing of it.
pub fn envelope_sender(config: &MailConfig, mail: MailId) -> String {
    if config.bounce_address.is_empty() {
        config.from_address.clone()
    } else {
        let id = mail.0.simple().to_string();
        config.bounce_address.replace("{id}", &id)
    }
}

/// Reads a report about one of our mails; `None` when it is none.
pub fn read_report(bytes: &[u8], config: &MailConfig) -> Option<Report> {
    let message = MessageParser::default().parse(bytes)?;
    let kind = message.content_type()?;
    let is_report = kind.ctype() == "multipart"
        && kind
            .subtype()
            .is_some_and(|sub| sub.eq_ignore_ascii_case("report"))
        && kind
            .attribute("report-type")
            .is_some_and(|of| of.eq_ignore_ascii_case("delivery-status"));
    if !is_report {
        return None;
    }
    let mail = returned(&message, config).or_else(|| addressed(&message, config))?;
    let status = message.parts.iter().find(|part| {
        part.content_type().is_some_and(|kind| {
            kind.ctype() == "message"
                && kind
                    .subtype()
                    .is_some_and(|sub| sub.ends_with("delivery-status"))
        })
    })?;
    let text = String::from_utf8_lossy(status.contents()).into_owned();
    // One recipient a mail: the group that failed is the one that counts.
    let groups: Vec<_> = groups(&text)
        .into_iter()
        .filter(|group| value(group, "action").is_some())
        .collect();
    let failed = |group: &&Vec<Field>| value(group, "action") == Some("failed");
    let group = groups.iter().find(failed).or(groups.first())?;
    Some(Report {
        mail,
        recipients: ["original-recipient", "final-recipient"]
            .iter()
            .filter_map(|name| value(group, name))
            .map(|value| behind_type(value).to_lowercase())
            .collect(),
        action: value(group, "action")?.to_lowercase(),
        status: value(group, "status")
            .and_then(|status| status.split_whitespace().next())
            .unwrap_or_default()
            .to_owned(),
        diagnostic: value(group, "diagnostic-code")
            .map(|code| behind_type(code).to_owned())
            .unwrap_or_default(),
    })
}

/// What the report means.
pub fn meaning(report: &Report) -> Meaning {
    if report.action != "failed" {
        return Meaning::Nothing;
    }
    let status = report.status.as_str();
    // What lies with the mailbox's room, the server, the content or its policy says nothing of the
    // address: a mail of another day may pass.
    let of_the_mail = ["5.2.2", "5.2.3", "5.3.", "5.6.", "5.7."]
        .iter()
        .any(|begin| status.starts_with(begin));
    let dead_address =
        status.starts_with("5.") && !of_the_mail && !throttles(&report.diagnostic.to_lowercase());
    Meaning::Failed { dead_address }
}

/// Notes what the report means at its mail, and at its address where that does not exist. The same
/// report again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn note(tx: &WriteTx, report: &Report) -> Result<Noted> {
    let Meaning::Failed { dead_address } = meaning(report) else {
        return Ok(Noted::Nothing);
    };
    let row = mail::Entity::find_by_id(report.mail)
        .lock_exclusive()
        .one(tx.db())
        .await?;
    let Some(row) = row else {
        return Ok(Noted::Nothing);
    };
    // One that never left cannot have come back; one on its way again is decided by that try.
    let left = row.state == MailState::Sent || row.maybe_delivered;
    let settled = matches!(row.state, MailState::Leased | MailState::Failed);
    let Some(address) = row.address.clone().filter(|_| left && !settled) else {
        return Ok(Noted::Nothing);
    };
    let line = line(report);
    let suppressed = dead_address && concerns(report, &address);
    let mail = row.id;
    mail::Entity::update(mail::ActiveModel {
        state: Set(MailState::Failed),
        last_reply: Set(Some(format!("{BOUNCED} {line}"))),
        updated_at: Set(tx.now()),
        ..row.into()
    })
    .exec(tx.db())
    .await?;
    if suppressed {
        suppress(tx, &address, &line).await?;
    }
    Ok(Noted::Failed { mail, suppressed })
}

/// Whether the report is about the address that we wrote to, and not about one to which its owner has
/// mails forwarded.
fn concerns(report: &Report, address: &str) -> bool {
    let address = address.to_lowercase();
    report.recipients.is_empty() || report.recipients.contains(&address)
}

/// The report in a line, as replies of a server are kept: three digits, the finer code, the words.
fn line(report: &Report) -> String {
    let said = report.diagnostic.trim();
    let digits = said
        .get(..3)
        .is_some_and(|code| code.parse::<u16>().is_ok());
    let general = match report.status.get(..1) {
        Some("4") => 450,
        _ => 550,
    };
    let line = if digits {
        said.to_owned()
    } else {
        format!("{general} {} {said}", report.status)
    };
    line.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(300)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The mail by the Message-ID in what was returned of it.
fn returned(message: &Message<'_>, config: &MailConfig) -> Option<MailId> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => by_message_id(inner.message_id()?, config),
        _ => {
            let kind = part.content_type()?;
            let headers = kind.ctype() == "text"
                && kind
                    .subtype()
                    .is_some_and(|sub| sub.eq_ignore_ascii_case("rfc822-headers"));
            if !headers {
                return None;
            }
            let inner = MessageParser::default().parse_headers(part.contents())?;
            by_message_id(inner.message_id()?, config)
        }
    })
}

/// `mail-ID@domain`, as [`super::message`] writes it.
fn by_message_id(id: &str, config: &MailConfig) -> Option<MailId> {
    let (id, domain) = id.trim_matches(['<', '>']).rsplit_once('@')?;
    let own = config.from_address.rsplit('@').next()?;
    let id = id
        .strip_prefix("mail-")
        .filter(|_| domain.eq_ignore_ascii_case(own))?;
    Uuid::parse_str(id).ok().map(MailId)
}

/// The mail by the address to which the report was sent.
fn addressed(message: &Message<'_>, config: &MailConfig) -> Option<MailId> {
    let (before, behind) = config.bounce_address.split_once("{id}")?;
    let to = message.to()?.first()?.address()?.to_lowercase();
    let id = to
        .strip_prefix(&before.to_lowercase())?
        .strip_suffix(&behind.to_lowercase())?;
    Uuid::parse_str(id).ok().map(MailId)
}

type Field = (String, String);

/// Groups of fields with empty lines between them; continued lines are joined.
fn groups(text: &str) -> Vec<Vec<Field>> {
    let mut groups: Vec<Vec<Field>> = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            groups.push(Vec::new());
            continue;
        }
        let Some(group) = groups.last_mut() else {
            continue;
        };
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = group.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            group.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    groups
}

fn value<'a>(group: &'a [Field], name: &str) -> Option<&'a str> {
    group
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

/// `rfc822; shen@example.cn` without its type.
fn behind_type(value: &str) -> &str {
    value
        .split_once(';')
        .map_or(value, |(_, value)| value)
        .trim()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::foundation::config::Config;

    fn config() -> MailConfig {
        let mut config = Config::load(None).unwrap().mail;
        config.bounce_address = "Bounce+{id}@example.org".into();
        config
    }

    /// A report as Postfix writes one.
    fn report(to: &str, status: &str, returned: &str) -> String {
        [
            "From: MAILER-DAEMON@mx.example.cn (Mail Delivery System)",
            &format!("To: {to}"),
            "Subject: Undelivered Mail Returned to Sender",
            "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=delivery-status;",
            "\tboundary=\"x/y\"",
            "",
            "--x/y",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "Your message could not be delivered. <mail-00000000-0000-0000-0000-000000000009@example.org>",
            "",
            "--x/y",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example.cn",
            "Arrival-Date: Wed, 16 Sep 2026 02:30:00 +0000 (UTC)",
            "",
            status,
            "",
            "--x/y",
            returned,
            "",
            "--x/y--",
            "",
        ]
        .join("\r\n")
    }

    const GONE: &str = "Final-Recipient: rfc822; Shen@example.cn\r\nOriginal-Recipient: rfc822;shen@example.cn\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mail.example.cn\r\nDiagnostic-Code: smtp; 550 5.1.1 <shen@example.cn>:\r\n    no such user";
    const HEADERS: &str = "Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-ID: <mail-00000000-0000-0000-0000-000000000007@example.org>\r\n";
    const WHOLE: &str = "Content-Type: message/rfc822\r\n\r\nSubject: x\r\nMessage-ID:\r\n <mail-00000000-0000-0000-0000-000000000007@example.org>\r\n\r\nbody";

    fn read(text: &str) -> Option<Report> {
        read_report(text.as_bytes(), &config())
    }

    #[test]
    fn a_report_names_its_mail_by_what_was_returned_or_by_its_address() {
        let seven = MailId(Uuid::from_u128(7));
        for returned in [HEADERS, WHOLE] {
            let said = read(&report("secretariat@example.org", GONE, returned)).unwrap();
            assert_eq!(
                said,
                Report {
                    mail: seven,
                    recipients: vec!["shen@example.cn".into(), "shen@example.cn".into()],
                    action: "failed".into(),
                    status: "5.1.1".into(),
                    diagnostic: "550 5.1.1 <shen@example.cn>: no such user".into(),
                }
            );
        }
        let own = envelope_sender(&config(), seven);
        assert_eq!(own, "Bounce+00000000000000000000000000000007@example.org");
        let nothing = "Content-Type: text/plain\r\n\r\nnot returned";
        let said = read(&report(&own.to_lowercase(), GONE, nothing)).unwrap();
        assert_eq!(said.mail, seven);
        assert_eq!(
            envelope_sender(&Config::load(None).unwrap().mail, seven),
            "secretariat@example.org"
        );
    }

    #[test]
    fn what_is_no_report_about_our_mail_is_not_read() {
        let foreign = HEADERS.replace("@example.org", "@elsewhere.example");
        assert_eq!(read(&report("x@example.org", GONE, &foreign)), None);
        let forged = HEADERS.replace("mail-0", "mail-z");
        assert_eq!(read(&report("x@example.org", GONE, &forged)), None);
        let answer =
            report("x@example.org", GONE, HEADERS).replace("multipart/report", "multipart/mixed");
        assert_eq!(read(&answer), None);
        let receipt = report("x@example.org", GONE, HEADERS).replace(
            "report-type=delivery-status",
            "report-type=disposition-notification",
        );
        assert_eq!(read(&receipt), None);
        assert_eq!(
            read("Subject: 550 5.1.1 mail-7\r\n\r\nStatus: 5.1.1\r\nAction: failed\r\n"),
            None
        );
        assert_eq!(read(""), None);
    }

    #[test]
    fn only_a_final_failure_counts_and_only_a_missing_address_is_noted() {
        let failed = |dead_address| Meaning::Failed { dead_address };
        for (action, status, diagnostic, means) in [
            ("failed", "5.1.1", "550 5.1.1 no such user", failed(true)),
            ("failed", "5.0.0", "550 Mailbox not found", failed(true)),
            ("failed", "5.4.4", "", failed(true)),
            ("failed", "5.2.2", "552 5.2.2 full", failed(false)),
            ("failed", "5.7.1", "550 5.7.1 spam", failed(false)),
            (
                "failed",
                "5.0.0",
                "550 Connection frequency limited",
                failed(false),
            ),
            ("failed", "4.4.7", "expired", failed(false)),
            ("failed", "", "", failed(false)),
            ("delayed", "5.1.1", "", Meaning::Nothing),
            ("delayed", "4.4.1", "", Meaning::Nothing),
            ("delivered", "2.0.0", "", Meaning::Nothing),
            ("relayed", "2.0.0", "", Meaning::Nothing),
        ] {
            let said = Report {
                mail: MailId(Uuid::from_u128(7)),
                recipients: Vec::new(),
                action: action.into(),
                status: status.into(),
                diagnostic: diagnostic.into(),
            };
            assert_eq!(meaning(&said), means, "{action} {status} {diagnostic}");
        }
    }

    #[test]
    fn a_forwarded_address_says_nothing_of_ours() {
        let said = read(&report(
            "x@example.org",
            &GONE.to_lowercase().replace("shen@", "other@"),
            HEADERS,
        ))
        .unwrap();
        assert!(!concerns(&said, "Shen@example.cn") && concerns(&said, "Other@example.cn"));
        assert_eq!(line(&said), "550 5.1.1 <other@example.cn>: no such user");
        let bare = Report {
            diagnostic: "x-unix; user\tunknown".into(),
            ..said
        };
        assert_eq!(line(&bare), "550 5.1.1 x-unix; user unknown");
    }

    proptest! {
        #[test]
        fn no_input_breaks_the_reader(cut in 0_usize..1500, byte in any::<u8>(), noise in ".{0,200}") {
            let mut bytes = report("x@example.org", GONE, HEADERS).into_bytes();
            let at = cut % bytes.len();
            bytes[at] = byte;
            read_report(&bytes, &config());
            bytes.truncate(at);
            bytes.extend_from_slice(noise.as_bytes());
            read_report(&bytes, &config());
        }
    }
}
