//! What the secretariat does with a request: take it in, send it back, or not take it in.

use entity::{
    consultation,
    ids::{ConsultationId, PersonId},
};
use sea_orm::ActiveValue::Set;

use super::{
    events::{self, note},
    filing::Filing,
    panel_facts,
    rules::{self, Step},
    store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
    },
    panels::{self, NewPanel},
    units,
};

/// Takes a request in: its panel is opened and waits for the next match. `domains` and `keywords`
/// complete what the requester left to the secretariat.
///
/// # Errors
/// A refusal when the state does not fit.
pub async fn accept(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    domains: Vec<String>,
    keywords: Vec<String>,
    urgent: bool,
) -> Result<()> {
    let known = store::get(ctx.store.read(), id).await?;
    let unit = units::get(ctx.store.read(), known.unit_id).await?;
    let all_units = units::all(ctx.store.read()).await?;
    let contacts = units::contacts(ctx.store.read(), unit.id).await?;
    let wishes = panel_facts::wishes(ctx, &Filing::of(&known)).await?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    if row.version != known.version {
        return Err(Error::Conflict(Refusal::new(
            "consultations.changed_elsewhere",
        )));
    }
    let state = rules::next(row.state, Step::Accept)?;
    let mut next: consultation::ActiveModel = row.into();
    next.state = Set(state);
    next.domains = Set(domains.into());
    next.keywords = Set(keywords.into());
    next.accepted_at = Set(Some(tx.now()));
    next.accepted_by = Set(Some(by));
    next.updated_at = Set(tx.now());
    let row = store::update(&tx, next).await?;
    let contact = contacts
        .iter()
        .find(|contact| contact.person.id == row.filed_by)
        .or(contacts.first());
    let filing = Filing::of(&row);
    let panel = panels::open(
        &tx,
        &NewPanel {
            owner_kind: "consultation",
            owner_id: row.id.0,
            number: row.number.clone().unwrap_or_default(),
            facts: panel_facts::facts(ctx, &row, &unit, contact, urgent),
            recusals: panel_facts::recusals(&filing, &all_units),
            wishes,
        },
    )
    .await?;
    let mut next: consultation::ActiveModel = row.into();
    next.panel_id = Set(Some(panel));
    let row = store::update(&tx, next).await?;
    let text = if urgent { "加急" } else { "" };
    note(&tx, &row, Some(by), events::ACCEPTED, text).await?;
    tx.commit().await
}

/// Sends a request back to be completed, with the reason.
///
/// # Errors
/// A refusal when the reason is missing or the state does not fit.
pub async fn send_back(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    reason: &str,
) -> Result<()> {
    decide(ctx, id, by, Step::SendBack, events::RETURNED, reason).await
}

/// Does not take a request in, with the reason.
///
/// # Errors
/// A refusal when the reason is missing or the state does not fit.
pub async fn refuse(ctx: &Context, id: ConsultationId, by: PersonId, reason: &str) -> Result<()> {
    decide(ctx, id, by, Step::Refuse, events::REFUSED, reason).await
}

async fn decide(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    step: Step,
    code: &'static str,
    reason: &str,
) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::new("consultations.text_needed").into());
    }
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let state = rules::next(row.state, step)?;
    let ended = rules::has_ended(state);
    let mut next: consultation::ActiveModel = row.into();
    next.state = Set(state);
    next.note = Set(reason.to_owned());
    next.updated_at = Set(tx.now());
    if ended {
        next.closed_at = Set(Some(tx.now()));
    }
    let row = store::update(&tx, next).await?;
    note(&tx, &row, Some(by), code, reason).await?;
    tx.commit().await
}
