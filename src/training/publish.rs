//! A run is announced: it gets its 文号, people may enrol, those who asked for it are told, and lessons
//! without a lecturer go into the next match.

use chrono::Datelike;
use chrono_tz::Tz;
use entity::{
    course_run::{self, RunState},
    ids::{CourseRunId, PersonId},
    lesson,
    room_booking::BookingState,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::{
    events::{self, note},
    lecture, mails,
    rules::{self, Step},
    run_facts::{Place, RunFacts, Venue},
    run_questions::questions_of,
    seats, store,
    syllabus::Named,
    typed_lesson::TypedLesson,
};
use crate::foundation::{
    context::Context,
    error::{Error, FieldErrors, Refusal, Result},
    numbers,
    store::WriteTx,
    ui::dates,
};

/// What the rows of a run say, as it would be typed.
///
/// # Errors
/// When the row names a zone that is not known.
pub fn facts_of(row: &course_run::Model, lessons: &[lesson::Model]) -> Result<RunFacts> {
    Ok(RunFacts {
        title: row.title.clone(),
        venue: match (row.base_id, row.room_id, row.online) {
            (Some(base), Some(room), _) => Venue::Room(base, room),
            (_, _, true) => Venue::Online(row.place.clone()),
            _ => Venue::Elsewhere(row.place.clone()),
        },
        zone: zone_of(row)?,
        lessons: lessons.iter().enumerate().map(typed).collect(),
        capacity: row.capacity,
        least: row.least,
        decide_on: row.decide_on,
        per_unit: row.per_unit,
        opens_at: row.opens_at.unwrap_or(row.created_at),
        closes_at: row.closes_at.unwrap_or(row.created_at),
        open_form: row.open_form,
        unit_approval: row.unit_approval,
        questions: questions_of(row),
        fee_fen: row.fee_fen,
        fee_free: row.fee_free.clone(),
        invoice_note: row.invoice_note.clone(),
        lodging: row.lodging.clone(),
        contact_name: row.contact_name.clone(),
        contact_phone: row.contact_phone.clone(),
        notice_text: row.notice_text.clone(),
    })
}

/// The clocks of a run.
///
/// # Errors
/// When the row names a zone that is not known.
pub(super) fn zone_of(row: &course_run::Model) -> Result<Tz> {
    row.zone
        .parse()
        .map_err(|_| Error::internal(format!("no time zone {}", row.zone)))
}

fn typed((row, lesson): (usize, &lesson::Model)) -> TypedLesson {
    TypedLesson {
        row,
        id: Some(lesson.id),
        title: lesson.title.clone(),
        content: lesson.content.clone(),
        hours: lesson.hours,
        on: lesson.on_date,
        from: lesson.from_time,
        to: lesson.to_time,
        lecturer: (!lesson.lecturer_reason.is_empty()).then(|| Named {
            expert: lesson.lecturer_expert,
            name: lesson.lecturer_name.clone(),
            unit: lesson.lecturer_unit.clone(),
            reason: lesson.lecturer_reason.clone(),
        }),
    }
}

/// Everything that is missing before a run can be announced, each at its field; an empty field name
/// stands for the run as a whole.
///
/// # Errors
/// When the database fails.
pub(super) async fn missing<C: ConnectionTrait>(
    db: &C,
    ctx: &Context,
    row: &course_run::Model,
    lessons: &[lesson::Model],
) -> Result<FieldErrors> {
    let mut errors = FieldErrors::default();
    let facts = facts_of(row, lessons)?;
    if lessons.is_empty() {
        errors.add("", Refusal::new("training.no_lessons"));
    }
    let place: Option<Place> = match facts.venue {
        Venue::Room(base, room) => {
            Some((store::base(db, base).await?, store::room(db, room).await?))
        }
        Venue::Online(ref place) | Venue::Elsewhere(ref place) => {
            if place.is_empty() {
                errors.add("", Refusal::new("training.no_venue"));
            }
            None
        }
    };
    facts.check(place.as_ref(), &mut errors);
    if row.starts_at.is_some_and(|at| at <= ctx.now()) {
        errors.add("", Refusal::new("training.start_past"));
    } else if facts.closes_at <= ctx.now() {
        let day = dates::day(dates::local_date(facts.closes_at, ctx.zone()));
        errors.add("", Refusal::new("training.window_past").with("day", day));
    }
    if let Some((_, room)) = &place {
        let bookings = store::bookings(db, row.id).await?;
        let confirmed = |lesson: &lesson::Model| {
            bookings
                .iter()
                .any(|one| one.lesson_id == lesson.id && one.state == BookingState::Confirmed)
        };
        if !lessons.iter().all(confirmed) {
            errors.add(
                "",
                Refusal::new("training.room_unconfirmed").with("room", &room.name),
            );
        }
    }
    Ok(errors)
}

/// Announces a draft.
///
/// # Errors
/// Everything that is `missing`; `training.not_now`.
pub async fn publish(ctx: &Context, id: CourseRunId, by: PersonId) -> Result<()> {
    let tx = ctx.store.begin().await?;
    publish_in(ctx, &tx, id, by).await?;
    tx.commit().await
}

/// The same within a write.
///
/// # Errors
/// As [`publish`].
pub async fn publish_in(ctx: &Context, tx: &WriteTx, id: CourseRunId, by: PersonId) -> Result<()> {
    let row = store::lock_run(tx, id).await?;
    let state = rules::next(row.state, Step::Publish)?;
    let lessons = store::lessons(tx.db(), id).await?;
    missing(tx.db(), ctx, &row, &lessons)
        .await?
        .into_result(())?;
    let registration = seats::open(ctx, tx, &row, &facts_of(&row, &lessons)?, &lessons).await?;
    let year = ctx.today().year();
    let number = numbers::next(tx, "training_notice", year).await?;
    let row = store::update_run(
        tx,
        course_run::ActiveModel {
            state: Set(state),
            notice_number: Set(Some(format!("团标联培〔{year}〕{number}号"))),
            registration_id: Set(Some(registration)),
            published_at: Set(Some(tx.now())),
            updated_at: Set(tx.now()),
            ..row.into()
        },
    )
    .await?;
    let event = note(tx, &row, Some(by), events::PUBLISHED, "").await?;
    mails::published(ctx, tx, &row, event).await?;
    lecture::ask(ctx, tx, id).await?;
    Ok(())
}

/// Ends enrolment before its time.
///
/// # Errors
/// `training.not_now`.
pub(super) async fn close(ctx: &Context, id: CourseRunId) -> Result<()> {
    let known = store::run(ctx.store.read(), id).await?;
    rules::next(known.state, Step::Close)?;
    let tx = ctx.store.begin().await?;
    crate::registration::close(&tx, seats::registration_id(&known)?).await?;
    let row = store::lock_run(&tx, id).await?;
    if row.state == RunState::Published {
        seats::close(&tx, row).await?;
    }
    tx.commit().await
}
