//! What a run says: read from a form, checked against its room, and back into a form.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use entity::{
    course_run,
    ids::{BaseId, LessonId, RoomId},
    lesson, room, training_base,
};
use sea_orm::{ActiveValue::Set, prelude::Json};

use super::{
    bases::{self, read_time},
    layout::HOUR_MINUTES,
    rules::{self, Frame},
    syllabus::{Named, fee, needed},
};
use crate::{
    foundation::{
        calendar::local_to_utc,
        error::{FieldErrors, Refusal, Result},
        ui::{Fields, dates},
    },
    registration::{Question, QuestionKind},
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

/// Where a run is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Venue {
    /// In a room of a base.
    Room(BaseId, RoomId),
    /// Online: the address or name of the room.
    Online(String),
    /// At another place.
    Elsewhere(String),
}

/// The content of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFacts {
    /// Title.
    pub title: String,
    /// Where.
    pub venue: Venue,
    /// The clocks of the lessons.
    pub zone: Tz,
    /// Lessons in the order typed.
    pub lessons: Vec<TypedLesson>,
    /// Seats.
    pub capacity: i32,
    /// 开班人数
    pub least: i32,
    /// The day of the decision.
    pub decide_on: Option<NaiveDate>,
    /// Most people of one unit.
    pub per_unit: Option<i32>,
    /// Enrolment from.
    pub opens_at: DateTime<Utc>,
    /// Enrolment until.
    pub closes_at: DateTime<Utc>,
    /// Anyone may enrol by a confirmed address.
    pub open_form: bool,
    /// The unit agrees to enrolments by the open form.
    pub unit_approval: bool,
    /// Extra questions.
    pub questions: Vec<Question>,
    /// Fee a head, in 分.
    pub fee_fen: i32,
    /// Who is free of it.
    pub fee_free: String,
    /// 开票信息
    pub invoice_note: String,
    /// 食宿交通
    pub lodging: String,
    /// Whom to call.
    pub contact_name: String,
    /// Their number.
    pub contact_phone: String,
    /// 正文
    pub notice_text: String,
}

/// A room with its base.
pub(super) type Place = (training_base::Model, room::Model);

/// What a form is checked against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    /// Every room.
    pub places: &'a [Place],
    /// The office's clocks.
    pub zone: Tz,
    /// The present.
    pub now: DateTime<Utc>,
}

impl RunFacts {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Everything that is wrong, at its field.
    pub(super) fn read(fields: &Fields, ground: Ground<'_>) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let (venue, place) = venue(fields, ground, &mut errors);
        let zone = match place {
            Some((base, _)) => bases::zone(base)?,
            None => ground.zone,
        };
        let lessons = lessons(fields, &mut errors);
        let window = |name: &str, end_of_day: bool, errors: &mut FieldErrors| {
            let day = fields.date(name, errors);
            if day.is_none() && errors.of(name).is_none() {
                errors.add(name, Refusal::new("form.required"));
            }
            let time = if end_of_day { (17, 0) } else { (9, 0) };
            let time = NaiveTime::from_hms_opt(time.0, time.1, 0).unwrap_or_default();
            day.map_or(ground.now, |day| {
                local_to_utc(day.and_time(time), ground.zone)
            })
        };
        let opens_at = window("opens", false, &mut errors);
        let closes_at = window("closes", true, &mut errors);
        let facts = Self {
            title: fields.required("title", 60, &mut errors),
            venue,
            zone,
            lessons,
            capacity: needed(fields, "capacity", (1, 2_000), &mut errors),
            least: needed(fields, "least", (1, 2_000), &mut errors),
            decide_on: fields.date("decide_on", &mut errors),
            per_unit: fields.number("per_unit", 1, 2_000, &mut errors),
            opens_at,
            closes_at,
            open_form: fields.has("open_form"),
            unit_approval: fields.has("unit_approval"),
            questions: questions(fields, &mut errors),
            fee_fen: fee(fields, &mut errors),
            fee_free: fields.optional("fee_free", 200, &mut errors),
            invoice_note: fields.optional("invoice_note", 300, &mut errors),
            lodging: fields.optional("lodging", 500, &mut errors),
            contact_name: fields.required("contact_name", 40, &mut errors),
            contact_phone: fields.required("contact_phone", 40, &mut errors),
            notice_text: fields.optional("notice_text", 2_000, &mut errors),
        };
        facts.check(place, &mut errors);
        errors.into_result(facts)
    }

