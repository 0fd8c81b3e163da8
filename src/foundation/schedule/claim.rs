//! Claiming a slot: by the unique key of its row, or from an instance that has gone silent.

use chrono::{DateTime, Duration, Utc};
use entity::{
    ids::SlotId,
    schedule_slot::{self, SlotState},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    job::{CatchUp, Rule, Slot},
    plan::Planned,
};
use crate::foundation::{context::Context, error::Result};

/// A slot found so soon after its time was not missed by anybody.
const GRACE: Duration = Duration::minutes(5);
/// How long an instance may be silent about a run before another takes it over.
pub(super) const LEASE: Duration = Duration::seconds(60);
/// How often a slot is tried.
pub(super) const MAX_ATTEMPTS: i32 = 3;

/// What there is to do for a rule.
pub(super) enum Claim {
    /// Nothing.
    Nothing,
    /// A slot has passed and is not worth running any more; noted.
    Missed(DateTime<Utc>),
    /// This slot is this instance's to run, under this lease.
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

/// Claims what is due of a rule.
pub(super) async fn claim(ctx: &Context, planned: &Planned) -> Result<Claim> {
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
