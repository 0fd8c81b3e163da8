//! Runs what is due, once however many instances there are: a slot is claimed by the unique key of its
//! row, held by a lease that is renewed while the job runs, and its end is kept.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration as Wait};

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use entity::{
    ids::SlotId,
    schedule_slot::{self, SlotState},
};
use futures_util::FutureExt;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict, Query},
};
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    job::{CatchUp, Job, Outcome, Rule, Slot},
    timetable::Timetable,
};
use crate::foundation::{
    context::Context,
    error::{Error, Result},
    store::WriteTx,
};

/// A slot found so soon after its time was not missed by anybody.
const GRACE: Duration = Duration::minutes(5);
/// How long an instance may be silent about a run before another takes it over.
const LEASE: Duration = Duration::seconds(60);
/// How often it speaks.
const RENEWAL: Wait = Wait::from_secs(20);
/// How often a slot is tried.
const MAX_ATTEMPTS: i32 = 3;
/// How long the ledger is kept.
const KEPT: Duration = Duration::days(90);
/// How long runs are kept that found nothing to do; some rules fire every minute.
const KEPT_IDLE: Duration = Duration::days(2);

/// The jobs of the service with their timetables.
#[derive(Default)]
pub struct Schedule {
    planned: Vec<Planned>,
}

struct Planned {
    rule: Rule,
    timetable: Timetable,
    job: Arc<dyn Job>,
}

impl std::fmt::Debug for Schedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.rules()).finish()
    }
}

impl Schedule {
    /// Reads the rules of `jobs` on the clocks of `zone`.
    ///
    /// # Errors
    /// When a rule is malformed, or two have one name.
    pub fn new(jobs: Vec<Arc<dyn Job>>, zone: Tz) -> Result<Self> {
        let mut planned: Vec<Planned> = Vec::new();
        for job in jobs {
            let rule = job.rule();
            if planned.iter().any(|other| other.rule.name == rule.name) {
                return Err(Error::internal(format!(
                    "two jobs are called {}",
                    rule.name
                )));
            }
            planned.push(Planned {
                rule,
                timetable: Timetable::new(rule.cron, zone)?,
                job,
            });
        }
        Ok(Self { planned })
    }

    /// The rules, in the order given.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.planned.iter().map(|planned| &planned.rule)
    }

    /// When the rule of that name is due next after `instant`.
    pub fn next(&self, name: &str, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.planned
            .iter()
            .find(|planned| planned.rule.name == name)
            .and_then(|planned| planned.timetable.next(instant))
    }
}

/// What a step did with one slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ran {
    /// Name of the rule.
    pub rule: &'static str,
    /// The slot.
    pub due_at: DateTime<Utc>,
    /// Where it stands now; [`SlotState::Running`] means that it will be tried again.
    pub state: SlotState,
}

/// Runs everything that is due, one after the other.
///
/// # Errors
/// When the database fails. A job that fails is no error here: it is in the ledger.
pub async fn tick(ctx: &Context, schedule: &Schedule) -> Result<Vec<Ran>> {
    let mut ran = Vec::new();
    for planned in &schedule.planned {
        match claim(ctx, planned).await? {
            Claim::Nothing => {}
            Claim::Missed(due_at) => ran.push(Ran {
                rule: planned.rule.name,
                due_at,
                state: SlotState::Missed,
            }),
            Claim::Mine(slot, token) => {
                let state = work(ctx, planned, &slot, token).await?;
                ran.push(Ran {
                    rule: planned.rule.name,
                    due_at: slot.due_at,
                    state,
                });
            }
        }
    }
    Ok(ran)
}

