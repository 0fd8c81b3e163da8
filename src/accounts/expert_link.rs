//! An expert's own session: no password, but a one-use link to the address that is known. Opening
//! the link changes nothing; the button on its page begins a short session.

use axum_extra::extract::cookie::Cookie;
use chrono::Duration;
use entity::{person, ticket::TicketPurpose};
use serde_json::json;

use super::{Faces, audit, limits::Tries, mails::ExpertLink, sessions, tickets};
use crate::{
    foundation::{
        context::Context,
        error::Result,
        mail::{About, Options, Recipient, Template, outbox},
    },
    people::{self, contact_data},
};

/// Mails a link, if the address or mobile number is that of an expert. The caller learns nothing
/// about that.
///
/// # Errors
/// When the service itself fails.
pub(super) async fn ask(ctx: &Context, faces: &Faces, contact: &str, address: &str) -> Result<()> {
    let email = contact_data::email(contact).ok().flatten();
    let mobile = contact_data::mobile(contact).ok().flatten();
    let target = email.as_deref().or(mobile.as_deref()).unwrap_or(contact);
    let tries = Tries::of(ctx, "expert", target, address);
    if tries.minutes_to_wait(ctx).await?.is_some() {
        return Ok(());
    }
    let expert = find(ctx, faces, email.as_deref(), mobile.as_deref()).await?;
    let tx = ctx.store.begin().await?;
    tries.count(&tx).await?;
    if let Some(person) = expert {
        let purpose = TicketPurpose::ExpertSession;
        let lifetime = Duration::minutes(ctx.config.accounts.reset_minutes);
        people::lock(&tx, person.id).await?;
        let secret = tickets::issue(&tx, purpose, person.id, "", lifetime).await?;
        let until = tx.now() + lifetime;
        let to = Recipient {
            person: Some(person.id),
            name: person.name,
            address: person.email,
        };
        let about = About {
            subject: person.id.0,
            generation: tickets::count(&tx, purpose, person.id).await?,
            cause: "专家申请登录链接".to_owned(),
        };
        let options = Options {
            urgent: true,
            expires_at: Some(until),
            ..Options::default()
        };
        outbox::cancel(&tx, ExpertLink::KIND, person.id.0).await?;
        let template = ExpertLink { secret, until };
        outbox::enqueue(&tx, &to, &about, options, &template).await?;
    }
    tx.commit().await
}

/// The expert behind an address or number; the newest where a person was kept twice.
async fn find(
    ctx: &Context,
    faces: &Faces,
    email: Option<&str>,
    mobile: Option<&str>,
) -> Result<Option<person::Model>> {
    for person in people::duplicates(ctx.store.read(), email, mobile).await? {
        if faces.experts.is_expert(ctx, person.id).await? {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

/// Uses the link up and begins the session.
///
/// # Errors
/// As [`tickets::redeem`].
pub(super) async fn enter(ctx: &Context, secret: &str, browser: &str) -> Result<Cookie<'static>> {
    let tx = ctx.store.begin().await?;
    let ticket = tickets::redeem(&tx, TicketPurpose::ExpertSession, secret).await?;
    let cookie = sessions::start(
        &tx,
        &ctx.config,
        ticket.person_id,
        None,
        browser,
        ctx.config.accounts.session_hours,
    )
    .await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(ticket.person_id),
            action: "accounts.expert_entered",
            subject_kind: "person",
            subject_id: Some(ticket.person_id.0),
            details: json!({}),
        },
    )
    .await?;
    tx.commit().await?;
    Ok(cookie)
}
