//! What the council does by the clock.

use std::sync::Arc;

use chrono::Duration;

use super::remind;
use crate::foundation::{
    context::{Boxed, Context},
    error::Result,
    schedule::{CatchUp, Job, Outcome, Rule, Slot},
    ui::dates,
};

/// The jobs of the council.
pub(in super::super) fn jobs() -> Vec<Arc<dyn Job>> {
    vec![Arc::new(Reminders)]
}

struct Reminders;

impl Job for Reminders {
    fn rule(&self) -> Rule {
        Rule {
            name: "committees.council_reminders",
            label: "会议和换届提醒",
            cron: "0 25 9 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(1),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let day = dates::local_date(slot.due_at, ctx.zone());
            Ok(Outcome::handled(remind::remind(ctx, day).await?))
        })
    }
}
