//! Who is asked, and keeping what they answer. An answer can be changed until the run is settled.

use entity::{
    course_run::{self, RunState},
    enrolment::EnrolmentState,
    feedback,
    ids::{CourseRunId, EnrolmentId, FeedbackId, LessonId, PersonId, RatingId},
    lesson, lesson_rating,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use uuid::Uuid;

use super::FEEDBACK;
use crate::{
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        links::{Links, Target},
        store::WriteTx,
        texts::Label,
        ui::Fields,
    },
    registration::{self, Participant},
    training::{seats, store},
};

/// The answers to choose from, the best first.
pub const SCALE: [(i32, &str); 5] = [
    (5, "很好"),
    (4, "较好"),
    (3, "一般"),
    (2, "较差"),
    (1, "很差"),
];

/// What somebody thought of one lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// The lesson.
    pub lesson: LessonId,
    /// What was taught, 1 to 5.
    pub content: i32,
    /// How it was taught, 1 to 5.
    pub teaching: i32,
    /// In words.
    pub note: String,
}

/// What somebody thought of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Organisation, 1 to 5.
    pub overall: i32,
    /// In words.
    pub note: String,
    /// Of each lesson.
    pub lessons: Vec<Rating>,
}

impl Answer {
    /// Reads what was chosen: every lesson that is asked for has to be rated.
    ///
    /// # Errors
    /// Everything that is wrong, at its field.
    pub(in super::super) fn read(fields: &Fields, lessons: &[lesson::Model]) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let answer = Self {
            overall: rated(fields, "overall", &mut errors),
            note: fields.optional("note", 500, &mut errors),
            lessons: lessons
                .iter()
                .enumerate()
                .map(|(place, lesson)| Rating {
                    lesson: lesson.id,
                    content: rated(fields, &format!("content_{place}"), &mut errors),
                    teaching: rated(fields, &format!("teaching_{place}"), &mut errors),
                    note: fields.optional(&format!("note_{place}"), 500, &mut errors),
                })
                .collect(),
        };
        errors.into_result(answer)
    }

    /// The form that shows it.
    pub(in super::super) fn fields(&self, lessons: &[lesson::Model]) -> Fields {
        let mut fields = Fields::default()
            .with("overall", self.overall)
            .with("note", &self.note);
        for (place, lesson) in lessons.iter().enumerate() {
            if let Some(one) = self.lessons.iter().find(|one| one.lesson == lesson.id) {
                fields = fields
                    .with(&format!("content_{place}"), one.content)
                    .with(&format!("teaching_{place}"), one.teaching)
                    .with(&format!("note_{place}"), &one.note);
            }
        }
        fields
    }
}

fn rated(fields: &Fields, name: &str, errors: &mut FieldErrors) -> i32 {
    let chosen = SCALE
        .iter()
        .find(|(value, _)| fields.text(name) == value.to_string());
    match chosen {
        Some((value, _)) => *value,
        None => {
            errors.add(name, Refusal::new("form.choose"));
            0
        }
    }
}

/// Who is asked after a run: whoever was there, or everybody with a seat where nobody's attendance was
/// noted.
pub fn asked(people: Vec<Participant>) -> Vec<Participant> {
    let noted = people.iter().any(|one| !one.attended.is_empty());
    people
        .into_iter()
        .filter(|one| one.state == EnrolmentState::Enrolled)
        .filter(|one| !noted || !one.attended.is_empty())
        .collect()
}

/// What the link of an enrolment stands for.
pub fn link(subject: Uuid, person: PersonId, generation: i32) -> Target {
    Target {
        purpose: FEEDBACK,
        subject,
        person: person.0,
        generation,
    }
}

/// What somebody is asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// The run.
    pub run: course_run::Model,
    /// The lessons at which they were.
    pub lessons: Vec<lesson::Model>,
    /// What they answered before.
    pub before: Option<Answer>,
    /// Whether they may answer now.
    pub open: bool,
}

