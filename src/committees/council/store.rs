//! Queries of meetings, of who ought to come, and of applications for the standing council.

use std::collections::HashMap;

use entity::{
    ids::{MeetingId, StandingApplicationId, UnitId},
    meeting::{self, MeetingKind, MeetingState},
    meeting_unit,
    standing_application::{self, ApplicationState},
    unit,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::{
    foundation::{
        error::{Error, Result},
        store::WriteTx,
    },
    units,
};

pub(super) async fn get<C: ConnectionTrait>(db: &C, id: MeetingId) -> Result<meeting::Model> {
    meeting::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// The row, locked until the write ends.
pub(super) async fn lock(tx: &WriteTx, id: MeetingId) -> Result<meeting::Model> {
    meeting::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn update(tx: &WriteTx, row: meeting::ActiveModel) -> Result<meeting::Model> {
    Ok(meeting::Entity::update(meeting::ActiveModel {
        updated_at: Set(tx.now()),
        ..row
    })
    .exec(tx.db())
    .await?)
}

/// All meetings, the latest day first.
pub(super) async fn all<C: ConnectionTrait>(db: &C) -> Result<Vec<meeting::Model>> {
    Ok(meeting::Entity::find()
        .order_by_desc(meeting::Column::Date)
        .order_by_desc(meeting::Column::Id)
        .all(db)
        .await?)
}

/// The last meeting of a kind that was or is to be held.
pub(super) async fn last<C: ConnectionTrait>(
    db: &C,
    kind: MeetingKind,
) -> Result<Option<meeting::Model>> {
    Ok(meeting::Entity::find()
        .filter(meeting::Column::Kind.eq(kind))
        .filter(meeting::Column::State.is_in([
            MeetingState::Called,
            MeetingState::Held,
            MeetingState::Minuted,
        ]))
        .order_by_desc(meeting::Column::Date)
        .one(db)
        .await?)
}

/// A unit that ought to come, with its name.
#[derive(Clone, Debug)]
pub(super) struct Invited {
    pub row: meeting_unit::Model,
    pub unit: unit::Model,
}

/// Those who ought to come, in the order of the list of units.
pub(super) async fn invited<C: ConnectionTrait>(db: &C, id: MeetingId) -> Result<Vec<Invited>> {
    let mut rows: HashMap<UnitId, meeting_unit::Model> = meeting_unit::Entity::find()
        .filter(meeting_unit::Column::MeetingId.eq(id))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.unit_id, row))
        .collect();
    Ok(units::all(db)
        .await?
        .into_iter()
        .filter_map(|unit| {
            let row = rows.remove(&unit.id)?;
            Some(Invited { row, unit })
        })
        .collect())
}

/// The row of one unit.
pub(super) async fn invited_unit<C: ConnectionTrait>(
    db: &C,
    id: MeetingId,
    unit: UnitId,
) -> Result<Option<meeting_unit::Model>> {
    Ok(meeting_unit::Entity::find()
        .filter(meeting_unit::Column::MeetingId.eq(id))
        .filter(meeting_unit::Column::UnitId.eq(unit))
        .one(db)
        .await?)
}

/// Meetings to which one of these units is to come.
pub(super) async fn of_units<C: ConnectionTrait>(
    db: &C,
    units: &[UnitId],
) -> Result<Vec<meeting_unit::Model>> {
    Ok(meeting_unit::Entity::find()
        .filter(meeting_unit::Column::UnitId.is_in(units.iter().copied()))
        .all(db)
        .await?)
}

pub(super) async fn update_unit(tx: &WriteTx, row: meeting_unit::ActiveModel) -> Result<()> {
    meeting_unit::Entity::update(row).exec(tx.db()).await?;
    Ok(())
}

/// Applications, newest first.
pub(super) async fn applications<C: ConnectionTrait>(
    db: &C,
) -> Result<Vec<standing_application::Model>> {
    Ok(standing_application::Entity::find()
        .order_by_desc(standing_application::Column::AppliedAt)
        .order_by_desc(standing_application::Column::Id)
        .all(db)
        .await?)
}

/// Whether an application of a unit is open.
pub(super) async fn has_open<C: ConnectionTrait>(db: &C, unit: UnitId) -> Result<bool> {
    Ok(standing_application::Entity::find()
        .filter(standing_application::Column::UnitId.eq(unit))
        .filter(
            standing_application::Column::State
                .is_in([ApplicationState::Applied, ApplicationState::Nominated]),
        )
        .one(db)
        .await?
        .is_some())
}

/// Whether there is such an application.
pub(super) async fn known_application<C: ConnectionTrait>(
    db: &C,
    id: StandingApplicationId,
) -> Result<()> {
    standing_application::Entity::find_by_id(id)
        .one(db)
        .await?
        .map(|_| ())
        .ok_or(Error::NotFound)
}

/// An application, locked until the write ends.
pub(super) async fn lock_application(
    tx: &WriteTx,
    id: StandingApplicationId,
) -> Result<standing_application::Model> {
    standing_application::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}