/// Runs what is due until told to stop.
pub async fn run(ctx: Context, schedule: &Schedule, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match tick(&ctx, schedule).await {
            Ok(ran) => {
                for slot in ran {
                    tracing::info!(rule = slot.rule, due_at = %slot.due_at, state = ?slot.state, "schedule");
                }
            }
            Err(error) => tracing::error!(%error, "the schedule could not be worked on"),
        }
        tokio::select! {
            () = tokio::time::sleep(Wait::from_secs(5)) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Has a slot run again: the next step takes it up.
///
/// # Errors
/// [`Error::NotFound`], also while it is running.
pub async fn run_again(tx: &WriteTx, id: SlotId) -> Result<()> {
    let changed = schedule_slot::Entity::update_many()
        .filter(schedule_slot::Column::Id.eq(id))
        .filter(schedule_slot::Column::State.ne(SlotState::Running))
        .col_expr(
            schedule_slot::Column::State,
            Expr::value(SlotState::Running),
        )
        .col_expr(
            schedule_slot::Column::LeaseToken,
            Expr::value(Option::<Uuid>::None),
        )
        .col_expr(schedule_slot::Column::LeasedUntil, Expr::value(tx.now()))
        .col_expr(schedule_slot::Column::Attempts, Expr::value(0))
        .col_expr(schedule_slot::Column::StartedAt, Expr::value(tx.now()))
        .col_expr(
            schedule_slot::Column::FinishedAt,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .exec(tx.db())
        .await?;
    if changed.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    Ok(())
}

/// Takes old entries away: after ninety days, or after two when there was nothing to do. The newest of
/// each rule stays, since it says that its slot has been dealt with.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &WriteTx) -> Result<u64> {
    let later = |column: schedule_slot::Column| Expr::col(("later", column));
    let this = |column: schedule_slot::Column| Expr::col((schedule_slot::Entity, column));
    let newer = Query::select()
        .expr(Expr::value(1))
        .from_as(schedule_slot::Entity, "later")
        .and_where(later(schedule_slot::Column::Rule).eq(this(schedule_slot::Column::Rule)))
        .and_where(later(schedule_slot::Column::DueAt).gt(this(schedule_slot::Column::DueAt)))
        .to_owned();
    let idle = Condition::all()
        .add(schedule_slot::Column::State.eq(SlotState::Done))
        .add(schedule_slot::Column::Handled.eq(0))
        .add(schedule_slot::Column::DueAt.lt(tx.now() - KEPT_IDLE));
    let gone = schedule_slot::Entity::delete_many()
        .filter(Expr::exists(newer))
        .filter(schedule_slot::Column::State.ne(SlotState::Running))
        .filter(
            Condition::any()
                .add(schedule_slot::Column::DueAt.lt(tx.now() - KEPT))
                .add(idle),
        )
        .exec(tx.db())
        .await?;
    Ok(gone.rows_affected)
}

enum Claim {
    Nothing,
    Missed(DateTime<Utc>),
    Mine(Slot, Uuid),
}

/// What becomes of a slot that nobody has claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Run,
    Miss,
    /// It passed before this installation knew the rule.
    Leave,
}

fn fate(rule: &Rule, age: Duration, rule_is_known: bool) -> Fate {
    let worth_it = rule.catch_up == CatchUp::Latest && age <= rule.max_age;
    if age <= GRACE || worth_it {
        Fate::Run
    } else if rule_is_known {
        Fate::Miss
    } else {
        Fate::Leave
    }
}

async fn claim(ctx: &Context, planned: &Planned) -> Result<Claim> {
    let rule = &planned.rule;
    let now = ctx.store.now().await?;
    let of_rule =
        || schedule_slot::Entity::find().filter(schedule_slot::Column::Rule.eq(rule.name));
    let db = ctx.store.read();
    let broken_off = of_rule()
        .filter(schedule_slot::Column::State.eq(SlotState::Running))
        .filter(schedule_slot::Column::LeasedUntil.lte(now))
        .order_by_asc(schedule_slot::Column::DueAt)
        .one(db)
        .await?;
    if let Some(row) = broken_off {
        return take_over(ctx, row, now).await;
    }
    let Some(due_at) = planned.timetable.latest(now) else {
        return Ok(Claim::Nothing);
    };
    let claimed = of_rule()
        .filter(schedule_slot::Column::DueAt.eq(due_at))
        .one(db)
        .await?;
    if claimed.is_some() {
        return Ok(Claim::Nothing);
    }
    let known = of_rule().one(db).await?.is_some();
    let tx = ctx.store.begin().await?;
    let (id, token): (SlotId, Uuid) = (tx.id(), tx.id());
    let mut row = schedule_slot::ActiveModel {
        id: Set(id),
        rule: Set(rule.name.to_owned()),
        due_at: Set(due_at),
        state: Set(SlotState::Running),
        lease_token: Set(Some(token)),
        leased_until: Set(Some(now + LEASE)),
        attempts: Set(1),
        handled: Set(0),
        note: Set(String::new()),
        started_at: Set(now),
        finished_at: Set(None),
    };
    let fate = fate(rule, now - due_at, known);
    match fate {
        Fate::Run => {}
        Fate::Miss => {
            row.state = Set(SlotState::Missed);
            row.lease_token = Set(None);
            row.leased_until = Set(None);
            row.attempts = Set(0);
            row.finished_at = Set(Some(now));
        }
        Fate::Leave => return Ok(Claim::Nothing),
    }
    let added = schedule_slot::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([schedule_slot::Column::Rule, schedule_slot::Column::DueAt])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.db())
        .await?;
    tx.commit().await?;
    Ok(match (added, fate) {
        (0, _) => Claim::Nothing,
        (_, Fate::Run) => Claim::Mine(
            Slot {
                id,
                due_at,
                attempt: 1,
            },
            token,
        ),
        _ => Claim::Missed(due_at),
    })
}