/// What a link asks for.
///
/// # Errors
/// [`Error::NotFound`] for anything but a link that was given out to somebody who is asked.
pub async fn by_link(ctx: &Context, token: &str) -> Result<Asked> {
    let db = ctx.store.read();
    let token = Links::read(token).ok_or(Error::NotFound)?;
    let row = store::enrolment(db, EnrolmentId(token.subject)).await?;
    if !ctx
        .links
        .verify(&token, &link(row.id.0, row.person_id, row.generation))
    {
        return Err(Error::NotFound);
    }
    let run = store::run_of_registration(db, row.registration_id).await?;
    if !matches!(run.state, RunState::Held | RunState::Settled) {
        return Err(Error::NotFound);
    }
    let who = asked(seats::participants(ctx, &run).await?)
        .into_iter()
        .find(|one| one.enrolment == row.id)
        .ok_or(Error::NotFound)?;
    Ok(Asked {
        enrolment: row.id,
        lessons: attended(db, &run, &who).await?,
        before: kept(db, row.id).await?,
        open: may_answer(run.state).is_ok(),
        run,
    })
}

/// The lessons somebody was at; all of them where nothing was noted.
async fn attended<C: ConnectionTrait>(
    db: &C,
    run: &course_run::Model,
    who: &Participant,
) -> Result<Vec<lesson::Model>> {
    let mut lessons = store::lessons(db, run.id).await?;
    if who.attended.is_empty() {
        return Ok(lessons);
    }
    let registration = seats::registration_id(run)?;
    let there: Vec<_> = registration::sittings(db, registration)
        .await?
        .into_iter()
        .filter(|sitting| who.attended.contains(&sitting.id))
        .map(|sitting| sitting.owner_ref)
        .collect();
    lessons.retain(|lesson| there.contains(&lesson.id.0));
    Ok(lessons)
}

async fn kept<C: ConnectionTrait>(db: &C, enrolment: EnrolmentId) -> Result<Option<Answer>> {
    let Some(row) = of(db, enrolment).await? else {
        return Ok(None);
    };
    let lessons = lesson_rating::Entity::find()
        .filter(lesson_rating::Column::FeedbackId.eq(row.id))
        .all(db)
        .await?
        .into_iter()
        .map(|one| Rating {
            lesson: one.lesson_id,
            content: one.content,
            teaching: one.teaching,
            note: one.note,
        })
        .collect();
    Ok(Some(Answer {
        overall: row.overall,
        note: row.note,
        lessons,
    }))
}

async fn of<C: ConnectionTrait>(db: &C, id: EnrolmentId) -> Result<Option<feedback::Model>> {
    Ok(feedback::Entity::find()
        .filter(feedback::Column::EnrolmentId.eq(id))
        .one(db)
        .await?)
}

/// Whether answers are taken.
///
/// # Errors
/// `training.not_now` before the run is over and once it is settled.
fn may_answer(state: RunState) -> Result<(), Refusal> {
    if state == RunState::Held {
        Ok(())
    } else {
        Err(Refusal::new("training.not_now").with("state", state.zh()))
    }
}

/// Keeps an answer in the place of an earlier one. Under the run's lock, so that two tabs of one person
/// leave one answer.
///
/// # Errors
/// `training.not_now` once the run is settled.
pub async fn answer(
    tx: &WriteTx,
    run: CourseRunId,
    enrolment: EnrolmentId,
    answer: &Answer,
) -> Result<()> {
    let run = store::lock_run(tx, run).await?;
    may_answer(run.state)?;
    if let Some(before) = of(tx.db(), enrolment).await? {
        lesson_rating::Entity::delete_many()
            .filter(lesson_rating::Column::FeedbackId.eq(before.id))
            .exec(tx.db())
            .await?;
        feedback::Entity::delete_by_id(before.id)
            .exec(tx.db())
            .await?;
    }
    let id: FeedbackId = tx.id();
    feedback::Entity::insert(feedback::ActiveModel {
        id: Set(id),
        run_id: Set(run.id),
        enrolment_id: Set(enrolment),
        overall: Set(answer.overall),
        note: Set(answer.note.clone()),
        at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await?;
    for one in &answer.lessons {
        lesson_rating::Entity::insert(lesson_rating::ActiveModel {
            id: Set(tx.id::<RatingId>()),
            feedback_id: Set(id),
            lesson_id: Set(one.lesson),
            content: Set(one.content),
            teaching: Set(one.teaching),
            note: Set(one.note.clone()),
        })
        .exec_without_returning(tx.db())
        .await?;
    }
    Ok(())
}
