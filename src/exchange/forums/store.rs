//! Queries of forums and their programmes.

use entity::{
    forum::{self, ForumState},
    forum_item,
    ids::{ForumId, ForumItemId},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    foundation::{
        error::{Error, Result},
        store::WriteTx,
    },
    panels,
};

pub(super) async fn get<C: ConnectionTrait>(db: &C, id: ForumId) -> Result<forum::Model> {
    forum::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// The row, locked, and the panels of its talks before it: panels lock themselves first and tell their
/// owner then, so the other order would let two writes wait for each other.
pub(super) async fn lock(tx: &WriteTx, id: ForumId) -> Result<forum::Model> {
    let mut panels: Vec<_> = items(tx.db(), id)
        .await?
        .iter()
        .filter_map(|item| item.panel_id)
        .collect();
    panels.sort_unstable();
    for panel in panels {
        panels::lock(tx, panel).await?;
    }
    forum::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn item<C: ConnectionTrait>(db: &C, id: ForumItemId) -> Result<forum_item::Model> {
    forum_item::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// The programme, in order of time.
pub(super) async fn items<C: ConnectionTrait>(
    db: &C,
    id: ForumId,
) -> Result<Vec<forum_item::Model>> {
    Ok(forum_item::Entity::find()
        .filter(forum_item::Column::ForumId.eq(id))
        .order_by_asc(forum_item::Column::FromTime)
        .order_by_asc(forum_item::Column::Id)
        .all(db)
        .await?)
}

/// All forums, the newest day first.
pub(super) async fn all<C: ConnectionTrait>(db: &C) -> Result<Vec<forum::Model>> {
    Ok(forum::Entity::find()
        .order_by_desc(forum::Column::OnDate)
        .order_by_desc(forum::Column::Id)
        .all(db)
        .await?)
}

/// Forums that are published, the next day first.
pub(super) async fn published<C: ConnectionTrait>(db: &C) -> Result<Vec<forum::Model>> {
    Ok(forum::Entity::find()
        .filter(forum::Column::State.eq(ForumState::Published))
        .order_by_asc(forum::Column::OnDate)
        .order_by_asc(forum::Column::Id)
        .all(db)
        .await?)
}
