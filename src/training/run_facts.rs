//! What a run says: read from a form, checked against its room, and back into a form.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use entity::{
    course_run,
    ids::{BaseId, RoomId},
    lesson, room, training_base,
};
use sea_orm::ActiveValue::Set;

use super::{
    bases,
    rules::{self, Frame},
    run_questions::{questions, typed_questions},
    syllabus::{fee, needed},
    typed_lesson::{TypedLesson, fits_room, lessons, overlaps},
};
use crate::{
    foundation::{
        calendar::local_to_utc,
        error::{FieldErrors, Refusal, Result},
        ui::{Fields, dates},
    },
    registration::Question,
};

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
