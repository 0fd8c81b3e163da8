//! Runs what is due, once however many instances there are: a slot is claimed by the unique key of its
//! row, held by a lease that is renewed while the job runs, and its end is kept.

use std::{panic::AssertUnwindSafe, time::Duration as Wait};

use chrono::{DateTime, Duration, Utc};
use entity::{
    ids::SlotId,
    schedule_slot::{self, SlotState},
};
use futures_util::FutureExt;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, OnConflict, Query},
};
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    claim::{Claim, LEASE, MAX_ATTEMPTS, claim},
    job::{Outcome, Slot},
    plan::{Planned, Schedule},
};
use crate::foundation::{
    context::Context,
    error::{Error, Result},
    store::WriteTx,
};

/// How often it speaks.
const RENEWAL: Wait = Wait::from_secs(20);
/// How long the ledger is kept.
const KEPT: Duration = Duration::days(90);
/// How long runs are kept that found nothing to do; some rules fire every minute.
const KEPT_IDLE: Duration = Duration::days(2);

/// What a step did with one slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ran {
    /// Name of the rule.
    pub rule: &'static str,
    /// The slot.
    pub due_at: DateTime<Utc>,
    /// Where it stands now; [`SlotState::Running`] means that it will be tried again.
    pub state: SlotState,
    /// Things done.
    pub handled: i32,
}

/// Runs everything that is due, one after the other.
///
/// # Errors
/// When the database fails. A job that fails is no error here: it is in the ledger.
pub async fn tick(ctx: &Context, schedule: &Schedule) -> Result<Vec<Ran>> {
    // Another instance may have imported holidays.
    ctx.follow_calendar().await?;
    ctx.pulse.beat_schedule(ctx.now());
    let mut ran = Vec::new();
    for planned in &schedule.planned {
        match claim(ctx, planned).await? {
            Claim::Nothing => {}
            Claim::Missed(due_at) => ran.push(Ran {
                rule: planned.rule.name,
                due_at,
                state: SlotState::Missed,
                handled: 0,
            }),
            Claim::Mine(slot, token) => {
                let (state, handled) = work(ctx, planned, &slot, token).await?;
                ran.push(Ran {
                    rule: planned.rule.name,
                    due_at: slot.due_at,
                    state,
                    handled,
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
                // Some rules fire every minute and mostly find nothing to do.
                let worth_a_line = |slot: &&Ran| slot.handled > 0 || slot.state != SlotState::Done;
                for slot in ran.iter().filter(worth_a_line) {
                    tracing::info!(rule = slot.rule, due_at = %slot.due_at, state = ?slot.state, handled = slot.handled, "schedule");
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

/// Notes of every rule that what was due before `now` is passed over, also what was under way: after a
/// restored backup nobody knows what of it has been done. How many. A person may have them run again.
///
/// # Errors
/// When the database fails.
pub async fn pass_over(
    tx: &WriteTx,
    schedule: &Schedule,
    now: DateTime<Utc>,
    note: &str,
) -> Result<usize> {
    let broken_off = schedule_slot::Entity::update_many()
        .filter(schedule_slot::Column::State.eq(SlotState::Running))
        .col_expr(schedule_slot::Column::State, Expr::value(SlotState::Missed))
        .col_expr(schedule_slot::Column::Note, Expr::value(note))
        .col_expr(
            schedule_slot::Column::LeaseToken,
            Expr::value(Option::<Uuid>::None),
        )
        .col_expr(
            schedule_slot::Column::LeasedUntil,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .col_expr(schedule_slot::Column::FinishedAt, Expr::value(now))
        .exec(tx.db())
        .await?;
    let mut passed = usize::try_from(broken_off.rows_affected).unwrap_or(usize::MAX);
    for planned in &schedule.planned {
        let Some(due_at) = planned.timetable.latest(now) else {
            continue;
        };
        let row = schedule_slot::ActiveModel {
            id: Set(tx.id()),
            rule: Set(planned.rule.name.to_owned()),
            due_at: Set(due_at),
            state: Set(SlotState::Missed),
            lease_token: Set(None),
            leased_until: Set(None),
            attempts: Set(0),
            handled: Set(0),
            note: Set(note.to_owned()),
            started_at: Set(now),
            finished_at: Set(Some(now)),
        };
        let added = schedule_slot::Entity::insert(row)
            .on_conflict(
                OnConflict::columns([schedule_slot::Column::Rule, schedule_slot::Column::DueAt])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx.db())
            .await?;
        passed += usize::try_from(added).unwrap_or(0);
    }
    Ok(passed)
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

/// Runs the job, speaking up now and then, and keeps how it ended.
async fn work(
    ctx: &Context,
    planned: &Planned,
    slot: &Slot,
    token: Uuid,
) -> Result<(SlotState, i32)> {
    let job = AssertUnwindSafe(planned.job.run(ctx, slot)).catch_unwind();
    tokio::pin!(job);
    let ended = loop {
        tokio::select! {
            ended = &mut job => break ended,
            () = tokio::time::sleep(RENEWAL) => {
                if !renew(ctx, slot.id, token).await? {
                    // Another instance has taken over; what this one still did bears repetition.
                    return Ok((SlotState::Running, 0));
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
) -> Result<(SlotState, i32)> {
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
    Ok((state, outcome.handled))
}
