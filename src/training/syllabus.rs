//! What a course says: read from a form, checked, and back into a form.

use entity::{
    course, course_part,
    ids::{BaseId, ExpertId, RoomId},
};
use sea_orm::{ActiveValue::Set, prelude::Json};

use super::rules;
use crate::{
    foundation::{
        error::{FieldErrors, Refusal},
        ui::{Fields, read_domains, typed_domains},
    },
    panels::texts,
};

/// Most parts of a syllabus.
pub(super) const MOST_PARTS: usize = 20;

/// A part of the syllabus.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Title.
    pub title: String,
    /// What is taught.
    pub content: String,
    /// 学时
    pub hours: i32,
    /// The lecturer named by the group.
    pub lecturer: Option<Named>,
}

/// A lecturer named by the group instead of found by the match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The expert, when of the pool.
    pub expert: Option<ExpertId>,
    /// Name.
    pub name: String,
    /// Where that person works.
    pub unit: String,
    /// Why this person.
    pub reason: String,
}

impl Named {
    /// Reads the fields of row `row`; none when no name was typed. A name needs its reason.
    pub(super) fn read(fields: &Fields, row: usize, errors: &mut FieldErrors) -> Option<Self> {
        let field = |name: &str| format!("{name}_{row}");
        let name = fields.optional(&field("lecturer"), 40, errors);
        let unit = fields.optional(&field("lecturer_unit"), 80, errors);
        let reason = fields.optional(&field("lecturer_reason"), 200, errors);
        if name.is_empty() {
            return None;
        }
        if reason.is_empty() {
            errors.add(
                field("lecturer_reason"),
                Refusal::new("training.lecturer_reason").with("name", &name),
            );
        }
        Some(Self {
            expert: None,
            name,
            unit,
            reason,
        })
    }
}

/// The content of a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syllabus {
    /// Title.
    pub title: String,
    /// What one can do afterwards.
    pub aim: String,
    /// For whom.
    pub audience: String,
    /// What one should know or bring.
    pub prerequisites: String,
    /// Codes.
    pub domains: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Its parts, in order.
    pub parts: Vec<Part>,
    /// A certificate needs so much of the hours.
    pub attendance_percent: i32,
    /// A certificate needs this mark; none without an exam.
    pub min_mark: Option<i32>,
    /// Usual seats.
    pub capacity: i32,
    /// Usual 开班人数.
    pub least: i32,
    /// Usual most people of one unit.
    pub per_unit: Option<i32>,
    /// Usual fee, in 分.
    pub fee_fen: i32,
    /// Who is free of it.
    pub fee_free: String,
    /// Usual base.
    pub base: Option<BaseId>,
    /// Usual room.
    pub room: Option<RoomId>,
}

impl Default for Syllabus {
    fn default() -> Self {
        Self {
            title: String::new(),
            aim: String::new(),
            audience: String::new(),
            prerequisites: String::new(),
            domains: Vec::new(),
            keywords: Vec::new(),
            parts: Vec::new(),
            attendance_percent: 80,
            min_mark: None,
            capacity: 40,
            least: 15,
            per_unit: None,
            fee_fen: 0,
            fee_free: String::new(),
            base: None,
            room: None,
        }
    }
}

/// Refuses a missing number and gives a stand-in.
pub(super) fn needed(
    fields: &Fields,
    name: &str,
    range: (i32, i32),
    errors: &mut FieldErrors,
) -> i32 {
    let given = fields.number(name, range.0, range.1, errors);
    if given.is_none() && errors.of(name).is_none() {
        errors.add(name, Refusal::new("form.required"));
    }
    given.unwrap_or(range.0)
}

/// The fee in field `fee`, in 分.
pub(super) fn fee(fields: &Fields, errors: &mut FieldErrors) -> i32 {
    rules::read_fee(fields.text("fee")).unwrap_or_else(|refusal| {
        errors.add("fee", refusal);
        0
    })
}

impl Syllabus {
    /// Total 学时.
    pub fn hours(&self) -> i32 {
        self.parts.iter().map(|part| part.hours).sum()
    }

