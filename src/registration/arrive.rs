//! A person arrives at a registration: under its lock, in order, once.

use entity::{
    enrolment::{self, EnrolmentState},
    ids::{EnrolmentId, PersonId, UnitId},
    person,
};
use sea_orm::{ActiveModelTrait, EntityTrait};

use super::{
    board::Locked,
    facts::Answers,
    owners::{Owners, RegistrationEvent},
    rules::{self, Admission, UnitKey},
    seats, store,
};
use crate::foundation::{
    context::Context,
    error::{Error, Refusal, Result},
    store::WriteTx,
    texts::Label,
};

/// Somebody to be enrolled, known as a person.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    /// Who.
    pub person: person::Model,
    /// Unit of the alliance, if any.
    pub unit: Option<UnitId>,
    /// Unit as written.
    pub unit_name: String,
    /// Position.
    pub position: String,
    /// Number to reach the person on the day.
    pub phone: String,
    /// Address for this matter.
    pub email: Option<String>,
    /// Answers to the extra questions.
    pub answers: Answers,
    /// The contact who enrols the person.
    pub by: Option<PersonId>,
    /// Waits for the unit before anything is decided.
    pub awaits_unit: bool,
}

/// Takes the arrival in and decides: a seat, a place in the queue, or waiting for the unit. Whoever
/// stood in it before and left arrives anew, at the end.
///
/// # Errors
/// The conflict `registration.already` for somebody who stands in it; `people.taken` when the time
/// of a seat is promised elsewhere; the phase's refusal.
pub(super) async fn arrive(
    tx: &WriteTx,
    ctx: &Context,
    owners: &Owners,
    locked: &mut Locked,
    new: &Arrival,
) -> Result<enrolment::Model> {
    rules::may_enrol(locked.phase(tx))?;
    let known = store::of_person(tx.db(), locked.row.id, new.person.id).await?;
    if let Some(known) = known.as_ref().filter(|row| rules::stands(row.state)) {
        return Err(already(&new.person, known));
    }
    let key = UnitKey::of(new.unit, &new.unit_name);
    let counts = locked.counts(tx).await?;
    let admission = counts.admit(locked.limits(), &key);
    let state = match admission {
        _ if new.awaits_unit => EnrolmentState::AwaitingUnit,
        Admission::Seat => EnrolmentState::Enrolled,
        Admission::QueueFull | Admission::QueueUnit => EnrolmentState::Waiting,
    };
    if state == EnrolmentState::Enrolled {
        locked.take_time(tx, new.person.id).await?;
    }
    let arrival = locked.arrive(tx).await?;
    let row = write(tx, locked, new, known, state, arrival).await?;
    match state {
        EnrolmentState::Enrolled => {
            seats::tell_enrolled(tx, locked, &row, &new.person).await?;
            let event = RegistrationEvent::Enrolled(row.id);
            owners.tell(tx, ctx, &locked.row, event).await?;
        }
        EnrolmentState::Waiting => {
            let before = counts.at(EnrolmentState::Waiting);
            seats::tell_waiting(tx, locked, &row, &new.person, admission, before).await?;
        }
        _ => {}
    }
    Ok(row)
}

fn already(person: &person::Model, known: &enrolment::Model) -> Error {
    Error::Conflict(
        Refusal::new("registration.already")
            .with("name", &person.name)
            .with("state", known.state.zh()),
    )
}

/// Writes the row of the arrival: a new one, or the one of a person who comes back.
async fn write(
    tx: &WriteTx,
    locked: &Locked,
    new: &Arrival,
    known: Option<enrolment::Model>,
    state: EnrolmentState,
    arrival: i32,
) -> Result<enrolment::Model> {
    let back = known.is_some();
    let (id, generation, rounds, waited) = known.map_or_else(
        || (tx.id::<EnrolmentId>(), 1, 1, false),
        |row| (row.id, row.generation, row.rounds + 1, row.waited),
    );
    let row = enrolment::Model {
        id,
        registration_id: locked.row.id,
        person_id: new.person.id,
        unit_id: new.unit,
        unit_name: new.unit_name.clone(),
        position: new.position.clone(),
        phone: new.phone.clone(),
        email: new.email.clone(),
        state,
        arrival,
        answers: serde_json::to_value(&new.answers)?,
        by_person: new.by,
        waited: waited || state == EnrolmentState::Waiting,
        clash: String::new(),
        generation,
        rounds,
        arrived_at: tx.now(),
        enrolled_at: (state == EnrolmentState::Enrolled).then(|| tx.now()),
        ended_at: None,
        end_note: String::new(),
    };
    let changed = enrolment::ActiveModel::from(row.clone()).reset_all();
    if back {
        enrolment::Entity::update(changed).exec(tx.db()).await?;
    } else {
        enrolment::Entity::insert(changed)
            .exec_without_returning(tx.db())
            .await?;
    }
    Ok(row)
}
