//! Enrolling a list of people of a unit: typed, pasted or uploaded. Sound rows are enrolled together,
//! in their order; what is wrong with another row is said at the row, and nothing of it is lost.

use std::collections::{BTreeSet, HashMap};

use entity::{
    enrolment::{self, EnrolmentState},
    ids::{PersonId, RegistrationId, UnitId},
    person, unit,
};
use serde_json::json;

use super::{
    access,
    arrive::{self, Arrival},
    board::{self, Locked},
    facts::{self, Answers, Question},
    owners::Owners,
    rules, store,
};
use crate::{
    accounts::{Actor, audit},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
    },
    people::{self, NewPerson, contact_data},
    units,
};

/// Most people of one submission.
pub const MOST: usize = 500;
/// Most characters of a position.
const MAX_POSITION: usize = 60;

/// A person of the list, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Line of the list or the file, from 1.
    pub line: usize,
    /// Name.
    pub name: String,
    /// Position.
    pub position: String,
    /// Mobile number.
    pub phone: String,
    /// Address; may be empty.
    pub email: String,
    /// Answers to the extra questions, by key.
    pub answers: Answers,
    /// Confirmed to be somebody else than the one of the same name on the list.
    pub sure: bool,
}

impl Row {
    /// Whether nothing was typed.
    pub fn is_blank(&self) -> bool {
        [&self.name, &self.position, &self.phone, &self.email]
            .into_iter()
            .all(|text| text.trim().is_empty())
            && self.answers.values().all(|answer| answer.trim().is_empty())
    }
}

/// What became, or would become, of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A seat.
    Enrolled,
    /// A place in the queue, from 1.
    Waiting(u64),
    /// On the list already: nothing is doubled.
    Already(EnrolmentState),
    /// The same person as in an earlier line.
    Twice(usize),
    /// Not taken; what is wrong, by field.
    Refused(FieldErrors),
}

/// Enrols the rows for `unit`. With `rehearse` nothing stays, and the outcomes are the same. The
/// outcomes stand in the order of the rows; blank rows are to be left out before.
///
/// # Errors
/// [`Error::NotFound`] for an actor who neither enrols people of the unit nor manages the
/// registration; `registration.nobody`, `registration.too_many`; the phase's refusal.
pub async fn enrol(
    ctx: &Context,
    owners: &Owners,
    actor: &Actor,
    id: RegistrationId,
    unit: UnitId,
    rows: &[Row],
    rehearse: bool,
) -> Result<Vec<Outcome>> {
    if rows.is_empty() {
        return Err(Refusal::new("registration.nobody").into());
    }
    if rows.len() > MOST {
        return Err(Refusal::new("registration.too_many")
            .with("limit", MOST)
            .into());
    }
    let unit = units::get(ctx.store.read(), unit).await?;
    let tx = ctx.store.begin().await?;
    let mut locked = Locked::take(&tx, id).await?;
    if !access::enrols(actor, unit.id) {
        access::require_manager(actor, owners, &locked.row)?;
    }
    rules::may_enrol(locked.phase(&tx))?;
    let questions = facts::questions(&locked.row)?;
    let read = recognise_all(&tx, &locked, &unit, &questions, rows).await?;
    let known = read.iter().filter_map(Sound::known);
    board::lock_people(&tx, known).await?;
    let mut outcomes = Vec::with_capacity(rows.len());
    for read in read {
        outcomes.push(match read {
            Sound::Refused(outcome) => outcome,
            Sound::Taken(arrival) => {
                take(&tx, ctx, owners, &mut locked, actor, &unit, *arrival).await?
            }
        });
    }
    if rehearse {
        tx.rollback().await?;
        return Ok(outcomes);
    }
    record(&tx, actor, &locked, &unit, &outcomes).await?;
    tx.commit().await?;
    Ok(outcomes)
}

/// A row that was read: good to be taken, or refused.
enum Sound {
    Taken(Box<Typed>),
    Refused(Outcome),
}

/// A sound row, and the person it names if known.
struct Typed {
    name: String,
    position: String,
    phone: String,
    email: Option<String>,
    answers: Answers,
    known: Option<person::Model>,
}

impl Sound {
    fn known(&self) -> Option<PersonId> {
        match self {
            Self::Taken(typed) => typed.known.as_ref().map(|person| person.id),
            Self::Refused(_) => None,
        }
    }
}

/// Reads all rows and looks for the people they name, so that these can be locked in order before
/// anything is decided.
async fn recognise_all(
    tx: &WriteTx,
    locked: &Locked,
    unit: &unit::Model,
    questions: &[Question],
    rows: &[Row],
) -> Result<Vec<Sound>> {
    let listed = listed_names(tx, locked, unit).await?;
    let mut phones: HashMap<String, usize> = HashMap::new();
    let mut names: HashMap<String, String> = HashMap::new();
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(match read(tx, row, questions, &listed, &names).await {
            Ok(typed) => match phones.get(&typed.phone) {
                Some(line) => Sound::Refused(Outcome::Twice(*line)),
                None => {
                    phones.insert(typed.phone.clone(), row.line);
                    names.insert(typed.name.clone(), typed.phone.clone());
                    Sound::Taken(Box::new(typed))
                }
            },
            Err(error) => Sound::Refused(Outcome::Refused(error.into_form_errors()?)),
        });
    }
    Ok(all)
}