/// Takes over a run whose instance has gone silent, or that waits to be tried again.
async fn take_over(ctx: &Context, row: schedule_slot::Model, now: DateTime<Utc>) -> Result<Claim> {
    let tx = ctx.store.begin().await?;
    let token: Uuid = tx.id();
    let attempt = row.attempts + 1;
    let still = schedule_slot::Entity::update_many()
        .filter(schedule_slot::Column::Id.eq(row.id))
        .filter(schedule_slot::Column::State.eq(SlotState::Running))
        .filter(schedule_slot::Column::LeasedUntil.lte(now))
        .filter(schedule_slot::Column::Attempts.eq(row.attempts));
    let change = if attempt > MAX_ATTEMPTS {
        still
            .col_expr(schedule_slot::Column::State, Expr::value(SlotState::Failed))
            .col_expr(schedule_slot::Column::FinishedAt, Expr::value(now))
    } else {
        still
            .col_expr(schedule_slot::Column::LeaseToken, Expr::value(token))
            .col_expr(schedule_slot::Column::LeasedUntil, Expr::value(now + LEASE))
            .col_expr(schedule_slot::Column::Attempts, Expr::value(attempt))
    };
    let changed = change.exec(tx.db()).await?.rows_affected;
    tx.commit().await?;
    Ok(if changed == 1 && attempt <= MAX_ATTEMPTS {
        Claim::Mine(
            Slot {
                id: row.id,
                due_at: row.due_at,
                attempt,
            },
            token,
        )
    } else {
        Claim::Nothing
    })
}

/// Runs the job, speaking up now and then, and keeps how it ended.
async fn work(ctx: &Context, planned: &Planned, slot: &Slot, token: Uuid) -> Result<SlotState> {
    let job = AssertUnwindSafe(planned.job.run(ctx, slot)).catch_unwind();
    tokio::pin!(job);
    let ended = loop {
        tokio::select! {
            ended = &mut job => break ended,
            () = tokio::time::sleep(RENEWAL) => {
                if !renew(ctx, slot.id, token).await? {
                    // Another instance has taken over; what this one still did bears repetition.
                    return Ok(SlotState::Running);
                }
            }
        }
    };
    let ended = ended.unwrap_or_else(|_| Err(Error::internal("the job panicked")));
    finish(ctx, planned.rule.name, slot, token, ended).await
}

async fn renew(ctx: &Context, id: SlotId, token: Uuid) -> Result<bool> {
    let now = ctx.store.now().await?;
    let tx = ctx.store.begin().await?;
    let renewed = schedule_slot::Entity::update_many()
        .filter(schedule_slot::Column::Id.eq(id))
        .filter(schedule_slot::Column::LeaseToken.eq(token))
        .col_expr(schedule_slot::Column::LeasedUntil, Expr::value(now + LEASE))
        .exec(tx.db())
        .await?;
    tx.commit().await?;
    Ok(renewed.rows_affected == 1)
}

async fn finish(
    ctx: &Context,
    rule: &'static str,
    slot: &Slot,
    token: Uuid,
    ended: Result<Outcome>,
) -> Result<SlotState> {
    let now = ctx.store.now().await?;
    let (state, outcome) = match ended {
        Ok(outcome) => (SlotState::Done, outcome),
        Err(error) => {
            tracing::error!(rule, due_at = %slot.due_at, attempt = slot.attempt, %error, "a job failed");
            let state = if slot.attempt < MAX_ATTEMPTS {
                SlotState::Running
            } else {
                SlotState::Failed
            };
            let outcome = Outcome {
                handled: 0,
                note: error.to_string(),
            };
            (state, outcome)
        }
    };
    let again = now + Duration::minutes(if slot.attempt == 1 { 1 } else { 5 });
    let (leased_until, finished_at) = match state {
        SlotState::Running => (Some(again), None),
        _ => (None, Some(now)),
    };
    let note: String = outcome.note.chars().take(500).collect();
    let tx = ctx.store.begin().await?;
    schedule_slot::Entity::update_many()
        .filter(schedule_slot::Column::Id.eq(slot.id))
        .filter(schedule_slot::Column::LeaseToken.eq(token))
        .col_expr(schedule_slot::Column::State, Expr::value(state))
        .col_expr(schedule_slot::Column::Handled, Expr::value(outcome.handled))
        .col_expr(schedule_slot::Column::Note, Expr::value(note))
        .col_expr(
            schedule_slot::Column::LeaseToken,
            Expr::value(Option::<Uuid>::None),
        )
        .col_expr(
            schedule_slot::Column::LeasedUntil,
            Expr::value(leased_until),
        )
        .col_expr(schedule_slot::Column::FinishedAt, Expr::value(finished_at))
        .exec(tx.db())
        .await?;
    tx.commit().await?;
    Ok(state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_caught_up_only_while_it_is_worth_it() {
        let rule = |catch_up| Rule {
            name: "test.rule",
            label: "测试",
            cron: "0 30 8 * * *",
            catch_up,
            max_age: Duration::hours(6),
        };
        let hours = Duration::hours;
        for (catch_up, age, known, expected) in [
            (CatchUp::None, Duration::minutes(1), false, Fate::Run),
            (CatchUp::None, hours(1), true, Fate::Miss),
            (CatchUp::None, hours(1), false, Fate::Leave),
            (CatchUp::Latest, hours(6), false, Fate::Run),
            (CatchUp::Latest, hours(7), true, Fate::Miss),
            (CatchUp::Latest, hours(7), false, Fate::Leave),
        ] {
            assert_eq!(fate(&rule(catch_up), age, known), expected);
        }
    }
}
