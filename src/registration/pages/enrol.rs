//! `/registrations/{id}/enrol`: a unit's people, typed, pasted or uploaded. Everything becomes rows
//! that can be corrected in place; what was taken leaves the form, what was refused stays in it.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{RegistrationId, UnitId},
    registration,
};

use super::view::Head;
use crate::{
    accounts::{Action, Actor, Desk, Visitor, policy},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        texts::{Label, Language, sentence},
        ui::{
            Fields, Form, Shell, Submission,
            form::{Choice, choices},
            page_with_status,
        },
    },
    registration::{
        Owners, access,
        enrol::{self, Outcome, Row},
        facts::{self, Question, QuestionKind},
        list_text, store,
    },
    units,
};

/// Blank rows shown for typing.
const BLANK: usize = 5;

/// Where a visitor of a public page enrols people: contacts of units do. Whoever is not signed in is
/// asked to.
pub fn enrol_href(visitor: &Visitor, registration: RegistrationId) -> Option<String> {
    let may = visitor
        .actor
        .as_ref()
        .is_none_or(|actor| policy::may_enter(actor, Action::EnrolPeople));
    may.then(|| format!("/registrations/{registration}/enrol"))
}

#[derive(Template)]
#[template(path = "registration/templates/enrol.html")]
struct EnrolPage {
    shell: Shell,
    form: Form,
    head: Head,
    units: Vec<Choice>,
    questions: Vec<Question>,
    rows: Vec<TypedRow>,
    results: Vec<(String, String)>,
    unread: Vec<String>,
    checked: bool,
}

/// A row of the form with what was, or would be, the outcome.
struct TypedRow {
    number: usize,
    row: Row,
    errors: Vec<String>,
    outcome: String,
    asks_sure: bool,
}

impl TypedRow {
    fn answer(&self, question: &Question) -> &str {
        self.row
            .answers
            .get(&question.key)
            .map_or("", String::as_str)
    }
}

/// `GET /registrations/{id}/enrol`
///
/// # Errors
/// [`Error::NotFound`] for people who may enrol nobody here.
pub async fn enrol_page(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<RegistrationId>,
) -> Result<Response> {
    let place = Place::of(&ctx, &owners, &desk.actor, id).await?;
    place
        .page(&ctx, desk, Shown::default(), StatusCode::OK)
        .await
}

/// `POST /registrations/{id}/enrol`: `do=check` shows what would happen, `do=enrol` does it.
///
/// # Errors
/// As [`enrol_page`].
pub async fn post_enrol(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<RegistrationId>,
    submission: Submission,
) -> Result<Response> {
    let place = Place::of(&ctx, &owners, &desk.actor, id).await?;
    let mut shown = place.read(&submission);
    if !shown.errors.is_empty() {
        return place.refused(&ctx, desk, shown).await;
    }
    let brought = submission.fields.has("pasted") && !submission.fields.text("pasted").is_empty()
        || !submission.files.is_empty();
    // What was just brought in is looked at before it counts.
    let rehearse = submission.fields.text("do") != "enrol" || brought;
    let unit = match place.unit(&submission.fields) {
        Ok(unit) => unit,
        Err(refusal) => {
            shown.errors = FieldErrors::at("unit", refusal);
            return place.refused(&ctx, desk, shown).await;
        }
    };
    let rows = shown.rows.clone();
    match enrol::enrol(&ctx, &owners, &desk.actor, id, unit, &rows, rehearse).await {
        Ok(outcomes) => {
            let refused = outcomes
                .iter()
                .any(|outcome| matches!(outcome, Outcome::Refused(_)));
            if !rehearse && !refused && shown.unread.is_empty() {
                return Ok(
                    Redirect::to(&format!("/registrations/{id}?done=enrolled")).into_response()
                );
            }
            shown.take(outcomes, rehearse);
            let status = if refused {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                StatusCode::OK
            };
            place.page(&ctx, desk, shown, status).await
        }
        Err(error) => {
            shown.errors = error.into_form_errors()?;
            place.refused(&ctx, desk, shown).await
        }
    }
}

/// A registration at which the actor enrols people of some units.
struct Place {
    row: registration::Model,
    questions: Vec<Question>,
    units: Vec<(UnitId, String)>,
}

/// What the page shows beside the registration.
#[derive(Default)]
struct Shown {
    fields: Fields,
    rows: Vec<Row>,
    outcomes: Vec<Option<Outcome>>,
    /// Rows that were taken and left the form: name and outcome.
    results: Vec<(String, String)>,
    /// Lines of a file that could not be read.
    unread: Vec<String>,
    errors: FieldErrors,
    checked: bool,
}

impl Shown {
    /// Puts the outcomes at the rows; after the real enrolment, taken rows leave the form.
    fn take(&mut self, outcomes: Vec<Outcome>, rehearsed: bool) {
        self.checked = rehearsed;
        if rehearsed {
            self.outcomes = outcomes.into_iter().map(Some).collect();
            return;
        }
        let rows = std::mem::take(&mut self.rows);
        for (row, outcome) in rows.into_iter().zip(outcomes) {
            if matches!(outcome, Outcome::Refused(_)) {
                self.rows.push(row);
                self.outcomes.push(Some(outcome));
            } else {
                self.results.push((row.name, said(&outcome)));
            }
        }
    }
}

