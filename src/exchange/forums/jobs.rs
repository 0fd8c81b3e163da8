//! What forums do by the clock: they end with their day.

use std::sync::Arc;

use chrono::Duration;

use super::{end, store};
use crate::foundation::{
    context::{Boxed, Context},
    error::Result,
    schedule::{CatchUp, Job, Outcome, Rule, Slot},
};

/// The jobs of forums.
pub fn jobs() -> Vec<Arc<dyn Job>> {
    vec![Arc::new(Past)]
}

/// Forums whose day has passed.
struct Past;

impl Job for Past {
    fn rule(&self) -> Rule {
        Rule {
            name: "forum.past",
            label: "论坛结束",
            cron: "0 20 0 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(7),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let mut ended = 0;
            for row in store::published(ctx.store.read()).await? {
                ended += usize::from(end::end(ctx, row.id).await?);
            }
            Ok(Outcome::handled(ended))
        })
    }
}
