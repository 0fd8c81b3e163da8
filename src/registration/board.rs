//! A registration under its lock. Whatever decides about seats begins here, so that two decisions
//! about one registration take turns.

use std::collections::BTreeSet;

use entity::{
    enrolment::{self, EnrolmentState},
    ids::{EnrolmentId, PersonId, RegistrationId},
    registration, sitting,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    facts::zone,
    matter::{Entry, Matter},
    rules::{self, Counts, Limits, Phase, UnitKey},
    store,
};
use crate::{
    foundation::{error::Result, store::WriteTx},
    people::{
        self,
        commitments::{self, Span},
    },
};

/// A locked registration with its sittings.
#[derive(Clone, Debug)]
pub(super) struct Locked {
    /// Its row.
    pub row: registration::Model,
    /// Its sittings in order of time.
    pub sittings: Vec<sitting::Model>,
}

impl Locked {
    /// Locks the registration until the write ends.
    pub async fn take(tx: &WriteTx, id: RegistrationId) -> Result<Self> {
        let row = store::lock(tx, id).await?;
        let sittings = store::sittings(tx.db(), id).await?;
        Ok(Self { row, sittings })
    }

    /// Locks the registration of an enrolment, and reads the enrolment under the lock.
    pub async fn of_enrolment(tx: &WriteTx, id: EnrolmentId) -> Result<(Self, enrolment::Model)> {
        let registration = store::enrolment(tx.db(), id).await?.registration_id;
        let locked = Self::take(tx, registration).await?;
        let enrolment = store::enrolment(tx.db(), id).await?;
        Ok((locked, enrolment))
    }

    /// Its phase at the instant of the write.
    pub fn phase(&self, tx: &WriteTx) -> Phase {
        rules::phase(&self.row, tx.now())
    }

    /// Its limits.
    pub fn limits(&self) -> Limits {
        Limits::of(&self.row)
    }

    /// How its seats are taken now.
    pub async fn counts(&self, tx: &WriteTx) -> Result<Counts> {
        store::counts(tx.db(), self.row.id).await
    }

    /// What mails say of it.
    pub fn matter(&self) -> Matter {
        Matter::of(&self.row, &self.sittings)
    }

    /// Changes the row.
    pub async fn set(
        &mut self,
        tx: &WriteTx,
        change: impl FnOnce(&mut registration::ActiveModel),
    ) -> Result<()> {
        let mut row = registration::ActiveModel {
            id: Set(self.row.id),
            ..Default::default()
        };
        change(&mut row);
        self.row = registration::Entity::update(row).exec(tx.db()).await?;
        Ok(())
    }

    /// The next place in the order of arrival, and the calendar's next version with it: one write
    /// for both, because every arrival comes here.
    pub async fn arrive(&mut self, tx: &WriteTx) -> Result<i32> {
        let arrival = self.row.arrivals + 1;
        let sequence = self.row.calendar_sequence + 1;
        self.set(tx, |row| {
            row.arrivals = Set(arrival);
            row.calendar_sequence = Set(sequence);
        })
        .await?;
        Ok(arrival)
    }

    /// The next version of the calendar entries.
    pub async fn next_sequence(&mut self, tx: &WriteTx) -> Result<()> {
        let sequence = self.row.calendar_sequence + 1;
        self.set(tx, |row| row.calendar_sequence = Set(sequence))
            .await
    }

    /// The calendar entry of an enrolment in its present version, or its removal.
    pub fn entry(&self, enrolment: EnrolmentId, cancelled: bool) -> Entry {
        Entry {
            enrolment,
            sequence: self.row.calendar_sequence,
            cancelled,
        }
    }

    /// Takes the person's time for every sitting.
    ///
    /// # Errors
    /// The conflict `people.taken`, naming what is in the way.
    pub async fn take_time(&self, tx: &WriteTx, person: PersonId) -> Result<()> {
        let zone = zone(&self.row)?;
        for sitting in &self.sittings {
            let taken = commitments::take(tx, zone, self.span(sitting, person)).await;
            if taken.is_err() {
                // The write may go on with other people: nothing of this one may stay.
                self.give_time_back(tx, person).await?;
            }
            taken?;
        }
        Ok(())
    }

    /// The time that a sitting takes of a person.
    pub fn span(&self, sitting: &sitting::Model, person: PersonId) -> Span {
        Span {
            person,
            from: sitting.from_at,
            to: sitting.to_at,
            source_kind: "sitting",
            source_id: sitting.id.0,
            label: format!("{}：{}", self.row.title, sitting.label),
        }
    }

    /// Gives the person's time back.
    pub async fn give_time_back(&self, tx: &WriteTx, person: PersonId) -> Result<()> {
        let sources: Vec<_> = self.sittings.iter().map(|sitting| sitting.id.0).collect();
        commitments::release_of(tx, person, &sources).await
    }
}

/// Locks people in the order of their ids: two writes that need several people take turns instead of
/// waiting for each other.
pub(super) async fn lock_people(
    tx: &WriteTx,
    people: impl Iterator<Item = PersonId>,
) -> Result<()> {
    for person in people.collect::<BTreeSet<_>>() {
        people::lock(tx, person).await?;
    }
    Ok(())
}

/// Writes a changed enrolment.
pub(super) async fn set(tx: &WriteTx, changed: enrolment::ActiveModel) -> Result<enrolment::Model> {
    Ok(enrolment::Entity::update(changed).exec(tx.db()).await?)
}

/// The key under which the unit of an enrolment counts.
pub(super) fn key(row: &enrolment::Model) -> UnitKey {
    UnitKey::of(row.unit_id, &row.unit_name)
}

/// States of people who still stand in a registration.
pub(super) const STANDING: [EnrolmentState; 4] = [
    EnrolmentState::AwaitingUnit,
    EnrolmentState::Enrolled,
    EnrolmentState::Waiting,
    EnrolmentState::Offered,
];
