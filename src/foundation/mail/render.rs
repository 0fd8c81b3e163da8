//! A letter as plain text and as simple HTML. Both say the same.

use askama::Template as _;

use super::letter::{Block, Letter};
use crate::foundation::{config::OfficeConfig, error::Result};

/// Below every mail.
const FOOTER: &str = "本邮件由系统自动发出，其中的链接只供您本人使用，请勿转发。";

/// What leads to the end of optional mails.
const UNSUBSCRIBE: &str = "不再接收这类邮件";

#[derive(askama::Template)]
#[template(path = "foundation/mail/templates/letter.html")]
struct Page<'a> {
    letter: &'a Letter,
    office: &'a OfficeConfig,
    footer: &'static str,
    unsubscribe: &'static str,
}

/// The letter as an HTML document.
///
/// # Errors
/// When the template cannot be written.
pub fn html(letter: &Letter, office: &OfficeConfig) -> Result<String> {
    Ok(Page {
        letter,
        office,
        footer: FOOTER,
        unsubscribe: UNSUBSCRIBE,
    }
    .render()?)
}

/// The letter as text, lines ending in LF.
pub fn text(letter: &Letter, office: &OfficeConfig) -> String {
    let mut parts = vec![letter.greeting.clone()];
    for block in &letter.blocks {
        parts.push(match block {
            Block::Text(text) => text.clone(),
            Block::Facts(facts) => facts
                .iter()
                .map(|(label, value)| format!("{label}：{value}"))
                .collect::<Vec<_>>()
                .join("\n"),
            Block::List(items) => items
                .iter()
                .map(|item| format!("- {item}"))
                .collect::<Vec<_>>()
                .join("\n"),
        });
    }
    if let Some((label, url)) = &letter.action {
        parts.push(format!("{label}：\n{url}"));
    }
    let issuer = if office.agent.is_empty() {
        office.issuer.clone()
    } else {
        format!("{}（{}）", office.issuer, office.agent)
    };
    parts.push(format!("{issuer}\n电话 {}", office.phone));
    parts.push(FOOTER.to_owned());
    if let Some(url) = &letter.unsubscribe {
        parts.push(format!("{UNSUBSCRIBE}：\n{url}"));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}
