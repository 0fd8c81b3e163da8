//! Queries of studies, their milestones and reports.

use entity::{
    ids::{CommitteeId, StudyId},
    study::{self, StudyState},
    study_event, study_milestone, study_report,
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
    panels,
};

pub(super) async fn get<C: ConnectionTrait>(db: &C, id: StudyId) -> Result<study::Model> {
    study::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// The row, locked, and its panel before it: panels lock themselves first and tell their owner then.
pub(super) async fn lock(tx: &WriteTx, id: StudyId) -> Result<study::Model> {
    if let Some(panel) = get(tx.db(), id).await?.panel_id {
        panels::lock(tx, panel).await?;
    }
    study::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn update(tx: &WriteTx, row: study::ActiveModel) -> Result<study::Model> {
    Ok(study::Entity::update(study::ActiveModel {
        updated_at: Set(tx.now()),
        ..row
    })
    .exec(tx.db())
    .await?)
}

/// Studies of these committees, newest first.
pub(super) async fn of_committees<C: ConnectionTrait>(
    db: &C,
    committees: &[CommitteeId],
) -> Result<Vec<study::Model>> {
    Ok(study::Entity::find()
        .filter(study::Column::CommitteeId.is_in(committees.iter().copied()))
        .order_by_desc(study::Column::CreatedAt)
        .order_by_desc(study::Column::Id)
        .all(db)
        .await?)
}

/// Studies in one of these states, oldest first.
pub(super) async fn in_states<C: ConnectionTrait>(
    db: &C,
    states: &[StudyState],
) -> Result<Vec<study::Model>> {
    Ok(study::Entity::find()
        .filter(study::Column::State.is_in(states.iter().copied()))
        .order_by_asc(study::Column::CreatedAt)
        .all(db)
        .await?)
}

/// The milestones of a study in their order.
pub(super) async fn milestones<C: ConnectionTrait>(
    db: &C,
    id: StudyId,
) -> Result<Vec<study_milestone::Model>> {
    let mut rows = study_milestone::Entity::find()
        .filter(study_milestone::Column::StudyId.eq(id))
        .all(db)
        .await?;
    rows.sort_by_key(|row| row.kind);
    Ok(rows)
}

/// Everything that was filed, newest first.
pub(super) async fn reports<C: ConnectionTrait>(
    db: &C,
    id: StudyId,
) -> Result<Vec<study_report::Model>> {
    Ok(study_report::Entity::find()
        .filter(study_report::Column::StudyId.eq(id))
        .order_by_desc(study_report::Column::FiledAt)
        .order_by_desc(study_report::Column::Id)
        .all(db)
        .await?)
}

/// What happened, newest first.
pub(super) async fn events<C: ConnectionTrait>(
    db: &C,
    id: StudyId,
) -> Result<Vec<study_event::Model>> {
    Ok(study_event::Entity::find()
        .filter(study_event::Column::StudyId.eq(id))
        .order_by_desc(study_event::Column::At)
        .order_by_desc(study_event::Column::Id)
        .all(db)
        .await?)
}
