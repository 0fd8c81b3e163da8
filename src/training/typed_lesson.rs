//! Lessons as they are typed, and whether they fit together and into their room.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use entity::{ids::LessonId, room, training_base};

use super::{
    bases::read_time,
    layout::HOUR_MINUTES,
    syllabus::{Named, needed},
};
use crate::foundation::{
    calendar::local_to_utc,
    error::{FieldErrors, Refusal},
    ui::{Fields, dates},
};

/// Most lessons of a run.
pub(super) const MOST_LESSONS: usize = 40;

/// A lesson as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedLesson {
    /// Its row in the form, from 0.
    pub row: usize,
    /// The lesson, when it is there already.
    pub id: Option<LessonId>,
    /// Title.
    pub title: String,
    /// What is taught.
    pub content: String,
    /// 学时
    pub hours: i32,
    /// Local day.
    pub on: NaiveDate,
    /// Local start.
    pub from: NaiveTime,
    /// Local end.
    pub to: NaiveTime,
    /// The lecturer named by the group; none: by the match.
    pub lecturer: Option<Named>,
}

impl TypedLesson {
    /// Start and end as instants: where clocks skip the time, after the gap; where they show it
    /// twice, the first.
    pub fn instants(&self, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
        let at = |time| local_to_utc(self.on.and_time(time), zone);
        (at(self.from), at(self.to))
    }
}

/// Reads all rows; what is wrong with one is noted at its fields, with its number behind.
pub(super) fn lessons(fields: &Fields, errors: &mut FieldErrors) -> Vec<TypedLesson> {
    let mut all = Vec::new();
    for row in 0..MOST_LESSONS {
        let field = |name: &str| format!("{name}_{row}");
        let title = fields.optional(&field("lesson"), 60, errors);
        if title.is_empty() {
            if !fields.text(&field("on")).is_empty() && !fields.has(&field("drop")) {
                errors.add(field("lesson"), Refusal::new("form.required"));
            }
            continue;
        }
        if fields.has(&field("drop")) {
            continue;
        }
        let on = fields.date(&field("on"), errors);
        if on.is_none() && errors.of(&field("on")).is_none() {
            errors.add(field("on"), Refusal::new("form.required"));
        }
        let from = read_time(fields, &field("from"), errors);
        let to = read_time(fields, &field("to"), errors);
        let hours = needed(fields, &field("hours"), (1, 40), errors);
        let lecturer = Named::read(fields, row, errors);
        let content = fields.optional(&field("content"), 500, errors);
        let (Some(on), Some(from), Some(to)) = (on, from, to) else {
            continue;
        };
        if to <= from {
            errors.add(
                field("to"),
                Refusal::new("training.lesson_empty").with("title", &title),
            );
        } else if (to - from).num_minutes() < i64::from(hours) * HOUR_MINUTES {
            errors.add(
                field("hours"),
                Refusal::new("training.lesson_short")
                    .with("title", &title)
                    .with("hours", hours)
                    .with("minutes", i64::from(hours) * HOUR_MINUTES),
            );
        }
        all.push(TypedLesson {
            row,
            id: fields.id(&field("id")),
            title,
            content,
            hours,
            on,
            from,
            to,
            lecturer,
        });
    }
    if all.is_empty() && errors.is_empty() {
        errors.add("lesson_0", Refusal::new("training.no_lessons"));
    }
    all
}

/// Lessons of one run that lie at the same time.
pub(super) fn overlaps(lessons: &[TypedLesson]) -> Vec<(String, Refusal)> {
    let mut order: Vec<_> = lessons.iter().collect();
    order.sort_by_key(|lesson| (lesson.on, lesson.from));
    order
        .windows(2)
        .filter(|pair| pair[0].on == pair[1].on && pair[1].from < pair[0].to)
        .map(|pair| {
            (
                format!("from_{}", pair[1].row),
                Refusal::new("training.lessons_overlap")
                    .with("one", &pair[0].title)
                    .with("other", &pair[1].title),
            )
        })
        .collect()
}

/// What a room does not allow: too few seats, closed, lessons outside its hours or after the base's
/// last day.
pub(super) fn fits_room(
    base: &training_base::Model,
    room: &room::Model,
    capacity: i32,
    lessons: &[TypedLesson],
) -> Vec<(String, Refusal)> {
    let mut wrong = Vec::new();
    if room.seats < capacity {
        wrong.push((
            "capacity".to_owned(),
            Refusal::new("training.room_seats")
                .with("room", &room.name)
                .with("seats", room.seats)
                .with("capacity", capacity),
        ));
    }
    if room.closed_at.is_some() || base.closed_at.is_some() {
        let refusal = Refusal::new("training.room_closed").with("room", &room.name);
        wrong.push(("venue".to_owned(), refusal));
    }
    for lesson in lessons {
        if lesson.from < room.opens || lesson.to > room.closes {
            wrong.push((
                format!("from_{}", lesson.row),
                Refusal::new("training.room_hours")
                    .with("title", &lesson.title)
                    .with("room", &room.name)
                    .with("opens", room.opens.format("%H:%M"))
                    .with("closes", room.closes.format("%H:%M")),
            ));
        }
    }
    let last = lessons.iter().map(|lesson| lesson.on).max();
    if let (Some(last), Some(until)) = (last, base.valid_until)
        && last > until
    {
        let refusal = Refusal::new("training.base_ends")
            .with("base", &base.name)
            .with("until", dates::full_day(until));
        wrong.push(("venue".to_owned(), refusal));
    }
    wrong
}