/// Names and numbers of the unit's people who stand in the registration.
async fn listed_names(
    tx: &WriteTx,
    locked: &Locked,
    unit: &unit::Model,
) -> Result<BTreeSet<(String, String)>> {
    let rows: Vec<enrolment::Model> = store::standing_at(tx.db(), locked.row.id, &board::STANDING)
        .await?
        .into_iter()
        .filter(|row| row.unit_id == Some(unit.id))
        .collect();
    let ids: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let people = people::by_ids(tx.db(), &ids).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let person = people.get(&row.person_id)?;
            Some((person.name.clone(), row.phone))
        })
        .collect())
}

async fn read(
    tx: &WriteTx,
    row: &Row,
    questions: &[Question],
    listed: &BTreeSet<(String, String)>,
    earlier: &HashMap<String, String>,
) -> Result<Typed> {
    let mut errors = FieldErrors::default();
    let mut noted = |field: &str, refusal| errors.add(field, refusal);
    let name = contact_data::name(&row.name).map_err(|no| noted("name", no));
    let phone = contact_data::mobile(&row.phone)
        .and_then(|number| number.ok_or_else(|| Refusal::new("form.required")))
        .map_err(|no| noted("phone", no));
    let email = contact_data::email(&row.email).map_err(|no| noted("email", no));
    if row.position.chars().count() > MAX_POSITION {
        noted(
            "position",
            Refusal::new("form.too_long").with("max", MAX_POSITION),
        );
    }
    let answered = |key: &str| row.answers.get(key).map_or("", String::as_str);
    let answers = facts::read_answers(questions, answered, &mut errors);
    let (Ok(name), Ok(phone), Ok(email)) = (name, phone, email) else {
        return Err(Error::Invalid(errors));
    };
    errors.into_result(())?;
    let known = people::recognise(tx.db(), &name, email.as_deref(), Some(&phone))
        .await
        .map_err(at_phone)?;
    let same = |other: &str, number: &str| other == name && number != phone;
    let namesake = listed.iter().any(|(other, number)| same(other, number))
        || earlier.get(&name).is_some_and(|number| *number != phone);
    if namesake && !row.sure && !listed.contains(&(name.clone(), phone.clone())) {
        let refusal = Refusal::new("registration.same_name").with("name", &name);
        return Err(Error::Invalid(FieldErrors::at("name", refusal)));
    }
    Ok(Typed {
        position: row.position.trim().to_owned(),
        name,
        phone,
        email,
        answers,
        known,
    })
}

/// Refusals of the field that people call `mobile` stand at the field that this list calls `phone`.
fn at_phone(error: Error) -> Error {
    let Error::Invalid(errors) = error else {
        return error;
    };
    let mut renamed = FieldErrors::default();
    for (field, refusal) in errors.iter() {
        let field = if field == "mobile" { "phone" } else { field };
        renamed.add(field, refusal.clone());
    }
    Error::Invalid(renamed)
}

async fn take(
    tx: &WriteTx,
    ctx: &Context,
    owners: &Owners,
    locked: &mut Locked,
    actor: &Actor,
    unit: &unit::Model,
    typed: Typed,
) -> Result<Outcome> {
    let person = match typed.known {
        Some(person) => person,
        None => {
            let new = NewPerson {
                name: typed.name,
                email: typed.email.clone(),
                mobile: Some(typed.phone.clone()),
                sample: actor.sample,
            };
            let id = people::add(tx, new).await?;
            people::get(tx.db(), id).await?
        }
    };
    let standing = store::of_person(tx.db(), locked.row.id, person.id).await?;
    if let Some(row) = standing.filter(|row| rules::stands(row.state)) {
        return Ok(Outcome::Already(row.state));
    }
    let arrival = Arrival {
        person,
        unit: Some(unit.id),
        unit_name: unit.name.clone(),
        position: typed.position,
        phone: typed.phone,
        email: typed.email,
        answers: typed.answers,
        by: Some(actor.person),
        awaits_unit: false,
    };
    match arrive::arrive(tx, ctx, owners, locked, &arrival).await {
        Ok(row) if row.state == EnrolmentState::Waiting => Ok(Outcome::Waiting(
            store::waiting_before(tx.db(), &row).await? + 1,
        )),
        Ok(_) => Ok(Outcome::Enrolled),
        Err(error) => Ok(Outcome::Refused(error.into_form_errors()?)),
    }
}

async fn record(
    tx: &WriteTx,
    actor: &Actor,
    locked: &Locked,
    unit: &unit::Model,
    outcomes: &[Outcome],
) -> Result<()> {
    let count = |of: fn(&Outcome) -> bool| outcomes.iter().filter(|one| of(one)).count();
    audit::record(
        tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "registration.enrol",
            subject_kind: "registration",
            subject_id: Some(locked.row.id.0),
            details: json!({
                "unit": unit.id,
                "enrolled": count(|one| matches!(one, Outcome::Enrolled)),
                "waiting": count(|one| matches!(one, Outcome::Waiting(_))),
                "refused": count(|one| matches!(one, Outcome::Refused(_))),
            }),
        },
    )
    .await?;
    Ok(())
}
