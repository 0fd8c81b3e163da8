//! The next run of a course as a draft: by hand, or by the recurrence. Lessons follow from the
//! syllabus; what is usual is filled in, and a person completes it.

use chrono::{DateTime, Datelike, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use entity::{
    course::{self, CourseState},
    course_part,
    course_run::{self, RunState},
    ids::{CourseId, CourseRunId, LessonId, PersonId},
    lesson, room, training_base,
};
use sea_orm::{ActiveValue::Set, EntityTrait, prelude::Json};

use super::{bases, book, events, layout, store};
use crate::{
    foundation::{
        calendar::local_to_utc,
        context::Context,
        error::{Refusal, Result},
        numbers,
        store::WriteTx,
        texts::Label,
        ui::dates,
    },
    people,
};

/// Enrolment usually ends so many working days before the first lesson; it is then decided whether
/// the run is held.
const CLOSES_WORKING_DAYS: i32 = 5;

/// A run to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewRun {
    /// Of which course.
    pub course: CourseId,
    /// Local start on the clocks of the course.
    pub start: NaiveDateTime,
    /// The start by the recurrence, when that makes it.
    pub due_start: Option<DateTime<Utc>>,
    /// Who makes it; none: the recurrence.
    pub by: Option<PersonId>,
}

/// Makes the next run as a draft. The usual room is asked for when it is free; otherwise the draft
/// has none and its history says so.
///
/// # Errors
/// `training.course_not_offered`; `training.start_past`.
pub async fn make(ctx: &Context, tx: &WriteTx, new: NewRun) -> Result<CourseRunId> {
    let course = store::lock_course(tx, new.course).await?;
    if course.state != CourseState::Offered {
        return Err(Refusal::new("training.course_not_offered")
            .with("state", course.state.zh())
            .into());
    }
    let parts = store::parts(tx.db(), course.id).await?;
    let place = match course.room_id {
        Some(room) => {
            let room = store::room(tx.db(), room).await?;
            Some((store::base(tx.db(), room.base_id).await?, room))
        }
        None => None,
    };
    let zone = place
        .as_ref()
        .map_or(Ok(ctx.zone()), |(base, _)| bases::zone(base))?;
    if local_to_utc(new.start, zone) <= tx.now() {
        return Err(Refusal::new("training.start_past").into());
    }
    let row = insert(ctx, tx, &course, new, zone).await?;
    let lessons = add_lessons(tx, &row, &parts, new.start, place.as_ref(), zone).await?;
    let row = store::update_run(
        tx,
        course_run::ActiveModel {
            starts_at: Set(lessons.iter().map(|lesson| lesson.from_at).min()),
            ends_at: Set(lessons.iter().map(|lesson| lesson.to_at).max()),
            ..row.into()
        },
    )
    .await?;
    let mut said = String::new();
    if let Some((base, room)) = &place {
        match book::take(tx, &row, room, &lessons, new.by).await {
            Ok(_) => take_room(tx, &row, base, room).await?,
            Err(crate::foundation::error::Error::Refused(_)) => {
                said = format!("{} {}没有空，请另选教室", base.name, room.name);
            }
            Err(error) => return Err(error),
        }
    }
    events::note(tx, &row, new.by, events::MADE, &said).await?;
    Ok(row.id)
}

async fn take_room(
    tx: &WriteTx,
    row: &course_run::Model,
    base: &training_base::Model,
    room: &room::Model,
) -> Result<()> {
    store::update_run(
        tx,
        course_run::ActiveModel {
            base_id: Set(Some(base.id)),
            room_id: Set(Some(room.id)),
            ..row.clone().into()
        },
    )
    .await?;
    Ok(())
}

