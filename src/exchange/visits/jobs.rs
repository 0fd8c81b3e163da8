//! What visits do by the clock: offers and wishes whose days have passed are closed, and whoever is
//! due is reminded.

use std::sync::Arc;

use chrono::{Datelike, Duration, NaiveDate};
use entity::{
    ids::VisitId,
    visit::{self, VisitState},
    visit_terms::{self, TermsState},
};

use super::{
    mails::{self, Reminder},
    postings::{close_offer, close_wish},
    rules::{self, Nudge, Side},
    store, unit_of, visitors,
};
use crate::foundation::{
    context::{Boxed, Context},
    error::{Error, Result},
    schedule::{CatchUp, Job, Outcome, Rule, Slot},
    store::WriteTx,
    ui::dates,
};

/// The jobs of visits.
pub fn jobs() -> Vec<Arc<dyn Job>> {
    vec![Arc::new(Past), Arc::new(Reminders)]
}

/// Postings whose last day has passed.
struct Past;

impl Job for Past {
    fn rule(&self) -> Rule {
        Rule {
            name: "exchange.past",
            label: "互访名额到期",
            cron: "0 10 0 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(7),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let today = dates::local_date(slot.due_at, ctx.zone());
            let db = ctx.store.read();
            let mut closed = 0;
            for row in store::open_offers(db).await? {
                if row.to_date < today {
                    closed += closed_now(close_offer(ctx, row.id, None).await)?;
                }
            }
            for row in store::open_wishes(db).await? {
                if row.to_date < today {
                    closed += closed_now(close_wish(ctx, row.id, None).await)?;
                }
            }
            Ok(Outcome::handled(closed))
        })
    }
}

/// Whoever closed it a moment before was right, too.
fn closed_now(done: Result<()>) -> Result<usize> {
    match done {
        Ok(()) => Ok(1),
        Err(Error::Refused(_)) => Ok(0),
        Err(error) => Err(error),
    }
}

/// Approvals, returns and reports that are due.
struct Reminders;

impl Job for Reminders {
    fn rule(&self) -> Rule {
        Rule {
            name: "exchange.reminders",
            label: "互访提醒",
            cron: "0 40 8 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::hours(12),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let today = dates::local_date(slot.due_at, ctx.zone());
            if !ctx.calendar().is_working_day(today) {
                return Ok(Outcome::default());
            }
            let states = [
                VisitState::Proposed,
                VisitState::Agreed,
                VisitState::Returned,
            ];
            let mut queued = 0;
            for row in store::in_states(ctx.store.read(), &states).await? {
                queued += remind(ctx, row.id, today).await?;
            }
            Ok(Outcome::handled(queued))
        })
    }
}

/// Reminds whoever is due in one visit; the same reminder goes out once.
async fn remind(ctx: &Context, id: VisitId, today: NaiveDate) -> Result<usize> {
    let tx = ctx.store.begin().await?;
    let visit = store::lock_visit(&tx, id).await?;
    let all = store::terms(tx.db(), id).await?;
    let newest = store::newest(&all)?;
    let mut queued = 0;
    if newest.state == TermsState::Pending {
        queued += remind_approval(ctx, &tx, &visit, newest, today).await?;
    }
    if let Some(terms) = store::find_terms(&all, visit.agreed_version) {
        queued += match (visit.state, visit.report_due) {
            (VisitState::Agreed, _) => remind_return(&tx, &visit, terms, today).await?,
            (VisitState::Returned, Some(due)) => {
                remind_report(ctx, &tx, &visit, terms, due, today).await?
            }
            _ => 0,
        };
    }
    tx.commit().await?;
    Ok(queued)
}

async fn remind_approval(
    ctx: &Context,
    tx: &WriteTx,
    visit: &visit::Model,
    terms: &visit_terms::Model,
    today: NaiveDate,
) -> Result<usize> {
    let since = dates::local_date(terms.proposed_at, ctx.zone());
    let waited = ctx.calendar().working_days_between(since, today).value;
    let patience = i64::from(ctx.config.exchange.approval_working_days.max(1));
    if waited < patience {
        return Ok(0);
    }
    let round = i32::try_from(waited / patience).unwrap_or(i32::MAX);
    let facts = mails::Facts::of(tx.db(), visit, terms).await?;
    let mut queued = 0;
    for side in [Side::Sending, Side::Host] {
        if !rules::approved(terms, side) {
            let of = (terms.id.0, round);
            let unit = unit_of(visit, side);
            queued += mails::to_contacts::<mails::ApprovalDue>(tx, &facts, unit, of, &[]).await?;
        }
    }
    Ok(queued)
}

/// From the day after the last one, once.
async fn remind_return(
    tx: &WriteTx,
    visit: &visit::Model,
    terms: &visit_terms::Model,
    today: NaiveDate,
) -> Result<usize> {
    if today <= terms.to_date {
        return Ok(0);
    }
    let generation = terms.to_date.num_days_from_ce();
    let facts = mails::Facts::of(tx.db(), visit, terms).await?;
    let of = (visit.id.0, generation);
    let mut queued =
        mails::to_contacts::<mails::ReturnDue>(tx, &facts, visit.sending_unit_id, of, &[]).await?;
    for one in visitors::of_terms(tx.db(), terms).await? {
        let what = (Reminder::Return, terms.to_date);
        let new = mails::remind_visitor(tx, &facts, &one, what, generation).await?;
        queued += usize::from(new);
    }
    Ok(queued)
}

async fn remind_report(
    ctx: &Context,
    tx: &WriteTx,
    visit: &visit::Model,
    terms: &visit_terms::Model,
    due: NaiveDate,
    today: NaiveDate,
) -> Result<usize> {
    let Some(nudge) = rules::nudge(due, today, &ctx.calendar()) else {
        return Ok(0);
    };
    // Apart from the reminders of the return, which count by the day alone.
    let day = due.num_days_from_ce() * 100;
    let facts = mails::Facts::of(tx.db(), visit, terms).await?;
    let lines = [format!("总结期限：{}", dates::day_and_weekday(due))];
    let (unit, id) = (visit.sending_unit_id, visit.id.0);
    let (what, generation, mut queued) = match nudge {
        Nudge::Soon => {
            let of = (id, day);
            let queued =
                mails::to_contacts::<mails::ReportDue>(tx, &facts, unit, of, &lines).await?;
            (Reminder::ReportSoon, day, queued)
        }
        Nudge::Late(round) => {
            let of = (id, day + 1 + round.min(90));
            let queued = mails::to_contacts::<mails::ReportLate>(tx, &facts, unit, of, &lines)
                .await?
                + mails::to_group_of::<mails::ReportLateForGroup>(tx, &facts, of, &lines).await?;
            (Reminder::ReportLate, of.1, queued)
        }
    };
    for one in visitors::of_terms(tx.db(), terms).await? {
        let new = mails::remind_visitor(tx, &facts, &one, (what, due), generation).await?;
        queued += usize::from(new);
    }
    Ok(queued)
}
