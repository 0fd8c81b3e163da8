//! What committees do by the clock: dated groups end and are announced before, offices end with their
//! last day.

use std::sync::Arc;

use chrono::{Duration, NaiveDate};

use super::{appoint, council, dissolve, store, studies};
use crate::foundation::{
    context::{Boxed, Context},
    error::Result,
    schedule::{CatchUp, Job, Outcome, Rule, Slot},
    ui::dates,
};

/// The jobs of this body.
pub fn jobs() -> Vec<Arc<dyn Job>> {
    let mut jobs: Vec<Arc<dyn Job>> = vec![Arc::new(EndDated), Arc::new(RemindOfEnds)];
    jobs.extend(studies::jobs());
    jobs.extend(council::jobs());
    jobs
}

struct EndDated;

struct RemindOfEnds;

impl Job for EndDated {
    fn rule(&self) -> Rule {
        Rule {
            name: "committees.end_dated",
            label: "工作组和任职到期",
            cron: "0 20 0 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(30),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let day = dates::local_date(slot.due_at, ctx.zone());
            let ended = dissolve::expire(ctx, day).await? + end_offices(ctx, day).await?;
            Ok(Outcome::handled(ended))
        })
    }
}

impl Job for RemindOfEnds {
    fn rule(&self) -> Rule {
        Rule {
            name: "committees.remind_of_ends",
            label: "工作组到期提醒",
            cron: "0 20 9 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(2),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let day = dates::local_date(slot.due_at, ctx.zone());
            Ok(Outcome::handled(dissolve::remind(ctx, day).await?))
        })
    }
}

/// Ends offices whose last day lies before `today`.
async fn end_offices(ctx: &Context, today: NaiveDate) -> Result<usize> {
    let mut ended = 0;
    for row in store::overdue_offices(ctx.store.read(), today).await? {
        let tx = ctx.store.begin().await?;
        store::lock(&tx, row.committee_id).await?;
        let row = store::person_by_id(tx.db(), row.id).await?;
        if row.ended_on.is_none() {
            appoint::end_within(&tx, &row, row.to_date, "任期届满").await?;
            tx.commit().await?;
            ended += 1;
        }
    }
    Ok(ended)
}