impl Place {
    async fn of(ctx: &Context, owners: &Owners, actor: &Actor, id: RegistrationId) -> Result<Self> {
        let db = ctx.store.read();
        let row = store::get(db, id).await?;
        let manages = access::manages(actor, owners, &row)?;
        let units: Vec<_> = units::all(db)
            .await?
            .into_iter()
            .filter(|unit| manages || access::enrols(actor, unit.id))
            .map(|unit| (unit.id, unit.name))
            .collect();
        if units.is_empty() || row.published_at.is_none() {
            return Err(Error::NotFound);
        }
        Ok(Self {
            questions: facts::questions(&row)?,
            row,
            units,
        })
    }

    /// The unit that was chosen, or the only one there is.
    fn unit(&self, fields: &Fields) -> Result<UnitId, Refusal> {
        if let [(only, _)] = self.units.as_slice() {
            return Ok(*only);
        }
        fields
            .id::<UnitId>("unit")
            .filter(|id| self.units.iter().any(|(known, _)| known == id))
            .ok_or_else(|| Refusal::new("form.choose"))
    }

    /// Rows typed, pasted and uploaded, in this order.
    fn read(&self, submission: &Submission) -> Shown {
        let fields = &submission.fields;
        let mut shown = Shown {
            rows: self.typed(fields),
            fields: Fields::default().with("unit", fields.text("unit")),
            ..Shown::default()
        };
        let pasted = fields.raw("pasted");
        if !pasted.trim().is_empty() {
            match list_text::pasted(pasted, &self.questions) {
                Ok(read) => shown.add(read),
                Err(error) => {
                    shown.errors.add("pasted", error.refusal());
                    shown.fields = shown.fields.with("pasted", pasted);
                }
            }
        }
        for upload in submission.uploads("file") {
            match list_text::file(&upload.bytes, &self.questions) {
                Ok(read) => shown.add(read),
                Err(error) => shown.errors.add("file", error.refusal()),
            }
        }
        shown
    }

    /// The page again with what is wrong.
    async fn refused(&self, ctx: &Context, desk: Desk, shown: Shown) -> Result<Response> {
        self.page(ctx, desk, shown, StatusCode::UNPROCESSABLE_ENTITY)
            .await
    }

    fn typed(&self, fields: &Fields) -> Vec<Row> {
        let last = fields
            .iter()
            .filter_map(|(name, _)| name.strip_prefix("name_")?.parse::<usize>().ok())
            .max()
            .unwrap_or(0)
            .min(enrol::MOST);
        let of = |name: &str, number: usize| fields.text(&format!("{name}_{number}")).to_owned();
        (1..=last)
            .map(|number| Row {
                line: number,
                name: of("name", number),
                position: of("position", number),
                phone: of("phone", number),
                email: of("email", number),
                answers: self
                    .questions
                    .iter()
                    .map(|question| {
                        (
                            question.key.clone(),
                            of(&format!("q_{}", question.key), number),
                        )
                    })
                    .collect(),
                sure: fields.has(&format!("sure_{number}")),
            })
            .filter(|row| !row.is_blank())
            .collect()
    }

    async fn page(
        &self,
        ctx: &Context,
        desk: Desk,
        mut shown: Shown,
        status: StatusCode,
    ) -> Result<Response> {
        shown.outcomes.resize(shown.rows.len(), None);
        let mut rows: Vec<TypedRow> = shown
            .rows
            .into_iter()
            .zip(shown.outcomes)
            .enumerate()
            .map(|(place, (row, outcome))| typed_row(place + 1, row, outcome.as_ref()))
            .collect();
        if !shown.checked || rows.is_empty() {
            for number in rows.len() + 1..=rows.len() + BLANK {
                rows.push(typed_row(number, Row::default(), None));
            }
        }
        Ok(page_with_status(
            status,
            &EnrolPage {
                shell: desk.shell,
                form: Form::refused(shown.fields, shown.errors),
                head: Head::of(ctx, &self.row).await?,
                units: if self.units.len() > 1 {
                    choices(self.units.iter().map(|(id, name)| (id, name)))
                } else {
                    Vec::new()
                },
                questions: self.questions.clone(),
                rows,
                results: shown.results,
                unread: shown.unread,
                checked: shown.checked,
            },
        ))
    }
}

impl Shown {
    fn add(&mut self, read: list_text::Read) {
        let start = self.rows.len();
        let rows = read.rows.into_iter().enumerate();
        self.rows.extend(rows.map(|(place, row)| Row {
            line: start + place + 1,
            ..row
        }));
        for (line, errors) in read.faults {
            let said: Vec<_> = errors
                .iter()
                .map(|(_, refusal)| sentence(refusal, Language::Chinese))
                .collect();
            self.unread.push(format!("第 {line} 行：{}", said.join("")));
        }
        if !read.unused.is_empty() {
            self.unread
                .push(format!("没有用到的列：{}", read.unused.join("、")));
        }
    }
}

fn typed_row(number: usize, row: Row, outcome: Option<&Outcome>) -> TypedRow {
    let mut errors = Vec::new();
    let mut asks_sure = row.sure;
    if let Some(Outcome::Refused(refused)) = outcome {
        for (_, refusal) in refused.iter() {
            asks_sure |= refusal.code == "registration.same_name";
            errors.push(sentence(refusal, Language::Chinese));
        }
    }
    TypedRow {
        number,
        row,
        errors,
        outcome: outcome.map(said).unwrap_or_default(),
        asks_sure,
    }
}

/// An outcome in words.
fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Enrolled => "有名额".to_owned(),
        Outcome::Waiting(place) => format!("候补第 {place} 位"),
        Outcome::Already(state) => format!("已在名单中（{}），不重复", state.zh()),
        Outcome::Twice(line) => format!("与第 {line} 行是同一人，只报一次"),
        Outcome::Refused(_) => "要改".to_owned(),
    }
}