    /// Notes what does not fit together.
    pub(super) fn check(&self, place: Option<&Place>, errors: &mut FieldErrors) {
        if let Some(first) = self
            .lessons
            .iter()
            .min_by_key(|lesson| (lesson.on, lesson.from))
        {
            let frame = Frame {
                capacity: self.capacity,
                least: self.least,
                decide_on: self.decide_on,
                opens_at: self.opens_at,
                closes_at: self.closes_at,
                starts_at: first.instants(self.zone).0,
                first_day: first.on,
            };
            for (field, refusal) in rules::check_frame(&frame) {
                if errors.of(field).is_none() {
                    errors.add(field, refusal);
                }
            }
        }
        for (field, refusal) in overlaps(&self.lessons) {
            errors.add(field, refusal);
        }
        if let Some((base, room)) = place {
            for (field, refusal) in fits_room(base, room, self.capacity, &self.lessons) {
                errors.add(field, refusal);
            }
        }
    }

    /// Writes the content into a row; start and end follow from the lessons.
    pub(super) fn set(&self, row: &mut course_run::ActiveModel) -> Result<()> {
        let (base, room, online, place) = match &self.venue {
            Venue::Room(base, room) => (Some(*base), Some(*room), false, String::new()),
            Venue::Online(place) => (None, None, true, place.clone()),
            Venue::Elsewhere(place) => (None, None, false, place.clone()),
        };
        let instants: Vec<_> = self
            .lessons
            .iter()
            .map(|lesson| lesson.instants(self.zone))
            .collect();
        row.title = Set(self.title.clone());
        row.base_id = Set(base);
        row.room_id = Set(room);
        row.online = Set(online);
        row.place = Set(place);
        row.zone = Set(self.zone.name().to_owned());
        row.capacity = Set(self.capacity);
        row.least = Set(self.least);
        row.decide_on = Set(self.decide_on);
        row.per_unit = Set(self.per_unit);
        row.opens_at = Set(Some(self.opens_at));
        row.closes_at = Set(Some(self.closes_at));
        row.open_form = Set(self.open_form);
        row.unit_approval = Set(self.unit_approval);
        row.questions = Set(serde_json::to_value(&self.questions)?);
        row.fee_fen = Set(self.fee_fen);
        row.fee_free = Set(self.fee_free.clone());
        row.invoice_note = Set(self.invoice_note.clone());
        row.lodging = Set(self.lodging.clone());
        row.contact_name = Set(self.contact_name.clone());
        row.contact_phone = Set(self.contact_phone.clone());
        row.notice_text = Set(self.notice_text.clone());
        row.starts_at = Set(instants.iter().map(|(from, _)| *from).min());
        row.ends_at = Set(instants.iter().map(|(_, to)| *to).max());
        Ok(())
    }
}

fn venue<'a>(
    fields: &Fields,
    ground: Ground<'a>,
    errors: &mut FieldErrors,
) -> (Venue, Option<&'a Place>) {
    let place = fields.optional("place", 120, errors);
    let elsewhere = |errors: &mut FieldErrors| {
        if place.is_empty() && errors.of("place").is_none() {
            errors.add("place", Refusal::new("form.required"));
        }
    };
    match fields.text("venue") {
        "online" => {
            elsewhere(errors);
            (Venue::Online(place), None)
        }
        "elsewhere" => {
            elsewhere(errors);
            (Venue::Elsewhere(place), None)
        }
        room => {
            let room = room.parse::<RoomId>().ok();
            match ground
                .places
                .iter()
                .find(|(_, known)| Some(known.id) == room)
            {
                Some(found) => (Venue::Room(found.0.id, found.1.id), Some(found)),
                None => {
                    errors.add("venue", Refusal::new("form.choose"));
                    (Venue::Elsewhere(place), None)
                }
            }
        }
    }
}

