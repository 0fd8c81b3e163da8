//! What joint projects do by the clock: whoever is to bring something is reminded, then the lead.

use std::sync::Arc;

use chrono::{Datelike, Duration, NaiveDate};
use entity::ids::CooperationId;

use super::{mails, store};
use crate::{
    exchange::visits::rules::{Nudge, nudge},
    foundation::{
        context::{Boxed, Context},
        error::Result,
        schedule::{CatchUp, Job, Outcome, Rule, Slot},
        ui::dates,
    },
};

/// The jobs of joint projects.
pub fn jobs() -> Vec<Arc<dyn Job>> {
    vec![Arc::new(Reminders)]
}

/// Deliverables and ends that are due.
struct Reminders;

impl Job for Reminders {
    fn rule(&self) -> Rule {
        Rule {
            name: "cooperation.reminders",
            label: "合作提醒",
            cron: "0 45 8 * * *",
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
            let mut queued = 0;
            for row in store::running(ctx.store.read()).await? {
                queued += remind(ctx, row.id, today).await?;
            }
            Ok(Outcome::handled(queued))
        })
    }
}

/// Reminds of what is due in one project; the same reminder goes out once.
async fn remind(ctx: &Context, id: CooperationId, today: NaiveDate) -> Result<usize> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let facts = mails::Facts::of(tx.db(), &row).await?;
    let calendar = ctx.calendar();
    let mut queued = 0;
    for due in store::deliverables(tx.db(), id).await? {
        if due.delivered_on.is_some() {
            continue;
        }
        let lines = [mails::due_line(&due)];
        let day = due.due_on.num_days_from_ce() * 100;
        queued += match nudge(due.due_on, today, &calendar) {
            None => 0,
            Some(Nudge::Soon) => {
                let of = (due.id.0, day);
                mails::to_unit::<mails::DueSoon>(&tx, &facts, due.unit_id, of, &lines).await?
            }
            Some(Nudge::Late(round)) => {
                let of = (due.id.0, day + 1 + round.min(90));
                let told =
                    mails::to_unit::<mails::Late>(&tx, &facts, due.unit_id, of, &lines).await?;
                let lead = row.lead_unit_id;
                told + if due.unit_id == lead {
                    0
                } else {
                    mails::to_unit::<mails::LateForLead>(&tx, &facts, lead, of, &lines).await?
                }
            }
        };
    }
    if let Some(Nudge::Late(round)) = nudge(row.to_date, today, &calendar) {
        let of = (id.0, row.to_date.num_days_from_ce() * 100 + round.min(90));
        queued += mails::to_unit::<mails::EndDue>(&tx, &facts, row.lead_unit_id, of, &[]).await?;
    }
    tx.commit().await?;
    Ok(queued)
}