    /// Reads what was typed.
    ///
    /// # Errors
    /// Everything that is wrong, at its field.
    pub(super) fn read(fields: &Fields) -> crate::foundation::error::Result<Self> {
        let mut errors = FieldErrors::default();
        let (domains, keywords) = read_domains(fields, "domains", &mut errors);
        let capacity = needed(fields, "capacity", (1, 2_000), &mut errors);
        let least = needed(fields, "least", (1, 2_000), &mut errors);
        if least > capacity {
            errors.add(
                "least",
                Refusal::new("training.least_above_capacity")
                    .with("least", least)
                    .with("capacity", capacity),
            );
        }
        let syllabus = Self {
            title: fields.required("title", 60, &mut errors),
            aim: fields.required("aim", 1_000, &mut errors),
            audience: fields.required("audience", 120, &mut errors),
            prerequisites: fields.optional("prerequisites", 300, &mut errors),
            domains,
            keywords,
            parts: parts(fields, &mut errors),
            attendance_percent: needed(fields, "attendance", (0, 100), &mut errors),
            min_mark: fields.number("min_mark", 0, 100, &mut errors),
            capacity,
            least,
            per_unit: fields.number("per_unit", 1, 2_000, &mut errors),
            fee_fen: fee(fields, &mut errors),
            fee_free: fields.optional("fee_free", 200, &mut errors),
            base: None,
            room: fields.id("room"),
        };
        errors.into_result(syllabus)
    }

    /// What rows say.
    pub(super) fn of(row: &course::Model, parts: &[course_part::Model]) -> Self {
        Self {
            title: row.title.clone(),
            aim: row.aim.clone(),
            audience: row.audience.clone(),
            prerequisites: row.prerequisites.clone(),
            domains: texts(&row.domains),
            keywords: texts(&row.keywords),
            parts: parts.iter().map(part_of).collect(),
            attendance_percent: row.attendance_percent,
            min_mark: row.min_mark,
            capacity: row.capacity,
            least: row.least,
            per_unit: row.per_unit,
            fee_fen: row.fee_fen,
            fee_free: row.fee_free.clone(),
            base: row.base_id,
            room: row.room_id,
        }
    }

    /// The form that shows it.
    pub(super) fn fields(&self) -> Fields {
        let optional = |number: Option<i32>| number.map(|n| n.to_string()).unwrap_or_default();
        let mut fields = Fields::default()
            .with("title", &self.title)
            .with("aim", &self.aim)
            .with("audience", &self.audience)
            .with("prerequisites", &self.prerequisites)
            .with("domains", typed_domains(&self.domains, &self.keywords))
            .with("attendance", self.attendance_percent)
            .with("min_mark", optional(self.min_mark))
            .with("capacity", self.capacity)
            .with("least", self.least)
            .with("per_unit", optional(self.per_unit))
            .with("fee", rules::yuan(self.fee_fen).trim_end_matches(" 元"))
            .with("fee_free", &self.fee_free)
            .with(
                "room",
                self.room.map(|room| room.to_string()).unwrap_or_default(),
            );
        for (row, part) in self.parts.iter().enumerate() {
            let field = |name: &str| format!("{name}_{row}");
            fields = fields
                .with(&field("part"), &part.title)
                .with(&field("content"), &part.content)
                .with(&field("hours"), part.hours);
            if let Some(named) = &part.lecturer {
                fields = fields
                    .with(&field("lecturer"), &named.name)
                    .with(&field("lecturer_unit"), &named.unit)
                    .with(&field("lecturer_reason"), &named.reason);
            }
        }
        fields
    }

