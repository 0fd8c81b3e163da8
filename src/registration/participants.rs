//! Everybody of a registration with what they attended: for papers, certificates and statistics.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    attendance,
    enrolment::{self, EnrolmentState},
    ids::{EnrolmentId, PersonId, RegistrationId, SittingId, UnitId},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{facts::Answers, store};
use crate::{foundation::error::Result, people};

/// A person of a registration, in whatever state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// The person.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Address to write to, if any: the person's own before that of the enrolment.
    pub email: Option<String>,
    /// Number to reach the person.
    pub phone: String,
    /// Unit of the alliance.
    pub unit: Option<UnitId>,
    /// Unit as written.
    pub unit_name: String,
    /// Position.
    pub position: String,
    /// Where the enrolment stands.
    pub state: EnrolmentState,
    /// Place in the order of arrival.
    pub arrival: i32,
    /// When the person arrived.
    pub arrived_at: DateTime<Utc>,
    /// When the seat was given.
    pub enrolled_at: Option<DateTime<Utc>>,
    /// Time between arrival and seat, for those who stood in the queue.
    pub waited: Option<TimeDelta>,
    /// Answers to the extra questions, by key.
    pub answers: Answers,
    /// Sittings at which the person was.
    pub attended: Vec<SittingId>,
    /// Sittings of the registration that have begun.
    pub held: usize,
}

/// Everybody who ever enrolled, in the order of arrival.
///
/// # Errors
/// When the database fails.
pub async fn participants<C: ConnectionTrait>(
    db: &C,
    id: RegistrationId,
    now: DateTime<Utc>,
) -> Result<Vec<Participant>> {
    let rows = store::enrolments(db, id).await?;
    let held = store::sittings(db, id)
        .await?
        .iter()
        .filter(|sitting| sitting.from_at <= now)
        .count();
    let ids: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let people = people::by_ids(db, &ids).await?;
    let mut attended = attended(db, id).await?;
    rows.into_iter()
        .map(|row| {
            let person = people.get(&row.person_id);
            let present = attended.remove(&row.id).unwrap_or_default();
            participant(row, person, present, held)
        })
        .collect()
}

/// Sittings of a registration at which each enrolment was present.
pub(super) async fn attended<C: ConnectionTrait>(
    db: &C,
    id: RegistrationId,
) -> Result<HashMap<EnrolmentId, Vec<SittingId>>> {
    let sittings: Vec<_> = store::sittings(db, id)
        .await?
        .into_iter()
        .map(|sitting| sitting.id)
        .collect();
    let rows = attendance::Entity::find()
        .filter(attendance::Column::SittingId.is_in(sittings))
        .filter(attendance::Column::Present.eq(true))
        .all(db)
        .await?;
    let mut attended: HashMap<EnrolmentId, Vec<SittingId>> = HashMap::new();
    for row in rows {
        attended
            .entry(row.enrolment_id)
            .or_default()
            .push(row.sitting_id);
    }
    Ok(attended)
}

fn participant(
    row: enrolment::Model,
    person: Option<&entity::person::Model>,
    attended: Vec<SittingId>,
    held: usize,
) -> Result<Participant> {
    let own = person.and_then(|person| person.email.clone());
    Ok(Participant {
        enrolment: row.id,
        person: row.person_id,
        name: person.map(|person| person.name.clone()).unwrap_or_default(),
        email: own.or(row.email),
        phone: row.phone,
        unit: row.unit_id,
        unit_name: row.unit_name,
        position: row.position,
        state: row.state,
        arrival: row.arrival,
        arrived_at: row.arrived_at,
        enrolled_at: row.enrolled_at,
        waited: row
            .enrolled_at
            .filter(|_| row.waited)
            .map(|at| at - row.arrived_at),
        answers: serde_json::from_value(row.answers)?,
        attended,
        held,
    })
}
