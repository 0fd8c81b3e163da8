//! What training does by the clock: the next runs of regular courses are drafted in good time, runs
//! that were are noted as held, decisions are asked for, and a long pause is pointed out.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use entity::{
    course,
    course_run::{self, RunState},
    ids::CourseRunId,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    decide, mails,
    make_run::{self, NewRun},
    plan_course,
    publish::zone_of,
    recurrence::{self, Recurrence},
    rules, seats, store,
};
use crate::foundation::{
    context::{Boxed, Context},
    error::{Error, Result},
    schedule::{CatchUp, Job, Outcome, Rule, Slot},
    ui::dates,
};

/// A run that is over is noted as held so long after its end, when nobody did it before.
const HELD_AFTER_HOURS: i64 = 2;

/// The jobs of this body.
pub fn jobs() -> Vec<Arc<dyn Job>> {
    vec![
        Arc::new(Draft),
        Arc::new(Held),
        Arc::new(Decisions),
        Arc::new(Pauses),
    ]
}

/// Drafts the next runs of regular courses.
struct Draft;

impl Job for Draft {
    fn rule(&self) -> Rule {
        Rule {
            name: "training.draft",
            label: "定期课程排期",
            cron: "0 20 7 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(7),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let mut made = 0;
            for course in store::regular(ctx.store.read()).await? {
                made += draft(ctx, &course).await?;
            }
            Ok(Outcome::handled(made))
        })
    }
}

/// Drafts what is due of one course; each start is drafted once, also by two instances.
async fn draft(ctx: &Context, course: &course::Model) -> Result<usize> {
    let zone = plan_course::zone(ctx, course).await?;
    let Some(rule) = course.recurrence.as_deref() else {
        return Ok(0);
    };
    // A rule that has come to its end drafts nothing more; the pause is pointed out in its time.
    let Ok(rule) = Recurrence::read(rule, zone, ctx.now()) else {
        return Ok(0);
    };
    let lead = u64::try_from(course.lead_days).unwrap_or(0);
    let mut made = 0;
    for start in recurrence::to_draft(&rule, ctx.now(), course.drafted_until, lead) {
        made += usize::from(draft_one(ctx, course, start).await?.is_some());
    }
    Ok(made)
}

async fn draft_one(
    ctx: &Context,
    course: &course::Model,
    start: DateTime<Utc>,
) -> Result<Option<CourseRunId>> {
    let zone = plan_course::zone(ctx, course).await?;
    let tx = ctx.store.begin().await?;
    let row = store::lock_course(&tx, course.id).await?;
    if store::run_due(tx.db(), course.id, start).await?.is_some() {
        return Ok(None);
    }
    let new = NewRun {
        course: course.id,
        start: start.with_timezone(&zone).naive_local(),
        due_start: Some(start),
        by: None,
    };
    let id = match make_run::make(ctx, &tx, new).await {
        Err(Error::Refused(_)) => return Ok(None),
        made => made?,
    };
    course::Entity::update(course::ActiveModel {
        drafted_until: Set(Some(
            row.drafted_until.map_or(start, |until| until.max(start)),
        )),
        ..row.into()
    })
    .exec(tx.db())
    .await?;
    let run = store::run(tx.db(), id).await?;
    let calendar = ctx.calendar();
    let warnings = store::lessons(tx.db(), id)
        .await?
        .iter()
        .map(|lesson| lesson.on_date)
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .filter_map(|day| rules::odd_day(day, &calendar))
        .collect();
    mails::drafted(&tx, &run, warnings).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Notes runs that are over as held.
struct Held;

impl Job for Held {
    fn rule(&self) -> Rule {
        Rule {
            name: "training.held",
            label: "办班完成",
            cron: "0 15 * * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(7),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let mut held = 0;
            for run in
                store::runs(ctx.store.read(), &[RunState::Published, RunState::Closed]).await?
            {
                let over = run
                    .ends_at
                    .is_some_and(|end| end + Duration::hours(HELD_AFTER_HOURS) <= slot.due_at);
                if over {
                    decide::hold(ctx, run.id, None).await?;
                    held += 1;
                }
            }
            Ok(Outcome::handled(held))
        })
    }
}

/// Asks for decisions about runs with too few people.
struct Decisions;

impl Job for Decisions {
    fn rule(&self) -> Rule {
        Rule {
            name: "training.decisions",
            label: "开班决定提醒",
            cron: "0 40 8 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(2),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let today = dates::local_date(slot.due_at, ctx.zone());
            let mut told = 0;
            for (run, enrolled) in due(ctx, today).await? {
                let tx = ctx.store.begin().await?;
                told += mails::decision_due(&tx, &run, enrolled).await?;
                tx.commit().await?;
            }
            Ok(Outcome::handled(told))
        })
    }
}

/// Runs about which it has to be decided, with how many are enrolled.
pub(super) async fn due(ctx: &Context, today: NaiveDate) -> Result<Vec<(course_run::Model, i32)>> {
    let mut all = Vec::new();
    for run in store::runs(ctx.store.read(), &[RunState::Published, RunState::Closed]).await? {
        let enrolled = seats::enrolled(&seats::participants(ctx, &run).await?);
        if rules::decision_due(
            run.state,
            run.decide_on,
            run.decision,
            enrolled,
            run.least,
            today,
        ) {
            all.push((run, enrolled));
        }
    }
    Ok(all)
}

/// Points out courses that were not held for half a year.
struct Pauses;

impl Job for Pauses {
    fn rule(&self) -> Rule {
        Rule {
            name: "training.pauses",
            label: "久未办班提醒",
            cron: "0 50 8 1 * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(20),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let today = dates::local_date(slot.due_at, ctx.zone());
            let month = today.year() * 12 + i32::try_from(today.month0()).unwrap_or(0);
            let mut told = 0;
            for (course, last) in paused(ctx, today).await? {
                let tx = ctx.store.begin().await?;
                told += mails::pause(&tx, &course, last, month).await?;
                tx.commit().await?;
            }
            Ok(Outcome::handled(told))
        })
    }
}

/// Offered courses without a run for too long, with the day of the last one. A course is given half
/// a year from the day on which it was made.
pub(super) async fn paused(
    ctx: &Context,
    today: NaiveDate,
) -> Result<Vec<(course::Model, Option<NaiveDate>)>> {
    let db = ctx.store.read();
    let mut all = Vec::new();
    for course in store::courses(db).await? {
        if course.state != course::CourseState::Offered {
            continue;
        }
        let (mut last, mut next) = (None, None);
        for run in store::runs_of(db, course.id).await? {
            if run.state == RunState::Cancelled {
                continue;
            }
            let day = run
                .starts_at
                .map(|at| Ok::<_, Error>(dates::local_date(at, zone_of(&run)?)));
            let Some(day) = day.transpose()? else {
                continue;
            };
            let place = if day < today { &mut last } else { &mut next };
            *place = (*place).max(Some(day));
        }
        let begun = last.or(Some(dates::local_date(course.created_at, ctx.zone())));
        if rules::pause_too_long(begun, next, today) {
            all.push((course, last));
        }
    }
    Ok(all)
}