fn lessons(fields: &Fields, errors: &mut FieldErrors) -> Vec<TypedLesson> {
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
fn overlaps(lessons: &[TypedLesson]) -> Vec<(String, Refusal)> {
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

/// Questions, a line each: `住宿：单间/合住/不住`, `到达时间`; an asterisk in front: an answer is needed.
fn questions(fields: &Fields, errors: &mut FieldErrors) -> Vec<Question> {
    let mut all = Vec::new();
    for (number, line) in (1..).zip(fields.lines("questions")) {
        let required = line.starts_with(['*', '＊']);
        let line = line.trim_start_matches(['*', '＊']).trim();
        let (label, choices) = line.split_once(['：', ':']).unwrap_or((line, ""));
        let choices: Vec<String> = choices
            .split(['/', '／', '、'])
            .map(str::trim)
            .filter(|choice| !choice.is_empty())
            .map(str::to_owned)
            .collect();
        if label.chars().count() > 30 || choices.len() == 1 || number > 8 {
            errors.add(
                "questions",
                Refusal::new("training.question").with("line", line),
            );
            continue;
        }
        all.push(Question {
            key: format!("q{number}"),
            label: label.trim().to_owned(),
            kind: if choices.is_empty() {
                QuestionKind::Text
            } else {
                QuestionKind::Choice
            },
            choices,
            required,
        });
    }
    all
}

/// Questions as they are typed.
fn typed_questions(row: &course_run::Model) -> String {
    let questions: Vec<Question> = questions_of(row);
    let lines: Vec<_> = questions
        .iter()
        .map(|question| {
            let mark = if question.required { "*" } else { "" };
            let choices = question.choices.join("/");
            let colon = if choices.is_empty() { "" } else { "：" };
            format!("{mark}{}{colon}{choices}", question.label)
        })
        .collect();
    lines.join("\n")
}

/// The extra questions of a run.
pub(super) fn questions_of(row: &course_run::Model) -> Vec<Question> {
    serde_json::from_value(Json::clone(&row.questions)).unwrap_or_default()
}

/// The form that shows a run.
pub(super) fn fields(row: &course_run::Model, lessons: &[lesson::Model], zone: Tz) -> Fields {
    let day = |at: Option<DateTime<Utc>>| {
        at.map(|at| dates::local_date(at, zone).to_string())
            .unwrap_or_default()
    };
    let venue = match (row.room_id, row.online, row.place.is_empty()) {
        (Some(room), _, _) => room.to_string(),
        (None, true, _) => "online".to_owned(),
        (None, false, false) => "elsewhere".to_owned(),
        (None, false, true) => String::new(),
    };
    let mut fields = Fields::default()
        .with("title", &row.title)
        .with("venue", venue)
        .with("place", &row.place)
        .with("capacity", row.capacity)
        .with("least", row.least)
        .with(
            "decide_on",
            row.decide_on.map(|day| day.to_string()).unwrap_or_default(),
        )
        .with(
            "per_unit",
            row.per_unit.map(|n| n.to_string()).unwrap_or_default(),
        )
        .with("opens", day(row.opens_at))
        .with("closes", day(row.closes_at))
        .with("questions", typed_questions(row))
        .with("fee", rules::yuan(row.fee_fen).trim_end_matches(" 元"))
        .with("fee_free", &row.fee_free)
        .with("invoice_note", &row.invoice_note)
        .with("lodging", &row.lodging)
        .with("contact_name", &row.contact_name)
        .with("contact_phone", &row.contact_phone)
        .with("notice_text", &row.notice_text)
        .with("version", row.version);
    for (name, ticked) in [
        ("open_form", row.open_form),
        ("unit_approval", row.unit_approval),
    ] {
        if ticked {
            fields = fields.with(name, "1");
        }
    }
    for (number, lesson) in lessons.iter().enumerate() {
        let field = |name: &str| format!("{name}_{number}");
        let named = !lesson.lecturer_reason.is_empty();
        fields = fields
            .with(&field("id"), lesson.id)
            .with(&field("lesson"), &lesson.title)
            .with(&field("content"), &lesson.content)
            .with(&field("hours"), lesson.hours)
            .with(&field("on"), lesson.on_date)
            .with(&field("from"), lesson.from_time.format("%H:%M"))
            .with(&field("to"), lesson.to_time.format("%H:%M"));
        if named {
            fields = fields
                .with(&field("lecturer"), &lesson.lecturer_name)
                .with(&field("lecturer_unit"), &lesson.lecturer_unit)
                .with(&field("lecturer_reason"), &lesson.lecturer_reason);
        }
    }
    fields
}
