//! What an owner says of its registration, and what is asked of the people who enrol.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::registration;
use sea_orm::ActiveValue::Set;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::foundation::error::{Error, FieldErrors, Refusal, Result};

/// Most characters of an answer to an extra question.
const MAX_ANSWER: usize = 200;

/// A registration as its owner opens it.
#[derive(Clone, Debug)]
pub struct NewRegistration {
    /// Which body owns it: `course_run`, `forum`.
    pub owner_kind: &'static str,
    /// What has the seats.
    pub owner_id: Uuid,
    /// What is registered for.
    pub facts: Facts,
    /// When people sit: at least one before it is published.
    pub sittings: Vec<NewSitting>,
}

/// Everything that the owner may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Title, as it stands in mails: `团体标准编写实务培训班（第3期）`.
    pub title: String,
    /// Seats.
    pub capacity: i32,
    /// Most seats of one unit; none for no limit. Lowering it takes no seat from anybody.
    pub per_unit: Option<i32>,
    /// From when people may enrol.
    pub opens_at: DateTime<Utc>,
    /// Until when.
    pub closes_at: DateTime<Utc>,
    /// People who enrol by themselves wait for the contact of their unit.
    pub needs_unit_approval: bool,
    /// Anyone may enrol with a confirmed address.
    pub open_form: bool,
    /// Extra questions: 住宿, 饮食, 到达时间.
    pub questions: Vec<Question>,
    /// Place, or online room.
    pub place: String,
    /// Zone of its wall clocks: times are said in it, whoever reads.
    pub zone: Tz,
    /// Whom to call, in words.
    pub contact: String,
}

/// A sitting as its owner names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSitting {
    /// The owner's row: the same one is the same sitting, whenever it is moved to.
    pub owner_ref: Uuid,
    /// What it is: 《团体标准化良好行为》解读.
    pub label: String,
    /// Begin.
    pub from: DateTime<Utc>,
    /// End, after the begin.
    pub to: DateTime<Utc>,
    /// Place, or online room.
    pub place: String,
}

/// An extra question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Stable name; letters, digits and `_`.
    pub key: String,
    /// What is asked.
    pub label: String,
    /// How it is answered.
    pub kind: QuestionKind,
    /// The answers to choose from, for [`QuestionKind::Choice`].
    #[serde(default)]
    pub choices: Vec<String>,
    /// Whether an answer is needed.
    pub required: bool,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// In words.
    Text,
    /// By one of several answers.
    Choice,
}

/// Answers by the key of the question.
pub type Answers = BTreeMap<String, String>;

impl Facts {
    /// The facts of a row.
    ///
    /// # Errors
    /// When the row holds what was never written.
    pub fn of(row: &registration::Model) -> Result<Self> {
        Ok(Self {
            title: row.title.clone(),
            capacity: row.capacity,
            per_unit: row.per_unit,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            needs_unit_approval: row.needs_unit_approval,
            open_form: row.open_form,
            questions: questions(row)?,
            place: row.place.clone(),
            zone: zone(row)?,
            contact: row.contact.clone(),
        })
    }

    /// Puts them into a row.
    pub(super) fn set(&self, row: &mut registration::ActiveModel) -> Result<()> {
        row.title = Set(self.title.clone());
        row.capacity = Set(self.capacity);
        row.per_unit = Set(self.per_unit);
        row.opens_at = Set(self.opens_at);
        row.closes_at = Set(self.closes_at);
        row.needs_unit_approval = Set(self.needs_unit_approval);
        row.open_form = Set(self.open_form);
        row.questions = Set(serde_json::to_value(&self.questions)?);
        row.place = Set(self.place.clone());
        row.zone = Set(self.zone.name().to_owned());
        row.contact = Set(self.contact.clone());
        Ok(())
    }
}

/// The zone of a registration.
///
/// # Errors
/// When the row names none that is known.
pub fn zone(row: &registration::Model) -> Result<Tz> {
    row.zone
        .parse()
        .map_err(|_| Error::internal(format!("no time zone {}", row.zone)))
}

/// The extra questions of a registration.
///
/// # Errors
/// When the row holds what was never written.
pub fn questions(row: &registration::Model) -> Result<Vec<Question>> {
    Ok(serde_json::from_value(row.questions.clone())?)
}

/// Reads answers as typed: `typed` gives what was typed for a question. What is wrong is noted at
/// the field `q_<key>`.
pub(super) fn read_answers<'a>(
    questions: &[Question],
    typed: impl Fn(&str) -> &'a str,
    errors: &mut FieldErrors,
) -> Answers {
    let mut answers = Answers::new();
    for question in questions {
        let text = typed(&question.key).trim();
        let field = format!("q_{}", question.key);
        if text.is_empty() {
            if question.required {
                let refusal = Refusal::new("registration.answer_missing");
                errors.add(field, refusal.with("question", &question.label));
            }
            continue;
        }
        let known = question.choices.iter().any(|choice| choice == text);
        if question.kind == QuestionKind::Choice && !known {
            let refusal = Refusal::new("registration.answer_unknown")
                .with("question", &question.label)
                .with("choices", question.choices.join("、"));
            errors.add(field, refusal);
        } else if text.chars().count() > MAX_ANSWER {
            errors.add(field, Refusal::new("form.too_long").with("max", MAX_ANSWER));
        } else {
            answers.insert(question.key.clone(), text.to_owned());
        }
    }
    answers
}
