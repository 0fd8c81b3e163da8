//! `/mails/{id}`: one mail with its text, links hidden.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::{
    ids::MailId,
    mail::{self, MailState},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::mails::{Line, line, people_of, quiet_until};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::{Error, Result},
        mail::{BOUNCED, LetterDesk, Registry, mask_links, read, text},
        ui::{Shell, dates, page},
    },
    people::mask,
};

#[derive(Template)]
#[template(path = "operations/templates/mail.html")]
struct MailPage {
    shell: Shell,
    line: Line,
    may_hold: bool,
    back: String,
    not_before: String,
    sent_at: String,
    last_reply: String,
    body: Option<String>,
    frozen: bool,
}

/// `GET /mails/{id}`
///
/// # Errors
/// [`Error::NotFound`] for people who may not see it, and for mails that nobody sees.
pub async fn show(
    State(ctx): State<Context>,
    State(registry): State<Arc<Registry>>,
    Path(id): Path<MailId>,
    desk: Desk,
) -> Result<Response> {
    desk.actor
        .require(Action::ReadOperations, &Owner::ALLIANCE)?;
    let row = mail::Entity::find_by_id(id)
        .filter(mail::Column::ConfidentialLinks.eq(false))
        .one(ctx.store.read())
        .await?
        .ok_or(Error::NotFound)?;
    let body = body(&ctx, &registry, &row).map(|body| mask_links(&body));
    let frozen = row.bytes.is_some();
    let moment = |instant: Option<_>| {
        instant.map_or_else(String::new, |instant| dates::moment(instant, ctx.zone()))
    };
    let waits = matches!(row.state, MailState::Ready | MailState::Deferred);
    let not_before = moment(Some(row.not_before).filter(|_| waits));
    let sent_at = moment(row.sent_at);
    let last_reply = said_by_server(&row);
    let people = people_of(&ctx, std::slice::from_ref(&row)).await?;
    let person = row.person_id.and_then(|id| people.get(&id));
    let may_manage = policy::allows(&desk.actor, Action::ManageOperations, &Owner::ALLIANCE);
    let mut line = line(&ctx, &registry, row, person, quiet_until(&ctx)?, may_manage);
    let may_hold = line.controls.iter().any(|(word, _)| *word == "hold");
    line.controls.retain(|(word, _)| *word != "hold");
    Ok(page(&MailPage {
        shell: desk.shell,
        may_hold,
        back: format!("/mails/{id}"),
        line,
        not_before,
        sent_at,
        last_reply,
        body,
        frozen,
    }))
}

/// The text of the mail: as it left, or as it would leave now; none once it is blanked.
fn body(ctx: &Context, registry: &Registry, row: &mail::Model) -> Option<String> {
    if let Some(bytes) = &row.bytes {
        return read(bytes).map(|mail| mail.text);
    }
    let desk = LetterDesk {
        links: &ctx.links,
        office: &ctx.config.office,
        zone: ctx.zone(),
        recipient: &row.recipient_name,
        now: ctx.now(),
    };
    let letter = registry.letter(&row.kind, &row.facts, &desk).ok()?;
    Some(text(&letter, &ctx.config.office))
}

/// The server's own words, where there are some; the address in them is masked.
fn said_by_server(row: &mail::Model) -> String {
    let kept = row.last_reply.as_deref().unwrap_or_default();
    let reply = kept.strip_prefix(BOUNCED).unwrap_or(kept).trim_start();
    let by_server = reply.starts_with(|c: char| c.is_ascii_digit());
    match &row.address {
        _ if !by_server => String::new(),
        Some(address) => reply.replace(address.as_str(), &mask::email(address)),
        None => reply.to_owned(),
    }
}
