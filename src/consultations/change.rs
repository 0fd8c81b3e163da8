//! Changing and withdrawing a request after it was handed in. Those concerned are told by the panel:
//! a new date asks the accepted again, a new place tells them, a withdrawal thanks them.

use entity::{
    consultation::{self, ConsultationState},
    ids::{ConsultationId, PersonId},
    panel::PanelState,
};
use sea_orm::ActiveValue::Set;

use super::{
    draft::{difference, same_version},
    events::{self, note},
    filing::Filing,
    panel_facts, refer,
    rules::{self, Step},
    store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
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
    let before = Filing::of(&row);
    let parts = difference(&before, filing);
    if parts.is_empty() {
        return Ok(ChangeEffect::default());
    }
    if row.state == ConsultationState::Working
        && before.meeting_date.is_some()
        && (before.meeting_date, before.meeting_half) != (filing.meeting_date, filing.meeting_half)
    {
        let refusal = Refusal::new("consultations.meeting_has_been");
        return Err(Error::Invalid(FieldErrors::at("meeting_date", refusal)));
    }
    let mut next: consultation::ActiveModel = row.clone().into();
    filing.set(&mut next);
    next.version = Set(row.version + 1);
    next.updated_at = Set(tx.now());
    let mut row = store::update(&tx, next).await?;
    let mut words = parts.join("、");
    let mut effect = ChangeEffect::default();
    if let Some(id) = row.panel_id {
        let panel = panels::get(tx.db(), id).await?;
        let contact = panel_facts::contact(&row, &contacts);
        let change = PanelChange {
            facts: panel_facts::facts(ctx, &row, &unit, contact, panel.urgent),
            recusals: panel_facts::recusals(filing, &all_units),
            reason: words.clone(),
        };
        effect = panels::change(&tx, ctx, id, &change).await?;
        row = reopened(&tx, row).await?;
        if effect.asked_again > 0 {
            words.push_str(&format!("；请 {} 位专家重新答复", effect.asked_again));
        } else if effect.told > 0 {
            words.push_str(&format!("；通知 {} 位专家", effect.told));
        }
    }
    note(&tx, &row, Some(by), events::CHANGED, &words).await?;
    tx.commit().await?;
    Ok(effect)
}

/// Back to the putting together of a panel that no longer stands after the change.
async fn reopened(tx: &WriteTx, row: consultation::Model) -> Result<consultation::Model> {
    let Some(panel) = row.panel_id else {
        return Ok(row);
    };
    let open = panels::get(tx.db(), panel).await?.state == PanelState::Open;
    match rules::next(row.state, Step::Reopen) {
        Ok(state) if open => {
            let mut next: consultation::ActiveModel = row.into();
            next.state = Set(state);
            store::update(tx, next).await
        }
        _ => Ok(row),
    }
}

/// Takes the request back, with a reason once others are concerned.
pub(super) async fn withdraw(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    reason: &str,
) -> Result<()> {
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
    refer::recall(&tx, id).await?;
    note(&tx, &row, Some(by), events::WITHDRAWN, reason).await?;
    tx.commit().await
}
