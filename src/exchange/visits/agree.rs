//! Both units have approved the terms: they hold, take the visitors' time, and are told.

use chrono::{Days, NaiveDate, NaiveTime};
use entity::{
    ids::{PersonId, VisitId},
    visit,
    visit_terms::{self, TermsState},
};
use sea_orm::ActiveValue::Set;

use super::{
    mails, matter,
    rules::{self, Step},
    store, terms,
    visitors::{self, VisitorPerson},
};
use crate::{
    exchange::events,
    foundation::{calendar::local_to_utc, context::Context, error::Result, store::WriteTx},
    people::commitments::{self, Span},
};

/// Lets `terms` of a locked visit hold from now on.
///
/// # Errors
/// `exchange.abroad_number`; the conflict `people.taken` when somebody is elsewhere at that time.
pub(super) async fn agree(
    ctx: &Context,
    tx: &WriteTx,
    visit: visit::Model,
    terms: visit_terms::Model,
    by: PersonId,
) -> Result<visit::Model> {
    rules::may_hold(terms.abroad, &terms.approval_number)?;
    let state = rules::next(visit.state, Step::Agree, &visit.number)?;
    let before = store::terms(tx.db(), visit.id).await?;
    let former = store::find_terms(&before, visit.agreed_version).cloned();
    let changed = former.is_some();
    let leaving = match &former {
        Some(former) => visitors::of_terms(tx.db(), former).await?,
        None => Vec::new(),
    };
    if let Some(former) = former {
        let mut past: visit_terms::ActiveModel = former.into();
        past.state = Set(TermsState::Replaced);
        store::update_terms(tx, past).await?;
    }
    let coming = visitors::of_terms(tx.db(), &terms).await?;
    take_time(ctx, tx, &visit, &coming, (terms.from_date, terms.to_date)).await?;
    visitors::set_coming(tx, visit.id, &terms::named(&terms)).await?;
    let version = terms.version;
    let mut holds: visit_terms::ActiveModel = terms.into();
    holds.state = Set(TermsState::Agreed);
    let terms = store::update_terms(tx, holds).await?;
    let sequence = visit.calendar_sequence + 1;
    let mut next: visit::ActiveModel = visit.into();
    next.state = Set(state);
    next.agreed_version = Set(Some(version));
    next.calendar_sequence = Set(sequence);
    next.updated_at = Set(tx.now());
    let visit = store::update(tx, next).await?;
    tell(tx, &visit, &terms, by, changed, &leaving).await?;
    Ok(visit)
}

async fn tell(
    tx: &WriteTx,
    visit: &visit::Model,
    terms: &visit_terms::Model,
    by: PersonId,
    changed: bool,
    leaving: &[VisitorPerson],
) -> Result<()> {
    let code = if changed {
        "exchange.change_agreed"
    } else {
        "exchange.agreed"
    };
    let event = events::note(tx, matter(visit.id), Some(by), code, "").await?;
    let facts = mails::Facts::of(tx.db(), visit, terms).await?;
    for unit in [visit.sending_unit_id, visit.host_unit_id] {
        mails::to_unit::<mails::Agreed>(tx, &facts, unit, event, &[]).await?;
    }
    mails::to_group::<mails::AgreedForGroup>(tx, &facts, event, &[]).await?;
    // Read again: links of those who stay at home ended, and those who go have theirs.
    let coming = visitors::of_terms(tx.db(), terms).await?;
    for one in &coming {
        mails::to_visitor(tx, &facts, visit, terms, one, event, false).await?;
    }
    for one in leaving {
        let goes = coming
            .iter()
            .any(|other| other.visitor.id == one.visitor.id);
        if !goes {
            mails::to_visitor(tx, &facts, visit, terms, one, event, true).await?;
        }
    }
    Ok(())
}

/// Takes the time of exactly these people for a visit, whole days from the first to the last.
pub(super) async fn take_time(
    ctx: &Context,
    tx: &WriteTx,
    visit: &visit::Model,
    people: &[VisitorPerson],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<()> {
    commitments::release(tx, visit.id.0).await?;
    let zone = ctx.zone();
    // People are locked in one order, so that two visits do not wait for each other.
    let mut persons: Vec<_> = people.iter().map(|one| one.person.id).collect();
    persons.sort_unstable();
    for person in persons {
        let span = Span {
            person,
            from: local_to_utc(from.and_time(NaiveTime::MIN), zone),
            to: local_to_utc((to + Days::new(1)).and_time(NaiveTime::MIN), zone),
            source_kind: "visit",
            source_id: visit.id.0,
            label: format!("人才互访 {}", visit.number),
        };
        commitments::take(tx, zone, span).await?;
    }
    Ok(())
}

/// The visit with its newest terms, both as they are now.
pub(super) async fn locked(
    tx: &WriteTx,
    id: VisitId,
) -> Result<(visit::Model, visit_terms::Model)> {
    let visit = store::lock_visit(tx, id).await?;
    let terms = store::terms(tx.db(), id).await?;
    let newest = store::newest(&terms)?.clone();
    Ok((visit, newest))
}
