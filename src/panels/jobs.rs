//! What panels do by the clock.

use std::sync::Arc;

use chrono::Duration;

use super::{lapse, notify, owners::Owners, remind, replace};
use crate::foundation::{
    context::Boxed,
    context::Context,
    error::Result,
    schedule::{CatchUp, Job, Outcome, Rule, Slot},
};

/// The jobs of this body.
pub fn jobs(owners: &Owners) -> Vec<Arc<dyn Job>> {
    vec![
        Arc::new(Reminders),
        Arc::new(Cutoffs(owners.clone())),
        Arc::new(Replacements(owners.clone())),
        Arc::new(Meetings),
        Arc::new(Completion(owners.clone())),
    ]
}

/// Reminds experts who have not answered.
struct Reminders;

impl Job for Reminders {
    fn rule(&self) -> Rule {
        Rule {
            name: "panels.reminders",
            label: "待答复提醒",
            cron: "0 */10 * * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::hours(1),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move { Ok(Outcome::handled(remind::remind_due(ctx).await?)) })
    }
}

/// Closes questions whose cut-off has passed and decides races.
struct Cutoffs(Owners);

impl Job for Cutoffs {
    fn rule(&self) -> Rule {
        Rule {
            name: "panels.cutoffs",
            label: "答复截止",
            cron: "0 * * * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(7),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move { Ok(Outcome::handled(lapse::lapse(ctx, &self.0).await?)) })
    }
}

/// Asks the next best for places that fell free.
struct Replacements(Owners);

impl Job for Replacements {
    fn rule(&self) -> Rule {
        Rule {
            name: "panels.replacements",
            label: "补邀专家",
            cron: "30 * * * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(7),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move { Ok(Outcome::handled(replace::replace_all(ctx, &self.0).await?)) })
    }
}

/// Reminds members of meetings.
struct Meetings;

impl Job for Meetings {
    fn rule(&self) -> Rule {
        Rule {
            name: "panels.meetings",
            label: "会前提醒",
            cron: "0 0 9 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(2),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move { Ok(Outcome::handled(notify::remind_of_meetings(ctx).await?)) })
    }
}

/// Sends the notice once a panel is complete for good.
struct Completion(Owners);

impl Job for Completion {
    fn rule(&self) -> Rule {
        Rule {
            name: "panels.completion",
            label: "会议通知",
            cron: "0 5 8-18 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(7),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move { Ok(Outcome::handled(notify::complete(ctx, &self.0).await?)) })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::foundation::schedule::Schedule;

    #[test]
    fn every_rule_can_be_read_and_has_a_name_of_its_own() {
        let jobs = jobs(&Owners::default());
        let names: BTreeSet<_> = jobs.iter().map(|job| job.rule().name).collect();
        assert_eq!(names.len(), jobs.len());
        assert!(Schedule::new(jobs, chrono_tz::Asia::Shanghai).is_ok());
    }
}
