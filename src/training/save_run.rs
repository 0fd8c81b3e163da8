//! Changing a run: while it is a draft nobody hears of it; once it is known, everybody concerned does:
//! participants with the next version of their calendar entry, lecturers, the host of the room.

use std::collections::HashSet;

use entity::{
    course_run,
    ids::{CourseRunId, LessonId, PersonId, RoomId},
    lesson, room_booking,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{
    book,
    events::{self, note},
    lecture, rules,
    run_facts::{RunFacts, Venue},
    seats, store,
    typed_lesson::TypedLesson,
};
use crate::{
    experts,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
    },
    panels, registration,
};

/// A change of a run.
#[derive(Clone, Debug)]
pub struct RunChange {
    /// Everything it says from now on.
    pub facts: RunFacts,
    /// The version that was on the page.
    pub version: i32,
    /// Why, for those who are told; needed when time or place of a known run change.
    pub reason: String,
}

/// Changes a run.
///
/// # Errors
/// `training.changed_elsewhere`; `training.not_now`; `training.move_reason`; what the room and the
/// registration refuse, for example a capacity below the enrolled with the names of those who would
/// lose a seat. Nothing is changed then.
pub async fn save(ctx: &Context, id: CourseRunId, by: PersonId, change: &RunChange) -> Result<()> {
    let known = store::run(ctx.store.read(), id).await?;
    rules::may_change(known.state)?;
    let tx = ctx.store.begin().await?;
    // Panels first, then the registration, then the run: each body locks what is below it.
    for lesson in store::lessons(tx.db(), id).await? {
        if let Some(panel) = lesson.panel_id {
            panels::lock(&tx, panel).await?;
        }
    }
    let before = store::lessons(tx.db(), id).await?;
    let moved = is_moved(&known, &before, &change.facts);
    if rules::is_known(known.state) && moved && change.reason.is_empty() {
        return Err(Error::Invalid(FieldErrors::at(
            "reason",
            Refusal::new("training.move_reason"),
        )));
    }
    let lessons = lessons_after(&tx, &known, &before, &change.facts).await?;
    if let Some(registration) = known.registration_id {
        let (facts, sittings) =
            seats::registration_of(&tx, &known, &change.facts, &lessons).await?;
        registration::change(&tx, ctx, registration, &facts, &sittings)
            .await
            .map_err(at_capacity)?;
    }
    let row = store::lock_run(&tx, id).await?;
    if row.version != change.version || row.state != known.state {
        return Err(Error::Conflict(Refusal::new("training.changed_elsewhere")));
    }
    let mut next: course_run::ActiveModel = row.into();
    change.facts.set(&mut next)?;
    next.version = Set(change.version + 1);
    next.updated_at = Set(tx.now());
    if moved {
        next.reason = Set(change.reason.clone());
    }
    let row = store::update_run(&tx, next).await?;
    write_lessons(&tx, ctx, &row, &before, &lessons, &change.reason).await?;
    book_rooms(&tx, &row, &change.facts, &lessons, by, &change.reason).await?;
    let code = if moved && rules::is_known(row.state) {
        events::MOVED
    } else {
        events::CHANGED
    };
    note(&tx, &row, Some(by), code, &change.reason).await?;
    tx.commit().await
}

/// A registration names whom a lower capacity would cost the seat: that belongs to the field.
fn at_capacity(error: Error) -> Error {
    match error {
        Error::Refused(refusal) if refusal.code == "registration.would_lose_seats" => {
            Error::Invalid(FieldErrors::at("capacity", refusal))
        }
        other => other,
    }
}

/// Whether participants have to be told of another time or place.
fn is_moved(row: &course_run::Model, before: &[lesson::Model], facts: &RunFacts) -> bool {
    let place = match &facts.venue {
        Venue::Room(_, room) => row.room_id != Some(*room),
        Venue::Online(place) => !row.online || row.place != *place,
        Venue::Elsewhere(place) => row.online || row.room_id.is_some() || row.place != *place,
    };
    let mut times: Vec<_> = facts
        .lessons
        .iter()
        .map(|one| one.instants(facts.zone))
        .collect();
    times.sort_unstable();
    place
        || before.len() != times.len()
        || before.iter().map(|one| (one.from_at, one.to_at)).ne(times)
}

