//! `/dev/mailbox`: the mails of a demonstration, read as their recipients would. Not there when mails
//! really leave.

use std::{net::IpAddr, path::PathBuf};

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use entity::ids::MailId;

use super::query::PAGE;
use crate::{
    accounts::{Action, Owner, Visitor, policy},
    foundation::{
        config::MailTransport,
        context::Context,
        error::{Error, Result},
        mail::{ReadMail, file_name, read},
        ui::{Fields, Shell, dates, page},
    },
};

/// What the browser may do with a shown mail: its own styles, and links that open in a new tab.
const SANDBOX: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
);

#[derive(Template)]
#[template(path = "operations/templates/mailbox.html")]
struct MailboxPage {
    shell: Shell,
    rows: Vec<Line>,
    total: usize,
    previous: Option<usize>,
    following: Option<usize>,
}

struct Line {
    id: MailId,
    to: String,
    subject: String,
    at: String,
}

/// `GET /dev/mailbox`
///
/// # Errors
/// [`Error::NotFound`] where there is no mailbox, or it is not for this visitor.
pub async fn list(
    State(ctx): State<Context>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response> {
    enter(&ctx, &visitor)?;
    let mut ids: Vec<MailId> = Vec::new();
    let mut folder = tokio::fs::read_dir(&ctx.config.mail.mailbox).await?;
    while let Some(entry) = folder.next_entry().await? {
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".eml"));
        ids.extend(id.and_then(|id| id.parse::<MailId>().ok()));
    }
    // Ids are ordered by the time of queueing.
    ids.sort_unstable_by(|a, b| b.cmp(a));
    let number: usize = fields.text("page").parse().unwrap_or(1).max(1);
    let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let mut rows = Vec::new();
    for id in ids.iter().skip((number - 1) * size).take(size) {
        let mail = open(&ctx, *id).await?;
        rows.push(Line {
            id: *id,
            to: mail.to,
            subject: mail.subject,
            at: mail
                .date
                .map_or_else(String::new, |date| dates::moment(date, ctx.zone())),
        });
    }
    Ok(page(&MailboxPage {
        shell: visitor.shell,
        rows,
        total: ids.len(),
        previous: (number > 1).then(|| number - 1),
        following: (number * size < ids.len()).then(|| number + 1),
    }))
}

#[derive(Template)]
#[template(path = "operations/templates/mailbox_mail.html")]
struct MailboxMailPage {
    shell: Shell,
    id: MailId,
    mail: ReadMail,
    at: String,
    links: Vec<String>,
}

/// `GET /dev/mailbox/{id}`
///
/// # Errors
/// As [`list`].
pub async fn show(
    State(ctx): State<Context>,
    Path(id): Path<MailId>,
    visitor: Visitor,
) -> Result<Response> {
    enter(&ctx, &visitor)?;
    let mail = open(&ctx, id).await?;
    Ok(page(&MailboxMailPage {
        shell: visitor.shell,
        id,
        at: mail
            .date
            .map_or_else(String::new, |date| dates::moment(date, ctx.zone())),
        links: own_links(&mail.text, &ctx.config.server.public_url),
        mail,
    }))
}

/// `GET /dev/mailbox/{id}/html`: the HTML part alone, in a sandbox.
///
/// # Errors
/// As [`list`].
pub async fn html(
    State(ctx): State<Context>,
    Path(id): Path<MailId>,
    visitor: Visitor,
) -> Result<Response> {
    enter(&ctx, &visitor)?;
    let mail = open(&ctx, id).await?;
    let page = mail
        .html
        .replacen("<head>", "<head><base target=\"_blank\">", 1);
    let mut response = Html(page).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    Ok(response)
}

/// On this machine everybody may look; elsewhere only who may read the mailbox, since its mails open
/// accounts.
fn enter(ctx: &Context, visitor: &Visitor) -> Result<()> {
    let actor_may = visitor
        .actor
        .as_ref()
        .is_some_and(|actor| policy::allows(actor, Action::ReadMailbox, &Owner::ALLIANCE));
    let mailbox = ctx.config.mail.transport == MailTransport::Mailbox;
    if mailbox && (is_loopback(&ctx.config.server.public_url) || actor_may) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Whether only this machine reaches the address.
fn is_loopback(url: &str) -> bool {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest);
    let host = match rest.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => rest.split([':', '/']).next(),
    }
    .unwrap_or_default();
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

async fn open(ctx: &Context, id: MailId) -> Result<ReadMail> {
    let path = PathBuf::from(&ctx.config.mail.mailbox).join(file_name(id));
    let bytes = match tokio::fs::read(path).await {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::NotFound),
        Err(error) => return Err(error.into()),
    };
    read(&bytes).ok_or_else(|| Error::internal(format!("mail {id} in the mailbox is none")))
}

/// Links of this service in the text, once each, as paths.
fn own_links(text: &str, public_url: &str) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || !c.is_ascii()) {
        if let Some(path) = word
            .strip_prefix(public_url)
            .filter(|path| path.starts_with('/'))
            && !links.iter().any(|known| known == path)
        {
            links.push(path.to_owned());
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for url in [
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://[::1]:80",
        ] {
            assert!(is_loopback(url), "{url}");
        }
        for url in [
            "https://pool.example.org",
            "http://192.168.1.5:8080",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
        ] {
            assert!(!is_loopback(url), "{url}");
        }
    }

    #[test]
    fn links_of_the_service_are_found_once() {
        let text = "请点：\nhttp://127.0.0.1:8080/i/abc\n或http://127.0.0.1:8080/i/abc，http://127.0.0.1:8080.evil.example.org/x";
        assert_eq!(own_links(text, "http://127.0.0.1:8080"), ["/i/abc"]);
    }
}
