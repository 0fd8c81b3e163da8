//! Rooms are taken for lessons: nobody else has them at that time, and the host unit confirms.

use entity::{
    course_run,
    ids::{BookingId, PersonId},
    lesson, room,
    room_booking::{self, BookingState},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{bases, events, mails, store};
use crate::foundation::{
    context::Context,
    error::{Refusal, Result},
    store::WriteTx,
    texts::Label,
    ui::dates,
};

/// What a run needs of a room follows from its lessons: what is new or moved is asked for, what is
/// not needed any more is given back, and what stays is left as it was answered. Decided under the
/// lock of the room.
///
/// # Errors
/// `training.room_taken` with whose run is in the way and when.
pub(super) async fn take(
    tx: &WriteTx,
    run: &course_run::Model,
    room: &room::Model,
    lessons: &[lesson::Model],
    by: Option<PersonId>,
) -> Result<usize> {
    let room = store::lock_room(tx, room.id).await?;
    let zone = bases::zone(&store::base(tx.db(), room.base_id).await?)?;
    for lesson in lessons {
        let taken = store::in_the_way(tx, room.id, run.id, lesson.from_at, lesson.to_at).await?;
        if let Some(other) = taken {
            let whose = store::run(tx.db(), other.run_id).await?;
            return Err(Refusal::new("training.room_taken")
                .with("room", &room.name)
                .with("from", dates::moment(other.from_at, zone))
                .with("to", dates::moment(other.to_at, zone))
                .with("run", format!("{}（第 {} 期）", whose.title, whose.ordinal))
                .into());
        }
    }
    let known = store::bookings(tx.db(), run.id).await?;
    let mut asked = 0;
    for lesson in lessons {
        let own: Vec<_> = known
            .iter()
            .filter(|booking| booking.lesson_id == lesson.id)
            .collect();
        let same = |booking: &room_booking::Model| {
            booking.room_id == room.id
                && booking.from_at == lesson.from_at
                && booking.to_at == lesson.to_at
                && booking.state != BookingState::Declined
        };
        if own.iter().any(|booking| same(booking)) {
            continue;
        }
        for booking in own {
            set_state(tx, booking, BookingState::Released).await?;
        }
        insert(tx, run, &room, lesson, by).await?;
        asked += 1;
    }
    if asked > 0 {
        mails::ask_for_room(tx, run, &room).await?;
    }
    Ok(asked)
}

async fn insert(
    tx: &WriteTx,
    run: &course_run::Model,
    room: &room::Model,
    lesson: &lesson::Model,
    by: Option<PersonId>,
) -> Result<()> {
    room_booking::Entity::insert(room_booking::ActiveModel {
        id: Set(tx.id::<BookingId>()),
        room_id: Set(room.id),
        run_id: Set(run.id),
        lesson_id: Set(lesson.id),
        from_at: Set(lesson.from_at),
        to_at: Set(lesson.to_at),
        state: Set(BookingState::Asked),
        asked_by: Set(by),
        asked_at: Set(tx.now()),
        decided_by: Set(None),
        decided_at: Set(None),
        note: Set(String::new()),
    })
    .exec_without_returning(tx.db())
    .await?;
    Ok(())
}

async fn set_state(tx: &WriteTx, row: &room_booking::Model, state: BookingState) -> Result<()> {
    room_booking::Entity::update(room_booking::ActiveModel {
        state: Set(state),
        ..row.clone().into()
    })
    .exec(tx.db())
    .await?;
    Ok(())
}

/// Gives everything back that a run has taken and does not need any more: all of it, or what is not
/// of `kept`. The host is told when something lay ahead.
pub(super) async fn release(
    tx: &WriteTx,
    run: &course_run::Model,
    kept: Option<&room::Model>,
    reason: &str,
) -> Result<()> {
    let mut rooms = Vec::new();
    for booking in store::bookings(tx.db(), run.id).await? {
        if kept.is_some_and(|room| room.id == booking.room_id) {
            continue;
        }
        set_state(tx, &booking, BookingState::Released).await?;
        if booking.to_at > tx.now() && !rooms.contains(&booking.room_id) {
            rooms.push(booking.room_id);
        }
    }
    for room in rooms {
        let room = store::room(tx.db(), room).await?;
        mails::give_room_back(tx, run, &room, reason).await?;
    }
    Ok(())
}

/// What the host answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HostAnswer {
    /// Whether the room can be had.
    pub yes: bool,
    /// What is said with it; needed with a no.
    pub note: String,
}

/// Notes the answer of the host for all lessons of a run in one room: what is asked for is confirmed
/// or declined together. A confirmed room may still be declined with the reason.
///
/// # Errors
/// `training.host_reason` for a no without reason; `training.booking_settled` when nothing waits.
pub(super) async fn answer(
    ctx: &Context,
    id: BookingId,
    by: PersonId,
    given: &HostAnswer,
) -> Result<()> {
    if !given.yes && given.note.is_empty() {
        return Err(Refusal::new("training.host_reason").into());
    }
    let known = store::booking(ctx.store.read(), id).await?;
    let tx = ctx.store.begin().await?;
    let run = store::lock_run(&tx, known.run_id).await?;
    let room = store::lock_room(&tx, known.room_id).await?;
    let to = if given.yes {
        BookingState::Confirmed
    } else {
        BookingState::Declined
    };
    let mut answered = 0;
    for booking in store::bookings(tx.db(), run.id).await? {
        let open = match booking.state {
            BookingState::Asked => true,
            BookingState::Confirmed => !given.yes,
            _ => false,
        };
        if booking.room_id != room.id || !open {
            continue;
        }
        room_booking::Entity::update(room_booking::ActiveModel {
            state: Set(to),
            decided_by: Set(Some(by)),
            decided_at: Set(Some(tx.now())),
            note: Set(given.note.clone()),
            ..booking.into()
        })
        .exec(tx.db())
        .await?;
        answered += 1;
    }
    if answered == 0 {
        return Err(Refusal::new("training.booking_settled")
            .with("state", known.state.zh())
            .into());
    }
    let said = format!("{}{}", room.name, to.zh());
    let text = if given.note.is_empty() {
        said
    } else {
        format!("{said}：{}", given.note)
    };
    let event = events::note(&tx, &run, Some(by), events::ROOM, &text).await?;
    mails::room_answered(&tx, &run, &room, given, event).await?;
    tx.commit().await
}