/// The lessons as rows after the change; those that are there already keep their ids.
async fn lessons_after(
    tx: &WriteTx,
    run: &course_run::Model,
    before: &[lesson::Model],
    facts: &RunFacts,
) -> Result<Vec<lesson::Model>> {
    let mut order: Vec<_> = facts.lessons.iter().collect();
    order.sort_by_key(|typed| (typed.on, typed.from));
    let mut lessons = Vec::with_capacity(order.len());
    for (position, typed) in (1..).zip(order) {
        let known = before.iter().find(|row| Some(row.id) == typed.id);
        lessons.push(lesson_row(tx, run, known, typed, facts, position).await?);
    }
    Ok(lessons)
}

async fn lesson_row(
    tx: &WriteTx,
    run: &course_run::Model,
    known: Option<&lesson::Model>,
    typed: &TypedLesson,
    facts: &RunFacts,
    position: i32,
) -> Result<lesson::Model> {
    let (from_at, to_at) = typed.instants(facts.zone);
    let named = match &typed.lecturer {
        Some(named) => Some((named, named_expert(tx, &named.name).await?)),
        None => None,
    };
    // Whoever the match found stays, unless the group names somebody instead.
    let found = known.filter(|row| row.lecturer_reason.is_empty());
    let text =
        |of: fn(&lesson::Model) -> &String| found.map(|row| of(row).clone()).unwrap_or_default();
    Ok(lesson::Model {
        id: known.map_or_else(|| tx.id::<LessonId>(), |row| row.id),
        run_id: run.id,
        position,
        title: typed.title.clone(),
        content: typed.content.clone(),
        hours: typed.hours,
        on_date: typed.on,
        from_time: typed.from,
        to_time: typed.to,
        zone: facts.zone.name().to_owned(),
        from_at,
        to_at,
        panel_id: known.and_then(|row| row.panel_id),
        lecturer_expert: match named {
            Some((_, expert)) => expert,
            None => found.and_then(|row| row.lecturer_expert),
        },
        lecturer_name: named.map_or_else(
            || text(|row| &row.lecturer_name),
            |(one, _)| one.name.clone(),
        ),
        lecturer_unit: named.map_or_else(
            || text(|row| &row.lecturer_unit),
            |(one, _)| one.unit.clone(),
        ),
        lecturer_reason: named.map(|(one, _)| one.reason.clone()).unwrap_or_default(),
    })
}

/// The expert of a name, when there is just one.
async fn named_expert(tx: &WriteTx, name: &str) -> Result<Option<entity::ids::ExpertId>> {
    Ok(match experts::by_name(tx.db(), name).await?.as_slice() {
        [only] => Some(only.id),
        _ => None,
    })
}

/// Writes the lessons down. One that is gone ends its panel and its booking; one that changed tells
/// its lecturer.
async fn write_lessons(
    tx: &WriteTx,
    ctx: &Context,
    run: &course_run::Model,
    before: &[lesson::Model],
    after: &[lesson::Model],
    reason: &str,
) -> Result<()> {
    let kept: HashSet<LessonId> = after.iter().map(|row| row.id).collect();
    for gone in before.iter().filter(|row| !kept.contains(&row.id)) {
        lecture::withdraw(tx, ctx, gone, reason).await?;
        room_booking::Entity::delete_many()
            .filter(room_booking::Column::LessonId.eq(gone.id))
            .exec(tx.db())
            .await?;
        lesson::Entity::delete_by_id(gone.id).exec(tx.db()).await?;
    }
    for row in after {
        match before.iter().find(|known| known.id == row.id) {
            None => {
                lesson::Entity::insert(lesson::ActiveModel::from(row.clone()))
                    .exec_without_returning(tx.db())
                    .await?;
            }
            Some(known) => {
                let next: lesson::ActiveModel = row.clone().into();
                lesson::Entity::update(next.reset_all())
                    .exec(tx.db())
                    .await?;
                lecture::changed(tx, ctx, run, known, row, reason).await?;
            }
        }
    }
    Ok(())
}

/// Takes the room that the run needs now, and gives others back.
async fn book_rooms(
    tx: &WriteTx,
    run: &course_run::Model,
    facts: &RunFacts,
    lessons: &[lesson::Model],
    by: PersonId,
    reason: &str,
) -> Result<()> {
    let room: Option<RoomId> = match facts.venue {
        Venue::Room(_, room) => Some(room),
        _ => None,
    };
    match room {
        Some(room) => {
            let room = store::room(tx.db(), room).await?;
            book::release(tx, run, Some(&room), reason).await?;
            book::take(tx, run, &room, lessons, Some(by))
                .await
                .map_err(|error| match error {
                    Error::Refused(refusal) => Error::Invalid(FieldErrors::at("venue", refusal)),
                    other => other,
                })?;
            Ok(())
        }
        None => book::release(tx, run, None, reason).await,
    }
}