    /// Writes the content into a row.
    pub(super) fn set(&self, row: &mut course::ActiveModel) {
        row.title = Set(self.title.clone());
        row.aim = Set(self.aim.clone());
        row.audience = Set(self.audience.clone());
        row.prerequisites = Set(self.prerequisites.clone());
        row.domains = Set(Json::from(self.domains.clone()));
        row.keywords = Set(Json::from(self.keywords.clone()));
        row.attendance_percent = Set(self.attendance_percent);
        row.min_mark = Set(self.min_mark);
        row.capacity = Set(self.capacity);
        row.least = Set(self.least);
        row.per_unit = Set(self.per_unit);
        row.fee_fen = Set(self.fee_fen);
        row.fee_free = Set(self.fee_free.clone());
        row.base_id = Set(self.base);
        row.room_id = Set(self.room);
    }
}

fn parts(fields: &Fields, errors: &mut FieldErrors) -> Vec<Part> {
    let mut parts = Vec::new();
    for row in 0..MOST_PARTS {
        let field = |name: &str| format!("{name}_{row}");
        let title = fields.optional(&field("part"), 60, errors);
        let content = fields.optional(&field("content"), 500, errors);
        let hours = fields.number(&field("hours"), 1, 40, errors);
        let lecturer = Named::read(fields, row, errors);
        if title.is_empty() {
            if !content.is_empty() || hours.is_some() || lecturer.is_some() {
                errors.add(field("part"), Refusal::new("form.required"));
            }
            continue;
        }
        if hours.is_none() && errors.of(&field("hours")).is_none() {
            errors.add(field("hours"), Refusal::new("form.required"));
        }
        parts.push(Part {
            title,
            content,
            hours: hours.unwrap_or(1),
            lecturer,
        });
    }
    if parts.is_empty() && errors.of("part_0").is_none() {
        errors.add("part_0", Refusal::new("training.no_parts"));
    }
    parts
}

fn part_of(row: &course_part::Model) -> Part {
    Part {
        title: row.title.clone(),
        content: row.content.clone(),
        hours: row.hours,
        lecturer: (!row.lecturer_name.is_empty()).then(|| Named {
            expert: row.lecturer_expert,
            name: row.lecturer_name.clone(),
            unit: row.lecturer_unit.clone(),
            reason: row.lecturer_reason.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Fields {
        Fields::default()
            .with("title", "团体标准编写与审查实务")
            .with("aim", "能按 GB/T 1.1 起草团体标准")
            .with("audience", "标准化专员")
            .with("domains", "01.120；标准编写")
            .with("attendance", "80")
            .with("min_mark", "60")
            .with("capacity", "50")
            .with("least", "20")
            .with("fee", "1200")
            .with("part_0", "标准结构与编写规则")
            .with("hours_0", "4")
            .with("part_2", "审查要点")
            .with("hours_2", "4")
            .with("lecturer_2", "林岚")
            .with("lecturer_reason_2", "牵头起草同类标准")
    }

    #[test]
    fn a_whole_form_reads_back_the_same() {
        let syllabus = Syllabus::read(&whole()).unwrap();
        assert_eq!(syllabus.hours(), 8);
        assert_eq!(syllabus.parts[1].lecturer.as_ref().unwrap().name, "林岚");
        assert_eq!(Syllabus::read(&syllabus.fields()).unwrap(), syllabus);
    }

    #[test]
    fn what_is_missing_is_said_at_its_field() {
        let fields = Fields::default()
            .with("capacity", "10")
            .with("least", "20")
            .with("attendance", "120")
            .with("fee", "很多")
            .with("part_1", "审查要点")
            .with("lecturer_1", "林岚")
            .with("hours_3", "2");
        let errors = Syllabus::read(&fields)
            .unwrap_err()
            .into_form_errors()
            .unwrap();
        let codes: Vec<_> = errors
            .iter()
            .map(|(field, refusal)| (field, refusal.code))
            .collect();
        for expected in [
            ("title", "form.required"),
            ("least", "training.least_above_capacity"),
            ("attendance", "form.out_of_range"),
            ("fee", "training.fee"),
            ("hours_1", "form.required"),
            ("lecturer_reason_1", "training.lecturer_reason"),
            ("part_3", "form.required"),
        ] {
            assert!(codes.contains(&expected), "{expected:?} in {codes:?}");
        }
    }
}
