//! With too few people: held all the same, put together with another run, or called off. And the end
//! of a run that was held.

use entity::{
    course_run::{self, Decision, RunState},
    enrolment::EnrolmentState,
    ids::{CourseRunId, PersonId},
    training_need::{self, NeedState},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    book,
    events::{self, note},
    fees, lecture, mails,
    rules::{self, Step},
    seats, store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Refusal, Result},
        store::WriteTx,
    },
    panels,
    registration::{self, Merge},
};

/// Notes that a run is held although people are missing.
///
/// # Errors
/// `training.not_now`.
pub(super) async fn hold_anyway(
    ctx: &Context,
    id: CourseRunId,
    by: PersonId,
    reason: &str,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock_run(&tx, id).await?;
    if !rules::is_known(row.state) {
        rules::next(row.state, Step::Hold)?;
    }
    let row = store::update_run(
        &tx,
        course_run::ActiveModel {
            decision: Set(Some(Decision::Hold)),
            updated_at: Set(tx.now()),
            ..row.into()
        },
    )
    .await?;
    note(
        &tx,
        &row,
        Some(by),
        events::DECIDED,
        &format!("按期开班。{reason}"),
    )
    .await?;
    tx.commit().await
}

/// How a run is called off.
#[derive(Clone, Debug)]
pub struct CallOff {
    /// Why, for everybody.
    pub reason: String,
    /// The run that takes its people in.
    pub merge_into: Option<CourseRunId>,
}

/// Calls a run off: participants, lecturers, the host of the room and the units that asked are told.
/// Where it is put together with another run, its people are carried over in their order, with what
/// they paid; whoever finds no seat there waits.
///
/// # Errors
/// `training.reason_needed`, `training.not_now`, `training.merge_target`.
pub async fn call_off(
    ctx: &Context,
    owners: &registration::Owners,
    id: CourseRunId,
    by: PersonId,
    off: &CallOff,
) -> Result<()> {
    if off.reason.is_empty() {
        return Err(Refusal::new("training.reason_needed").into());
    }
    let known = store::run(ctx.store.read(), id).await?;
    rules::next(known.state, Step::Cancel)?;
    let tx = ctx.store.begin().await?;
    let lessons = store::lessons(tx.db(), id).await?;
    for panel in lessons.iter().filter_map(|lesson| lesson.panel_id) {
        panels::lock(&tx, panel).await?;
    }
    let target = match off.merge_into {
        Some(other) => Some(merge_target(ctx, &tx, &known, other).await?),
        None => None,
    };
    let said = match &target {
        Some(other) => format!(
            "{}。本期并入第 {} 期，已报名和候补的人员随之转入；其他人员请到该期通知页面报名：{}",
            off.reason.trim_end_matches('。'),
            other.ordinal,
            ctx.links.absolute(&format!("/training/{}", other.id))
        ),
        None => off.reason.clone(),
    };
    if let Some(registration) = known.registration_id {
        if let Some(other) = &target {
            let merge = Merge {
                from: registration,
                into: seats::registration_id(other)?,
                reason: &off.reason,
            };
            let carried = registration::merge(&tx, ctx, owners, by, merge).await?;
            fees::carry(&tx, other, &carried).await?;
        }
        registration::cancel(&tx, registration, Some(by), &said).await?;
    }
    let row = store::lock_run(&tx, id).await?;
    let state = rules::next(row.state, Step::Cancel)?;
    let was_known = rules::is_known(row.state);
    let decision = if target.is_some() {
        Decision::Merge
    } else {
        Decision::Cancel
    };
    let row = store::update_run(
        &tx,
        course_run::ActiveModel {
            state: Set(state),
            decision: Set(was_known.then_some(decision)),
            merged_into: Set(off.merge_into),
            reason: Set(off.reason.clone()),
            cancelled_at: Set(Some(tx.now())),
            updated_at: Set(tx.now()),
            ..row.into()
        },
    )
    .await?;
    for lesson in &lessons {
        lecture::withdraw(&tx, ctx, lesson, &off.reason).await?;
    }
    book::release(&tx, &row, None, &off.reason).await?;
    let event = note(&tx, &row, Some(by), events::CANCELLED, &said).await?;
    if was_known {
        mails::cancelled(&tx, &row, &said, event).await?;
    }
    tx.commit().await
}

/// Another run of the same course for which people may enrol.
async fn merge_target(
    ctx: &Context,
    tx: &WriteTx,
    run: &course_run::Model,
    other: CourseRunId,
) -> Result<course_run::Model> {
    let row = store::run(tx.db(), other).await?;
    let open = row.state == RunState::Published && row.closes_at.is_some_and(|at| at > ctx.now());
    if row.course_id != run.course_id || row.id == run.id || !open {
        return Err(Refusal::new("training.merge_target").into());
    }
    Ok(row)
}

/// Notes that a run was held: lecturers have served, and those who asked for it are told.
///
/// # Errors
/// `training.not_now`; `registration.not_over`.
pub async fn hold(ctx: &Context, id: CourseRunId, by: Option<PersonId>) -> Result<()> {
    let known = store::run(ctx.store.read(), id).await?;
    rules::next(known.state, Step::Hold)?;
    let everybody = seats::participants(ctx, &known).await?;
    let people = seats::enrolled(&everybody);
    let tx = ctx.store.begin().await?;
    let lessons = store::lessons(tx.db(), id).await?;
    for panel in lessons.iter().filter_map(|lesson| lesson.panel_id) {
        panels::lock(&tx, panel).await?;
    }
    registration::end(&tx, seats::registration_id(&known)?).await?;
    let row = store::lock_run(&tx, id).await?;
    let state = rules::next(row.state, Step::Hold)?;
    let row = store::update_run(
        &tx,
        course_run::ActiveModel {
            state: Set(state),
            held_at: Set(Some(tx.now())),
            updated_at: Set(tx.now()),
            ..row.into()
        },
    )
    .await?;
    for lesson in &lessons {
        lecture::close(&tx, lesson).await?;
    }
    let event = note(&tx, &row, by, events::HELD, &format!("{people} 人")).await?;
    mails::held(&tx, &row, event).await?;
    mails::ask_for_feedback(&tx, &row, everybody).await?;
    meet_needs(&tx, &row).await?;
    tx.commit().await
}

/// What was asked for has been taught.
async fn meet_needs(tx: &WriteTx, run: &course_run::Model) -> Result<()> {
    for need in store::needs_of(tx.db(), run.course_id).await? {
        if need.state != NeedState::Planned {
            continue;
        }
        training_need::Entity::update(training_need::ActiveModel {
            state: Set(NeedState::Met),
            met_at: Set(Some(tx.now())),
            updated_at: Set(tx.now()),
            ..need.into()
        })
        .exec(tx.db())
        .await?;
    }
    Ok(())
}

/// Seats and queue of a run in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Crowd {
    /// With a seat.
    pub enrolled: i32,
    /// In the queue, those with an offer included.
    pub waiting: i32,
}

/// Counts the people of a run.
pub(super) fn crowd(people: &[registration::Participant]) -> Crowd {
    let waiting = people
        .iter()
        .filter(|one| matches!(one.state, EnrolmentState::Waiting | EnrolmentState::Offered))
        .count();
    Crowd {
        enrolled: seats::enrolled(people),
        waiting: i32::try_from(waiting).unwrap_or(i32::MAX),
    }
}
