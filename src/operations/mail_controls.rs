//! What the office does with mails: hold, release, retry, send now.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{MailId, PersonId},
    mail,
};
use serde_json::json;

use super::mails::address;
use crate::{
    accounts::{
        Action, Desk, Owner,
        audit::{self, Entry},
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        mail::control::{self, Control},
        store::WriteTx,
        ui::{Fields, Submission},
    },
};

/// (word of the address, what the button says) of everything that fits the mail.
pub(super) fn controls(ctx: &Context, row: &mail::Model) -> Vec<(&'static str, &'static str)> {
    CONTROLS
        .iter()
        .filter(|(control, ..)| control::fits(row, *control, ctx.now()))
        .map(|(_, word, button, ..)| (*word, *button))
        .collect()
}

/// Control, word of the address, button, what is said afterwards, what the audit trail says.
const CONTROLS: &[(Control, &str, &str, &str, &str)] = &[
    (
        Control::Release,
        "release",
        "放行",
        "released",
        "mail.released",
    ),
    (Control::Retry, "retry", "重试", "retried", "mail.retried"),
    (
        Control::SendNow,
        "send-now",
        "现在发",
        "retried",
        "mail.sent_now",
    ),
    (Control::Hold, "hold", "暂缓", "held", "mail.held"),
];

/// `POST /mails/{id}/{control}`
///
/// # Errors
/// [`Error::NotFound`] for people who may not do this, a conflict when the mail has moved on.
pub async fn one(
    State(ctx): State<Context>,
    Path((id, word)): Path<(MailId, String)>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageOperations, &Owner::ALLIANCE)?;
    let (wanted, _, _, done, action) = CONTROLS
        .iter()
        .find(|(_, known, ..)| *known == word)
        .ok_or(Error::NotFound)?;
    let mut errors = FieldErrors::default();
    let reason = fields.optional("reason", 60, &mut errors);
    errors.into_result(())?;
    let by = if reason.is_empty() {
        desk.actor.name.clone()
    } else {
        format!("{}：{reason}", desk.actor.name)
    };
    let tx = ctx.store.begin().await?;
    control::apply(&tx, id, *wanted, &by).await?;
    let entry = Entry {
        actor: Some(desk.actor.person),
        action,
        subject_kind: "mail",
        subject_id: Some(id.0),
        details: json!({ "reason": reason }),
    };
    audit::record(&tx, entry).await?;
    tx.commit().await?;
    Ok(back_to(&fields, done))
}

/// `POST /mails/hold-all`
///
/// # Errors
/// [`Error::NotFound`] for people who may not do this.
pub async fn hold_all(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageOperations, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let count = control::hold_all(&tx, &desk.actor.name).await?;
    record_all(&tx, desk.actor.person, "mail.held_all", count).await?;
    tx.commit().await?;
    Ok(back_to(&fields, "held"))
}

/// `POST /mails/release-all`
///
/// # Errors
/// [`Error::NotFound`] for people who may not do this.
pub async fn release_all(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageOperations, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let count = control::release_all(&tx).await?;
    record_all(&tx, desk.actor.person, "mail.released_all", count).await?;
    tx.commit().await?;
    Ok(back_to(&fields, "released"))
}

async fn record_all(tx: &WriteTx, actor: PersonId, action: &'static str, count: u64) -> Result<()> {
    let entry = Entry {
        actor: Some(actor),
        action,
        subject_kind: "mail",
        subject_id: None,
        details: json!({ "count": count }),
    };
    audit::record(tx, entry).await?;
    Ok(())
}

/// To the page of mails that the form came from, saying what was done.
fn back_to(fields: &Fields, done: &str) -> Response {
    let back = fields.text("back");
    let (path, query) = back.split_once('?').unwrap_or((back, ""));
    let one = path.strip_prefix("/mails/").and_then(|id| id.parse().ok());
    let place = match one {
        Some(MailId(id)) => format!("/mails/{id}?"),
        None => {
            let list = address(&Fields::from_urlencoded(query.as_bytes()), &[]);
            if list.ends_with('?') {
                list
            } else {
                list + "&"
            }
        }
    };
    Redirect::to(&format!("{place}done={done}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_leads_to_mails_only() {
        for (back, place) in [
            (
                "/mails?show=held&page=2&done=held",
                "/mails?show=held&page=2&done=released",
            ),
            ("/mails?", "/mails?done=released"),
            ("//evil.example.org/?q=1", "/mails?q=1&done=released"),
            ("/mails/../sign-out", "/mails?done=released"),
            (
                "/mails/00000000-0000-0000-0000-000000000007",
                "/mails/00000000-0000-0000-0000-000000000007?done=released",
            ),
        ] {
            let response = back_to(&Fields::default().with("back", back), "released");
            assert_eq!(response.headers()["location"], place);
        }
    }
}
