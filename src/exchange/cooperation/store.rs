//! Queries of joint projects.

use entity::{
    cooperation::{self, CooperationState},
    cooperation_person, cooperation_unit, deliverable,
    ids::{CooperationId, UnitId},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::foundation::{
    error::{Error, Result},
    store::WriteTx,
};

pub(super) async fn get<C: ConnectionTrait>(
    db: &C,
    id: CooperationId,
) -> Result<cooperation::Model> {
    cooperation::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn lock(tx: &WriteTx, id: CooperationId) -> Result<cooperation::Model> {
    cooperation::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

/// Units of a project, the lead first.
pub(super) async fn parts<C: ConnectionTrait>(
    db: &C,
    id: CooperationId,
) -> Result<Vec<cooperation_unit::Model>> {
    Ok(cooperation_unit::Entity::find()
        .filter(cooperation_unit::Column::CooperationId.eq(id))
        .order_by_asc(cooperation_unit::Column::Id)
        .all(db)
        .await?)
}

/// People of a project, in the order named.
pub(super) async fn people<C: ConnectionTrait>(
    db: &C,
    id: CooperationId,
) -> Result<Vec<cooperation_person::Model>> {
    Ok(cooperation_person::Entity::find()
        .filter(cooperation_person::Column::CooperationId.eq(id))
        .order_by_asc(cooperation_person::Column::Id)
        .all(db)
        .await?)
}

/// What a project is to bring, what is due first first.
pub(super) async fn deliverables<C: ConnectionTrait>(
    db: &C,
    id: CooperationId,
) -> Result<Vec<deliverable::Model>> {
    Ok(deliverable::Entity::find()
        .filter(deliverable::Column::CooperationId.eq(id))
        .order_by_asc(deliverable::Column::DueOn)
        .order_by_asc(deliverable::Column::Id)
        .all(db)
        .await?)
}

/// Projects that these units carry or are asked for, or all, what was changed last first.
pub(super) async fn list<C: ConnectionTrait>(
    db: &C,
    units: Option<&[UnitId]>,
) -> Result<Vec<cooperation::Model>> {
    let mut all = cooperation::Entity::find();
    if let Some(units) = units {
        let ids: Vec<CooperationId> = cooperation_unit::Entity::find()
            .select_only()
            .column(cooperation_unit::Column::CooperationId)
            .filter(cooperation_unit::Column::UnitId.is_in(units.iter().copied()))
            .into_tuple()
            .all(db)
            .await?;
        all = all.filter(
            Condition::any()
                .add(cooperation::Column::Id.is_in(ids))
                .add(cooperation::Column::LeadUnitId.is_in(units.iter().copied())),
        );
    }
    Ok(all
        .order_by_desc(cooperation::Column::UpdatedAt)
        .order_by_desc(cooperation::Column::Id)
        .all(db)
        .await?)
}

/// Projects that run, the oldest first.
pub(super) async fn running<C: ConnectionTrait>(db: &C) -> Result<Vec<cooperation::Model>> {
    Ok(cooperation::Entity::find()
        .filter(cooperation::Column::State.eq(CooperationState::Running))
        .order_by_asc(cooperation::Column::CreatedAt)
        .order_by_asc(cooperation::Column::Id)
        .all(db)
        .await?)
}
