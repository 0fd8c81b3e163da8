//! Changing and withdrawing a request after it was handed in. Those concerned are told by the panel:
//! a new date asks the accepted again, a new place tells them, a withdrawal thanks them.

use entity::{
    consultation::{self, ConsultationState},
    ids::{ConsultationId, PersonId},
};
use sea_orm::ActiveValue::Set;

use super::{
    draft::{difference, same_version},
    events::{self, note},
    filing::Filing,
    panel_facts,
    rules::{self, Step},
    store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Refusal, Result},
    },
    panels::{self, ChangeEffect, PanelChange},
    units,
};

/// Writes the new content, and tells the panel.
pub(super) async fn change(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    filing: &Filing,
    version: i32,
) -> Result<ChangeEffect> {
    let known = store::get(ctx.store.read(), id).await?;
    let unit = units::get(ctx.store.read(), known.unit_id).await?;
    let all_units = units::all(ctx.store.read()).await?;
    let contacts = units::contacts(ctx.store.read(), unit.id).await?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    rules::may_change(row.state)?;
    same_version(&row, version)?;
    let parts = difference(&Filing::of(&row), filing);
    if parts.is_empty() {
        return Ok(ChangeEffect::default());
    }
    let words = parts.join("、");
    let mut next: consultation::ActiveModel = row.clone().into();
    filing.set(&mut next);
    next.version = Set(row.version + 1);
    next.updated_at = Set(tx.now());
    let row = store::update(&tx, next).await?;
    let mut effect = ChangeEffect::default();
    if let Some(panel) = row.panel_id {
        let contact = contacts
            .iter()
            .find(|contact| contact.person.id == row.filed_by)
            .or(contacts.first());
        let urgent = panels::get(tx.db(), panel).await?.urgent;
        let change = PanelChange {
            facts: panel_facts::facts(ctx, &row, &unit, contact, urgent),
            recusals: panel_facts::recusals(filing, &all_units),
            reason: words.clone(),
        };
        effect = panels::change(&tx, ctx, panel, &change).await?;
    }
    note(&tx, &row, Some(by), events::CHANGED, &words).await?;
    tx.commit().await?;
    Ok(effect)
}

/// Takes the request back, with a reason once others are concerned.
pub(super) async fn withdraw(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    reason: &str,
) -> Result<()> {
    let reason = reason.trim();
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let state = rules::next(row.state, Step::Withdraw)?;
    if reason.is_empty() && row.state != ConsultationState::Draft {
        return Err(Refusal::new("consultations.text_needed").into());
    }
    let mut next: consultation::ActiveModel = row.clone().into();
    next.state = Set(state);
    next.note = Set(reason.to_owned());
    next.closed_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    let row = store::update(&tx, next).await?;
    if let Some(panel) = row.panel_id {
        panels::withdraw(&tx, ctx, panel, reason).await?;
    }
    note(&tx, &row, Some(by), events::WITHDRAWN, reason).await?;
    tx.commit().await
}
