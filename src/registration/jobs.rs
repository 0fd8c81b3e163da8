//! What registrations do by the clock.

use std::sync::Arc;

use chrono::Duration;

use super::{answer_offer, owners::Owners, window};
use crate::foundation::{
    context::{Boxed, Context},
    error::Result,
    schedule::{CatchUp, Job, Outcome, Rule, Slot},
};

/// The jobs of this body.
pub fn jobs(owners: &Owners) -> Vec<Arc<dyn Job>> {
    vec![Arc::new(Offers), Arc::new(Windows(owners.clone()))]
}

/// Lets offers lapse and offers the seats to the next.
struct Offers;

impl Job for Offers {
    fn rule(&self) -> Rule {
        Rule {
            name: "registration.offers",
            label: "候补名额到期",
            cron: "15 * * * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(7),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move { Ok(Outcome::handled(answer_offer::lapse_offers(ctx).await?)) })
    }
}

/// Closes registrations whose window is over.
struct Windows(Owners);

impl Job for Windows {
    fn rule(&self) -> Rule {
        Rule {
            name: "registration.windows",
            label: "报名截止",
            cron: "45 * * * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(7),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move { Ok(Outcome::handled(window::close_due(ctx, &self.0).await?)) })
    }
}