async fn insert(
    ctx: &Context,
    tx: &WriteTx,
    course: &course::Model,
    new: NewRun,
    zone: Tz,
) -> Result<course_run::Model> {
    let year = ctx.today().year();
    let number = numbers::next(tx, "course_run", year).await?;
    let calendar = ctx.calendar();
    let closing = calendar
        .add_working_days(new.start.date(), -CLOSES_WORKING_DAYS)
        .value;
    let closing = closing.max(ctx.today());
    let until = local_to_utc(closing.and_time(ctx.config.office.day_end.0), ctx.zone());
    let contact = match new.by {
        Some(by) => people::get(tx.db(), by).await?.name,
        None => "培训工作组".to_owned(),
    };
    let row = course_run::Model {
        id: tx.id::<CourseRunId>(),
        course_id: course.id,
        ordinal: store::last_ordinal(tx, course.id).await? + 1,
        number: format!("PX-{year}-{number:03}"),
        state: RunState::Draft,
        title: course.title.clone(),
        base_id: None,
        room_id: None,
        online: false,
        place: String::new(),
        zone: zone.name().to_owned(),
        capacity: course.capacity,
        least: course.least,
        decide_on: Some(closing),
        decision: None,
        per_unit: course.per_unit,
        opens_at: Some(local_to_utc(
            ctx.today().and_time(ctx.config.office.day_start.0),
            ctx.zone(),
        )),
        closes_at: Some(until),
        open_form: false,
        unit_approval: false,
        questions: Json::Array(Vec::new()),
        fee_fen: course.fee_fen,
        fee_free: course.fee_free.clone(),
        invoice_note: String::new(),
        lodging: String::new(),
        contact_name: contact,
        contact_phone: ctx.config.office.phone.clone(),
        notice_number: None,
        notice_text: String::new(),
        starts_at: None,
        ends_at: None,
        due_start: new.due_start,
        registration_id: None,
        merged_into: None,
        reason: String::new(),
        created_by: new.by,
        created_at: tx.now(),
        updated_at: tx.now(),
        published_at: None,
        closed_at: None,
        held_at: None,
        settled_at: None,
        cancelled_at: None,
        version: 1,
    };
    course_run::Entity::insert(course_run::ActiveModel::from(row.clone()))
        .exec_without_returning(tx.db())
        .await?;
    Ok(row)
}

async fn add_lessons(
    tx: &WriteTx,
    run: &course_run::Model,
    parts: &[course_part::Model],
    start: NaiveDateTime,
    place: Option<&(training_base::Model, room::Model)>,
    zone: Tz,
) -> Result<Vec<lesson::Model>> {
    let hours: Vec<_> = parts.iter().map(|part| part.hours).collect();
    let midnight = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default();
    let last = place.map_or(midnight, |(_, room)| room.closes);
    let spans = layout::lay_out(&hours, start, last);
    let mut lessons = Vec::with_capacity(parts.len());
    for ((position, part), span) in (1..).zip(parts).zip(spans) {
        let row = lesson::Model {
            id: tx.id::<LessonId>(),
            run_id: run.id,
            position,
            title: part.title.clone(),
            content: part.content.clone(),
            hours: part.hours,
            on_date: span.on,
            from_time: span.from,
            to_time: span.to,
            zone: zone.name().to_owned(),
            from_at: local_to_utc(span.on.and_time(span.from), zone),
            to_at: local_to_utc(span.on.and_time(span.to), zone),
            panel_id: None,
            lecturer_expert: part.lecturer_expert,
            lecturer_name: part.lecturer_name.clone(),
            lecturer_unit: part.lecturer_unit.clone(),
            lecturer_reason: part.lecturer_reason.clone(),
        };
        lesson::Entity::insert(lesson::ActiveModel::from(row.clone()))
            .exec_without_returning(tx.db())
            .await?;
        lessons.push(row);
    }
    Ok(lessons)
}

/// 第 3 期（10月20日）
pub(super) fn short_name(run: &course_run::Model, zone: Tz) -> String {
    match run.starts_at {
        Some(at) => format!(
            "第 {} 期（{}）",
            run.ordinal,
            dates::day(dates::local_date(at, zone))
        ),
        None => format!("第 {} 期", run.ordinal),
    }
}
