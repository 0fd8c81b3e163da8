//! `/mails/addresses`: addresses to which nothing is sent any more, and the way back.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::query;
use crate::{
    accounts::{
        Action, Desk, Owner,
        audit::{self, Entry},
        policy,
    },
    foundation::{
        context::Context,
        error::Result,
        mail::{reply_in_words, suppression},
        ui::{Shell, Submission, dates, page},
    },
    people::mask,
};

#[derive(Template)]
#[template(path = "operations/templates/addresses.html")]
struct AddressesPage {
    shell: Shell,
    rows: Vec<Line>,
    may_manage: bool,
}

struct Line {
    key: String,
    address: String,
    names: String,
    reason: String,
    since: String,
}

/// `GET /mails/addresses`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who may not see it.
pub async fn list(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    desk.actor
        .require(Action::ReadOperations, &Owner::ALLIANCE)?;
    let db = ctx.store.read();
    let known = suppression::all(db).await?;
    let addresses: Vec<_> = known.iter().map(|row| row.address.as_str()).collect();
    let names: HashMap<_, _> = query::names_at(db, &addresses).await?;
    Ok(page(&AddressesPage {
        may_manage: policy::allows(&desk.actor, Action::ManageOperations, &Owner::ALLIANCE),
        shell: desk.shell,
        rows: known
            .iter()
            .map(|row| Line {
                key: key(&row.address),
                address: mask::email(&row.address),
                names: names.get(&row.address).cloned().unwrap_or_default(),
                reason: reply_in_words(&row.reply),
                since: dates::moment(row.created_at, ctx.zone()),
            })
            .collect(),
    }))
}

/// `POST /mails/addresses/lift`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who may not do this.
pub async fn lift(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageOperations, &Owner::ALLIANCE)?;
    let wanted = fields.text("key");
    let known = suppression::all(ctx.store.read()).await?;
    let row = known.iter().find(|row| key(&row.address) == wanted);
    // Somebody else may have been quicker: then it is done already.
    if let Some(row) = row {
        let tx = ctx.store.begin().await?;
        if suppression::lift(&tx, &row.address).await? {
            let entry = Entry {
                actor: Some(desk.actor.person),
                action: "mail.address_trusted",
                subject_kind: "suppressed_address",
                subject_id: None,
                details: json!({ "address": mask::email(&row.address) }),
            };
            audit::record(&tx, entry).await?;
        }
        tx.commit().await?;
    }
    Ok(Redirect::to("/mails/addresses?done=address_trusted").into_response())
}

/// Names an address in a form without showing it.
fn key(address: &str) -> String {
    Sha256::digest(address)[..12]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
