//! What happens by the clock: terms end, and are announced before.

use std::sync::Arc;

use chrono::Duration;

use super::{Duties, end};
use crate::foundation::{
    context::{Boxed, Context},
    error::Result,
    schedule::{CatchUp, Job, Outcome, Rule, Slot},
    ui::dates,
};

/// The jobs of this body; `duties` end with a term.
pub fn jobs(duties: &Duties) -> Vec<Arc<dyn Job>> {
    vec![Arc::new(EndTerms(duties.clone())), Arc::new(RemindOfTerms)]
}

struct EndTerms(Duties);

struct RemindOfTerms;

impl Job for EndTerms {
    fn rule(&self) -> Rule {
        Rule {
            name: "experts.end_terms",
            label: "专家聘期届满",
            cron: "0 10 0 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(30),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let day = dates::local_date(slot.due_at, ctx.zone());
            Ok(Outcome::handled(end::expire(ctx, &self.0, day).await?))
        })
    }
}

impl Job for RemindOfTerms {
    fn rule(&self) -> Rule {
        Rule {
            name: "experts.remind_of_terms",
            label: "专家聘期将满提醒",
            cron: "0 0 9 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(2),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let day = dates::local_date(slot.due_at, ctx.zone());
            Ok(Outcome::handled(end::remind(ctx, day).await?))
        })
    }
}
