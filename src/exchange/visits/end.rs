//! How a visit ends: a unit declines or withdraws, or the exchange group closes it after the report.

use entity::{
    ids::{PersonId, VisitId},
    visit::{self, VisitState},
    visit_terms::{self, TermsState},
};
use sea_orm::ActiveValue::Set;

use super::{
    agree::locked,
    mails, matter,
    rules::{self, Side, Step},
    store, unit_of, visitors,
};
use crate::{
    exchange::events,
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
    },
    people::commitments,
};

/// Does not approve the terms that wait. Before both have agreed on anything the visit ends; after it
/// what was agreed goes on to hold.
///
/// # Errors
/// A conflict when other terms are on the table; `exchange.nothing_to_approve`,
/// `exchange.own_change` for one's own proposal, `exchange.reason_needed`.
pub async fn decline(
    ctx: &Context,
    id: VisitId,
    side: Side,
    by: PersonId,
    shown: i32,
    reason: &str,
) -> Result<()> {
    needs_reason(reason)?;
    let tx = ctx.store.begin().await?;
    let (visit, terms) = locked(&tx, id).await?;
    if terms.version != shown {
        return Err(Error::Conflict(Refusal::new("exchange.terms_changed")));
    }
    if terms.state != TermsState::Pending {
        return Err(Refusal::new("exchange.nothing_to_approve").into());
    }
    if visit.state == VisitState::Agreed && rules::approved(&terms, side) {
        return Err(Refusal::new("exchange.own_change").into());
    }
    let facts = mails::Facts::of(tx.db(), &visit, &terms).await?;
    let mut refused: visit_terms::ActiveModel = terms.into();
    refused.state = Set(TermsState::Refused);
    store::update_terms(&tx, refused).await?;
    let told = [format!("{}：{reason}", side.zh())];
    let other = unit_of(&visit, side.other());
    if visit.state == VisitState::Agreed {
        let event = events::note(
            &tx,
            matter(id),
            Some(by),
            "exchange.change_refused",
            &told[0],
        )
        .await?;
        mails::to_unit::<mails::ChangeRefused>(&tx, &facts, other, event, &told).await?;
        return tx.commit().await;
    }
    let state = rules::next(visit.state, Step::Decline, &visit.number)?;
    let event = events::note(&tx, matter(id), Some(by), "exchange.declined", &told[0]).await?;
    mails::to_unit::<mails::Declined>(&tx, &facts, other, event, &told).await?;
    mails::to_group::<mails::DeclinedForGroup>(&tx, &facts, event, &told).await?;
    let unit = unit_of(&visit, side);
    let mut next: visit::ActiveModel = visit.into();
    next.state = Set(state);
    next.end_note = Set(reason.to_owned());
    next.ended_by_unit = Set(Some(unit));
    next.closed_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    store::update(&tx, next).await?;
    tx.commit().await
}

/// Withdraws a visit that both have agreed on, before it begins. The visitors' time is free again.
///
/// # Errors
/// `exchange.begun`, `exchange.not_now`, `exchange.reason_needed`.
pub async fn withdraw(
    ctx: &Context,
    id: VisitId,
    side: Side,
    by: PersonId,
    reason: &str,
) -> Result<()> {
    needs_reason(reason)?;
    let tx = ctx.store.begin().await?;
    let visit = store::lock_visit(&tx, id).await?;
    let state = rules::next(visit.state, Step::Withdraw, &visit.number)?;
    let all = store::terms(tx.db(), id).await?;
    let terms = store::find_terms(&all, visit.agreed_version)
        .ok_or_else(|| Error::internal("an agreed visit has no terms that hold"))?
        .clone();
    rules::may_withdraw(terms.from_date, ctx.today())?;
    commitments::release(&tx, id.0).await?;
    let coming = visitors::of_terms(tx.db(), &terms).await?;
    visitors::set_coming(&tx, id, &[]).await?;
    for waiting in all {
        if waiting.state == TermsState::Pending {
            let mut past: visit_terms::ActiveModel = waiting.into();
            past.state = Set(TermsState::Replaced);
            store::update_terms(&tx, past).await?;
        }
    }
    let told = [format!("{}：{reason}", side.zh())];
    let event = events::note(&tx, matter(id), Some(by), "exchange.withdrawn", &told[0]).await?;
    let unit = unit_of(&visit, side);
    let sequence = visit.calendar_sequence + 1;
    let mut next: visit::ActiveModel = visit.into();
    next.state = Set(state);
    next.calendar_sequence = Set(sequence);
    next.end_note = Set(reason.to_owned());
    next.ended_by_unit = Set(Some(unit));
    next.closed_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    let visit = store::update(&tx, next).await?;
    let facts = mails::Facts::of(tx.db(), &visit, &terms).await?;
    let other = unit_of(&visit, side.other());
    mails::to_unit::<mails::Withdrawn>(&tx, &facts, other, event, &told).await?;
    mails::to_group::<mails::WithdrawnForGroup>(&tx, &facts, event, &told).await?;
    for one in &coming {
        mails::to_visitor(&tx, &facts, &visit, &terms, one, event, true).await?;
    }
    tx.commit().await
}

/// The exchange group closes a visit whose report is there; no report is taken any more.
///
/// # Errors
/// `exchange.not_now`
pub async fn close(ctx: &Context, id: VisitId, by: PersonId) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let visit = store::lock_visit(&tx, id).await?;
    let state = rules::next(visit.state, Step::Close, &visit.number)?;
    let all = store::terms(tx.db(), id).await?;
    let terms = store::find_terms(&all, visit.agreed_version)
        .ok_or_else(|| Error::internal("an agreed visit has no terms that hold"))?;
    let event = events::note(&tx, matter(id), Some(by), "exchange.closed", "").await?;
    let facts = mails::Facts::of(tx.db(), &visit, terms).await?;
    for unit in [visit.sending_unit_id, visit.host_unit_id] {
        mails::to_unit::<mails::Closed>(&tx, &facts, unit, event, &[]).await?;
    }
    let mut next: visit::ActiveModel = visit.into();
    next.state = Set(state);
    next.closed_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    store::update(&tx, next).await?;
    tx.commit().await
}

fn needs_reason(reason: &str) -> Result<(), Refusal> {
    if reason.is_empty() {
        Err(Refusal::new("exchange.reason_needed"))
    } else {
        Ok(())
    }
}
