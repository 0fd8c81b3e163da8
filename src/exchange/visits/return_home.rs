//! After the return: one confirmation with the true dates, for everybody of the visit.

use chrono::NaiveDate;
use entity::{
    ids::{PersonId, VisitId},
    visit,
    visit_terms::{self, TermsState},
};
use sea_orm::ActiveValue::Set;

use super::{
    agree::take_time,
    mails, matter,
    rules::{self, Step},
    store, visitors,
};
use crate::{
    exchange::events,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        ui::{Fields, dates},
    },
    people::commitments,
};

/// The true dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    /// First day away.
    pub left: NaiveDate,
    /// Last day away.
    pub back: NaiveDate,
}

impl Return {
    /// Reads the fields `left_on` and `back_on`.
    pub fn read(fields: &Fields, today: NaiveDate, errors: &mut FieldErrors) -> Option<Self> {
        let mut day = |name: &str| {
            let day = fields.date(name, errors);
            if day.is_none() && errors.of(name).is_none() {
                errors.add(name, Refusal::new("form.required"));
            }
            day
        };
        let (left, back) = day("left_on").zip(day("back_on"))?;
        if let Err((field, refusal)) = rules::check_return(left, back, today) {
            errors.add(field, refusal);
            return None;
        }
        Some(Self { left, back })
    }
}

/// Confirms the return. A change that still waits is of no use any more; days that were agreed and not needed are free again; the report is due so many
/// working days from here.
///
/// # Errors
/// `exchange.not_now`; the refusals of [`rules::check_return`].
pub async fn confirm_return(ctx: &Context, id: VisitId, by: PersonId, told: &Return) -> Result<()> {
    rules::check_return(told.left, told.back, ctx.today())
        .map_err(|(field, refusal)| Error::Invalid(FieldErrors::at(field, refusal)))?;
    let tx = ctx.store.begin().await?;
    let visit = store::lock_visit(&tx, id).await?;
    let state = rules::next(visit.state, Step::Return, &visit.number)?;
    let all = store::terms(tx.db(), id).await?;
    let terms = store::find_terms(&all, visit.agreed_version)
        .ok_or_else(|| Error::internal("an agreed visit has no terms that hold"))?;
    for waiting in all.iter().filter(|one| one.state == TermsState::Pending) {
        let mut past: visit_terms::ActiveModel = waiting.clone().into();
        past.state = Set(TermsState::Replaced);
        store::update_terms(&tx, past).await?;
    }
    let coming = visitors::of_terms(tx.db(), terms).await?;
    let (from, to) = (terms.from_date.max(told.left), terms.to_date.min(told.back));
    if from <= to {
        take_time(ctx, &tx, &visit, &coming, (from, to)).await?;
    } else {
        commitments::release(&tx, id.0).await?;
    }
    let due = rules::report_due(
        told.back,
        ctx.config.exchange.report_working_days,
        &ctx.calendar(),
    );
    let days = dates::days(told.left, told.back);
    let event = events::note(&tx, matter(id), Some(by), "exchange.returned", &days).await?;
    let mut next: visit::ActiveModel = visit.into();
    next.state = Set(state);
    next.left_on = Set(Some(told.left));
    next.back_on = Set(Some(told.back));
    next.returned_at = Set(Some(tx.now()));
    next.report_due = Set(Some(due));
    next.updated_at = Set(tx.now());
    let visit = store::update(&tx, next).await?;
    let facts = mails::Facts::of(tx.db(), &visit, terms).await?;
    let lines = [
        format!("实际日期：{days}"),
        format!("总结期限：{}", dates::day_and_weekday(due)),
    ];
    for unit in [visit.sending_unit_id, visit.host_unit_id] {
        mails::to_unit::<mails::Returned>(&tx, &facts, unit, event, &lines).await?;
    }
    tx.commit().await
}
