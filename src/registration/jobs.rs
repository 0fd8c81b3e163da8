//! What registrations do by the clock.

use std::sync::Arc;

use chrono::Duration;

use super::{answer_offer, apply, not_reached, owners::Owners, remind, window};
use crate::foundation::{
    context::{Boxed, Context},
    error::Result,
    schedule::{CatchUp, Job, Outcome, Rule, Slot},
};

/// The jobs of this body.
pub fn jobs(owners: &Owners) -> Vec<Arc<dyn Job>> {
    vec![
        Arc::new(Offers),
        Arc::new(Windows(owners.clone())),
        Arc::new(Reminders),
        Arc::new(Begun),
        Arc::new(Unconfirmed),
    ]
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

/// Reminds people who have seats.
struct Reminders;

impl Job for Reminders {
    fn rule(&self) -> Rule {
        Rule {
            name: "registration.reminders",
            label: "开班提醒",
            cron: "0 0 9 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::hours(10),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move { Ok(Outcome::handled(remind::remind(ctx).await?)) })
    }
}

/// Tells those who still wait when something begins.
struct Begun;

impl Job for Begun {
    fn rule(&self) -> Rule {
        Rule {
            name: "registration.not_reached",
            label: "开始后告知候补",
            cron: "30 */5 * * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(1),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move { Ok(Outcome::handled(not_reached::tell_not_reached(ctx).await?)) })
    }
}

/// Takes away applications that were never confirmed.
struct Unconfirmed;

impl Job for Unconfirmed {
    fn rule(&self) -> Rule {
        Rule {
            name: "registration.unconfirmed",
            label: "清理未确认的报名",
            cron: "0 40 3 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(7),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move { Ok(Outcome::handled(apply::forget_unconfirmed(ctx).await?)) })
    }
}
