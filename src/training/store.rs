//! Queries of training.

use chrono::{DateTime, Utc};
use entity::{
    course::{self, CourseState},
    course_part,
    course_run::{self, RunState},
    course_run_event, enrolment,
    ids::{
        BaseId, BookingId, CourseId, CourseRunId, EnrolmentId, LessonId, NeedId, RegistrationId,
        RoomId, UnitId,
    },
    lesson, need_voice, room,
    room_booking::{self, BookingState},
    run_fee, training_base,
    training_need::{self, NeedState},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use crate::foundation::{
    error::{Error, Result},
    store::WriteTx,
};

/// States of bookings that hold a room.
const HOLDING: [BookingState; 2] = [BookingState::Asked, BookingState::Confirmed];

macro_rules! by_id {
    ($($(#[$doc:meta])* $name:ident: $table:ident, $id:ty;)*) => {$(
        $(#[$doc])*
        pub(super) async fn $name<C: ConnectionTrait>(db: &C, id: $id) -> Result<$table::Model> {
            $table::Entity::find_by_id(id)
                .one(db)
                .await?
                .ok_or(Error::NotFound)
        }
    )*};
}

macro_rules! locked_by_id {
    ($($(#[$doc:meta])* $name:ident: $table:ident, $id:ty;)*) => {$(
        $(#[$doc])*
        pub(super) async fn $name(tx: &WriteTx, id: $id) -> Result<$table::Model> {
            $table::Entity::find_by_id(id)
                .lock_exclusive()
                .one(tx.db())
                .await?
                .ok_or(Error::NotFound)
        }
    )*};
}

by_id! {
    /// One need.
    need: training_need, NeedId;
    /// One course.
    course: course, CourseId;
    /// One base.
    base: training_base, BaseId;
    /// One room.
    room: room, RoomId;
    /// One booking.
    booking: room_booking, BookingId;
    /// One run.
    run: course_run, CourseRunId;
    /// One lesson.
    lesson: lesson, LessonId;
}

locked_by_id! {
    /// One need, locked.
    lock_need: training_need, NeedId;
    /// One course, locked.
    lock_course: course, CourseId;
    /// One base, locked.
    lock_base: training_base, BaseId;
    /// One room, locked: who takes it is decided once.
    lock_room: room, RoomId;
    /// One run, locked. Panels and the registration come before it.
    lock_run: course_run, CourseRunId;
}

/// Needs that are not withdrawn, newest first.
pub(super) async fn needs<C: ConnectionTrait>(db: &C) -> Result<Vec<training_need::Model>> {
    Ok(training_need::Entity::find()
        .filter(training_need::Column::State.ne(NeedState::Withdrawn))
        .order_by_desc(training_need::Column::CreatedAt)
        .order_by_desc(training_need::Column::Id)
        .all(db)
        .await?)
}

/// Needs in one state, in the order in which they were stated.
pub(super) async fn needs_in<C: ConnectionTrait>(
    db: &C,
    state: NeedState,
) -> Result<Vec<training_need::Model>> {
    Ok(training_need::Entity::find()
        .filter(training_need::Column::State.eq(state))
        .order_by_asc(training_need::Column::CreatedAt)
        .order_by_asc(training_need::Column::Id)
        .all(db)
        .await?)
}

/// Needs that a course answers.
pub(super) async fn needs_of<C: ConnectionTrait>(
    db: &C,
    course: CourseId,
) -> Result<Vec<training_need::Model>> {
    Ok(training_need::Entity::find()
        .filter(training_need::Column::CourseId.eq(course))
        .filter(training_need::Column::State.ne(NeedState::Withdrawn))
        .order_by_asc(training_need::Column::CreatedAt)
        .order_by_asc(training_need::Column::Id)
        .all(db)
        .await?)
}

/// States of the needs that a unit stated or joined.
pub(super) async fn states_of_unit<C: ConnectionTrait>(
    db: &C,
    unit: UnitId,
) -> Result<Vec<NeedState>> {
    let joined = need_voice::Entity::find()
        .select_only()
        .column(need_voice::Column::NeedId)
        .filter(need_voice::Column::UnitId.eq(unit))
        .into_query();
    let either = Condition::any()
        .add(training_need::Column::UnitId.eq(unit))
        .add(training_need::Column::Id.in_subquery(joined));
    Ok(training_need::Entity::find()
        .filter(either)
        .filter(training_need::Column::State.ne(NeedState::Withdrawn))
        .all(db)
        .await?
        .into_iter()
        .map(|need| need.state)
        .collect())
}

/// Who joined these needs.
pub(super) async fn voices<C: ConnectionTrait>(
    db: &C,
    needs: &[NeedId],
) -> Result<Vec<need_voice::Model>> {
    Ok(need_voice::Entity::find()
        .filter(need_voice::Column::NeedId.is_in(needs.iter().copied()))
        .order_by_asc(need_voice::Column::CreatedAt)
        .order_by_asc(need_voice::Column::Id)
        .all(db)
        .await?)
}

/// The voice of a unit.
pub(super) async fn voice_of<C: ConnectionTrait>(
    db: &C,
    need: NeedId,
    unit: UnitId,
) -> Result<Option<need_voice::Model>> {
    Ok(need_voice::Entity::find()
        .filter(need_voice::Column::NeedId.eq(need))
        .filter(need_voice::Column::UnitId.eq(unit))
        .one(db)
        .await?)
}

/// All courses, the newest first.
pub(super) async fn courses<C: ConnectionTrait>(db: &C) -> Result<Vec<course::Model>> {
    Ok(course::Entity::find()
        .order_by_desc(course::Column::CreatedAt)
        .order_by_desc(course::Column::Id)
        .all(db)
        .await?)
}

/// Offered courses that are held regularly.
pub(super) async fn regular<C: ConnectionTrait>(db: &C) -> Result<Vec<course::Model>> {
    Ok(course::Entity::find()
        .filter(course::Column::State.eq(CourseState::Offered))
        .filter(course::Column::Recurrence.is_not_null())
        .order_by_asc(course::Column::Id)
        .all(db)
        .await?)
}

/// The syllabus of a course.
pub(super) async fn parts<C: ConnectionTrait>(
    db: &C,
    course: CourseId,
) -> Result<Vec<course_part::Model>> {
    Ok(course_part::Entity::find()
        .filter(course_part::Column::CourseId.eq(course))
        .order_by_asc(course_part::Column::Position)
        .all(db)
        .await?)
}

/// All bases, those that were closed last.
pub(super) async fn bases<C: ConnectionTrait>(db: &C) -> Result<Vec<training_base::Model>> {
    let mut all = training_base::Entity::find()
        .order_by_asc(training_base::Column::CreatedAt)
        .order_by_asc(training_base::Column::Id)
        .all(db)
        .await?;
    all.sort_by_key(|base| base.closed_at.is_some());
    Ok(all)
}

/// All rooms, by name.
pub(super) async fn rooms<C: ConnectionTrait>(db: &C) -> Result<Vec<room::Model>> {
    Ok(room::Entity::find()
        .order_by_asc(room::Column::Name)
        .order_by_asc(room::Column::Id)
        .all(db)
        .await?)
}

/// Runs in these states (none: all), the latest start first, drafts without lessons before them.
pub(super) async fn runs<C: ConnectionTrait>(
    db: &C,
    states: &[RunState],
) -> Result<Vec<course_run::Model>> {
    let mut query = course_run::Entity::find();
    if !states.is_empty() {
        query = query.filter(course_run::Column::State.is_in(states.iter().copied()));
    }
    let mut rows = query.all(db).await?;
    rows.sort_by_key(|run| {
        (
            run.starts_at.is_some(),
            std::cmp::Reverse(run.starts_at),
            run.id,
        )
    });
    Ok(rows)
}

/// Runs of a course, the newest first.
pub(super) async fn runs_of<C: ConnectionTrait>(
    db: &C,
    course: CourseId,
) -> Result<Vec<course_run::Model>> {
    Ok(course_run::Entity::find()
        .filter(course_run::Column::CourseId.eq(course))
        .order_by_desc(course_run::Column::Ordinal)
        .all(db)
        .await?)
}

/// How many runs a course has had; the next is one more.
pub(super) async fn last_ordinal(tx: &WriteTx, course: CourseId) -> Result<i32> {
    let last: Option<i32> = course_run::Entity::find()
        .select_only()
        .column(course_run::Column::Ordinal)
        .filter(course_run::Column::CourseId.eq(course))
        .order_by_desc(course_run::Column::Ordinal)
        .into_tuple()
        .one(tx.db())
        .await?;
    Ok(last.unwrap_or(0))
}

/// The run that a start of the recurrence stands for.
pub(super) async fn run_due<C: ConnectionTrait>(
    db: &C,
    course: CourseId,
    start: DateTime<Utc>,
) -> Result<Option<course_run::Model>> {
    Ok(course_run::Entity::find()
        .filter(course_run::Column::CourseId.eq(course))
        .filter(course_run::Column::DueStart.eq(start))
        .one(db)
        .await?)
}

/// One enrolment.
pub(super) async fn enrolment<C: ConnectionTrait>(
    db: &C,
    id: EnrolmentId,
) -> Result<enrolment::Model> {
    enrolment::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// The run of a registration.
pub(super) async fn run_of_registration<C: ConnectionTrait>(
    db: &C,
    registration: RegistrationId,
) -> Result<course_run::Model> {
    course_run::Entity::find()
        .filter(course_run::Column::RegistrationId.eq(registration))
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// Lessons of a run in order of time.
pub(super) async fn lessons<C: ConnectionTrait>(
    db: &C,
    run: CourseRunId,
) -> Result<Vec<lesson::Model>> {
    Ok(lesson::Entity::find()
        .filter(lesson::Column::RunId.eq(run))
        .order_by_asc(lesson::Column::FromAt)
        .order_by_asc(lesson::Column::Id)
        .all(db)
        .await?)
}

/// Bookings of a run that hold a room or were declined, in order of time.
pub(super) async fn bookings<C: ConnectionTrait>(
    db: &C,
    run: CourseRunId,
) -> Result<Vec<room_booking::Model>> {
    Ok(room_booking::Entity::find()
        .filter(room_booking::Column::RunId.eq(run))
        .filter(room_booking::Column::State.ne(BookingState::Released))
        .order_by_asc(room_booking::Column::FromAt)
        .order_by_asc(room_booking::Column::Id)
        .all(db)
        .await?)
}

/// Bookings of these rooms from `from` on that hold them, in order of time.
pub(super) async fn held<C: ConnectionTrait>(
    db: &C,
    rooms: &[RoomId],
    from: DateTime<Utc>,
) -> Result<Vec<room_booking::Model>> {
    Ok(room_booking::Entity::find()
        .filter(room_booking::Column::RoomId.is_in(rooms.iter().copied()))
        .filter(room_booking::Column::State.is_in(HOLDING))
        .filter(room_booking::Column::ToAt.gt(from))
        .order_by_asc(room_booking::Column::FromAt)
        .order_by_asc(room_booking::Column::Id)
        .all(db)
        .await?)
}

/// A booking by another run that holds the room at this time.
pub(super) async fn in_the_way(
    tx: &WriteTx,
    room: RoomId,
    run: CourseRunId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Option<room_booking::Model>> {
    Ok(room_booking::Entity::find()
        .filter(room_booking::Column::RoomId.eq(room))
        .filter(room_booking::Column::RunId.ne(run))
        .filter(room_booking::Column::State.is_in(HOLDING))
        .filter(room_booking::Column::FromAt.lt(to))
        .filter(room_booking::Column::ToAt.gt(from))
        .order_by_asc(room_booking::Column::FromAt)
        .one(tx.db())
        .await?)
}

/// What happened to a run, oldest first.
pub(super) async fn events<C: ConnectionTrait>(
    db: &C,
    run: CourseRunId,
) -> Result<Vec<course_run_event::Model>> {
    Ok(course_run_event::Entity::find()
        .filter(course_run_event::Column::RunId.eq(run))
        .order_by_asc(course_run_event::Column::At)
        .order_by_asc(course_run_event::Column::Id)
        .all(db)
        .await?)
}

pub(super) async fn insert_event(tx: &WriteTx, row: course_run_event::Model) -> Result<()> {
    course_run_event::Entity::insert(course_run_event::ActiveModel::from(row))
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// Fees of a run.
pub(super) async fn fees<C: ConnectionTrait>(
    db: &C,
    run: CourseRunId,
) -> Result<Vec<run_fee::Model>> {
    Ok(run_fee::Entity::find()
        .filter(run_fee::Column::RunId.eq(run))
        .all(db)
        .await?)
}

/// How many open needs there are.
pub(super) async fn open_needs<C: ConnectionTrait>(db: &C) -> Result<u64> {
    Ok(training_need::Entity::find()
        .filter(training_need::Column::State.eq(NeedState::Open))
        .count(db)
        .await?)
}

/// Writes a changed run.
pub(super) async fn update_run(
    tx: &WriteTx,
    row: course_run::ActiveModel,
) -> Result<course_run::Model> {
    Ok(course_run::Entity::update(row).exec(tx.db()).await?)
}
