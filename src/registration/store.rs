//! Queries of registrations, enrolments, offers and sittings.

use std::collections::HashMap;

use entity::{
    account, attendance,
    enrolment::{self, EnrolmentState},
    expert,
    ids::{EnrolmentId, PersonId, RegistrationId, SittingId, UnitId},
    registration,
    seat_offer::{self, OfferState},
    sitting,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::rules::{Counts, UnitKey};
use crate::foundation::{
    error::{Error, Result},
    store::WriteTx,
};

/// One registration.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: RegistrationId) -> Result<registration::Model> {
    registration::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// The registration of an owner's row, if it has one.
///
/// # Errors
/// When the database fails.
pub async fn of_owner<C: ConnectionTrait>(
    db: &C,
    kind: &str,
    owner: uuid::Uuid,
) -> Result<Option<registration::Model>> {
    Ok(registration::Entity::find()
        .filter(registration::Column::OwnerKind.eq(kind))
        .filter(registration::Column::OwnerId.eq(owner))
        .one(db)
        .await?)
}

pub(super) async fn lock(tx: &WriteTx, id: RegistrationId) -> Result<registration::Model> {
    registration::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

/// How many of which unit stand where, in one query.
pub(super) async fn counts<C: ConnectionTrait>(db: &C, id: RegistrationId) -> Result<Counts> {
    let rows: Vec<(Option<UnitId>, String, EnrolmentState, i64)> = enrolment::Entity::find()
        .select_only()
        .column(enrolment::Column::UnitId)
        .column(enrolment::Column::UnitName)
        .column(enrolment::Column::State)
        .column_as(enrolment::Column::Id.count(), "people")
        .filter(enrolment::Column::RegistrationId.eq(id))
        .group_by(enrolment::Column::UnitId)
        .group_by(enrolment::Column::UnitName)
        .group_by(enrolment::Column::State)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(unit, name, state, count)| (UnitKey::of(unit, &name), state, count))
        .collect())
}

/// Everybody who ever enrolled, in the order of arrival.
pub(super) async fn enrolments<C: ConnectionTrait>(
    db: &C,
    id: RegistrationId,
) -> Result<Vec<enrolment::Model>> {
    Ok(enrolment::Entity::find()
        .filter(enrolment::Column::RegistrationId.eq(id))
        .order_by_asc(enrolment::Column::Arrival)
        .all(db)
        .await?)
}

/// Those in one of `states`, in the order of arrival.
pub(super) async fn standing_at<C: ConnectionTrait>(
    db: &C,
    id: RegistrationId,
    states: &[EnrolmentState],
) -> Result<Vec<enrolment::Model>> {
    Ok(enrolment::Entity::find()
        .filter(enrolment::Column::RegistrationId.eq(id))
        .filter(enrolment::Column::State.is_in(states.iter().copied()))
        .order_by_asc(enrolment::Column::Arrival)
        .all(db)
        .await?)
}

pub(super) async fn enrolment<C: ConnectionTrait>(
    db: &C,
    id: EnrolmentId,
) -> Result<enrolment::Model> {
    enrolment::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn of_person<C: ConnectionTrait>(
    db: &C,
    id: RegistrationId,
    person: PersonId,
) -> Result<Option<enrolment::Model>> {
    Ok(enrolment::Entity::find()
        .filter(enrolment::Column::RegistrationId.eq(id))
        .filter(enrolment::Column::PersonId.eq(person))
        .one(db)
        .await?)
}

/// Whether the person keeps an address of their own: to sign in, or as an expert.
pub(super) async fn keeps_own_address<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
) -> Result<bool> {
    let accounts = account::Entity::find()
        .filter(account::Column::PersonId.eq(person))
        .count(db)
        .await?;
    let experts = expert::Entity::find()
        .filter(expert::Column::PersonId.eq(person))
        .count(db)
        .await?;
    Ok(accounts + experts > 0)
}

/// How many wait before `row` in the queue.
pub(super) async fn waiting_before<C: ConnectionTrait>(
    db: &C,
    row: &enrolment::Model,
) -> Result<u64> {
    Ok(enrolment::Entity::find()
        .filter(enrolment::Column::RegistrationId.eq(row.registration_id))
        .filter(enrolment::Column::State.eq(EnrolmentState::Waiting))
        .filter(enrolment::Column::Arrival.lt(row.arrival))
        .count(db)
        .await?)
}

/// The offer that stands for an enrolment, if any.
pub(super) async fn open_offer<C: ConnectionTrait>(
    db: &C,
    id: EnrolmentId,
) -> Result<Option<seat_offer::Model>> {
    Ok(seat_offer::Entity::find()
        .filter(seat_offer::Column::EnrolmentId.eq(id))
        .filter(seat_offer::Column::State.eq(OfferState::Open))
        .one(db)
        .await?)
}

/// The latest offer made to an enrolment, whatever became of it.
pub(super) async fn last_offer<C: ConnectionTrait>(
    db: &C,
    id: EnrolmentId,
) -> Result<Option<seat_offer::Model>> {
    Ok(seat_offer::Entity::find()
        .filter(seat_offer::Column::EnrolmentId.eq(id))
        .order_by_desc(seat_offer::Column::MadeAt)
        .order_by_desc(seat_offer::Column::Id)
        .one(db)
        .await?)
}

/// All offers of a registration, oldest first.
pub(super) async fn offers<C: ConnectionTrait>(
    db: &C,
    id: RegistrationId,
) -> Result<Vec<seat_offer::Model>> {
    Ok(seat_offer::Entity::find()
        .filter(seat_offer::Column::RegistrationId.eq(id))
        .order_by_asc(seat_offer::Column::MadeAt)
        .order_by_asc(seat_offer::Column::Id)
        .all(db)
        .await?)
}

/// The sittings of a registration in order of time.
///
/// # Errors
/// When the database fails.
pub async fn sittings<C: ConnectionTrait>(
    db: &C,
    id: RegistrationId,
) -> Result<Vec<sitting::Model>> {
    Ok(sitting::Entity::find()
        .filter(sitting::Column::RegistrationId.eq(id))
        .order_by_asc(sitting::Column::FromAt)
        .order_by_asc(sitting::Column::Id)
        .all(db)
        .await?)
}

pub(super) async fn sitting<C: ConnectionTrait>(db: &C, id: SittingId) -> Result<sitting::Model> {
    sitting::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn lock_enrolment(tx: &WriteTx, id: EnrolmentId) -> Result<enrolment::Model> {
    enrolment::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

/// The offers of a registration that stand, by enrolment.
pub(super) async fn open_offers<C: ConnectionTrait>(
    db: &C,
    id: RegistrationId,
) -> Result<HashMap<EnrolmentId, seat_offer::Model>> {
    Ok(seat_offer::Entity::find()
        .filter(seat_offer::Column::RegistrationId.eq(id))
        .filter(seat_offer::Column::State.eq(OfferState::Open))
        .all(db)
        .await?
        .into_iter()
        .map(|offer| (offer.enrolment_id, offer))
        .collect())
}

/// What is noted of a sitting, by enrolment.
pub(super) async fn notes<C: ConnectionTrait>(
    db: &C,
    id: SittingId,
) -> Result<HashMap<EnrolmentId, attendance::Model>> {
    Ok(attendance::Entity::find()
        .filter(attendance::Column::SittingId.eq(id))
        .all(db)
        .await?
        .into_iter()
        .map(|note| (note.enrolment_id, note))
        .collect())
}
