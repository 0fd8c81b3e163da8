//! Queries of visits and of what they come from.

use chrono::NaiveDate;
use entity::{
    ids::{UnitId, VisitId, VisitOfferId, VisitWishId},
    visit::{self, VisitState},
    visit_offer::{self, PostingState},
    visit_report, visit_terms, visit_wish, visit_wish_person, visitor,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::rules;
use crate::foundation::{
    error::{Error, Result},
    store::WriteTx,
};

/// States of visits that go on or have taken place.
fn live() -> Vec<VisitState> {
    use sea_orm::Iterable;
    VisitState::iter()
        .filter(|state| rules::is_live(*state))
        .collect()
}

pub(super) async fn offer<C: ConnectionTrait>(
    db: &C,
    id: VisitOfferId,
) -> Result<visit_offer::Model> {
    visit_offer::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn wish<C: ConnectionTrait>(db: &C, id: VisitWishId) -> Result<visit_wish::Model> {
    visit_wish::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn visit<C: ConnectionTrait>(db: &C, id: VisitId) -> Result<visit::Model> {
    visit::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn lock_offer(tx: &WriteTx, id: VisitOfferId) -> Result<visit_offer::Model> {
    visit_offer::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn lock_wish(tx: &WriteTx, id: VisitWishId) -> Result<visit_wish::Model> {
    visit_wish::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn lock_visit(tx: &WriteTx, id: VisitId) -> Result<visit::Model> {
    visit::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

/// Offers that stand, the oldest first.
pub(super) async fn open_offers<C: ConnectionTrait>(db: &C) -> Result<Vec<visit_offer::Model>> {
    Ok(visit_offer::Entity::find()
        .filter(visit_offer::Column::State.eq(PostingState::Open))
        .order_by_asc(visit_offer::Column::CreatedAt)
        .order_by_asc(visit_offer::Column::Id)
        .all(db)
        .await?)
}

/// Wishes that stand, the oldest first.
pub(super) async fn open_wishes<C: ConnectionTrait>(db: &C) -> Result<Vec<visit_wish::Model>> {
    Ok(visit_wish::Entity::find()
        .filter(visit_wish::Column::State.eq(PostingState::Open))
        .order_by_asc(visit_wish::Column::CreatedAt)
        .order_by_asc(visit_wish::Column::Id)
        .all(db)
        .await?)
}

/// Offers of these units, or of all, the newest first.
pub(super) async fn offers<C: ConnectionTrait>(
    db: &C,
    units: Option<&[UnitId]>,
) -> Result<Vec<visit_offer::Model>> {
    let mut all = visit_offer::Entity::find();
    if let Some(units) = units {
        all = all.filter(visit_offer::Column::UnitId.is_in(units.iter().copied()));
    }
    Ok(all
        .order_by_desc(visit_offer::Column::CreatedAt)
        .order_by_desc(visit_offer::Column::Id)
        .all(db)
        .await?)
}

/// Wishes of these units, or of all, the newest first.
pub(super) async fn wishes<C: ConnectionTrait>(
    db: &C,
    units: Option<&[UnitId]>,
) -> Result<Vec<visit_wish::Model>> {
    let mut all = visit_wish::Entity::find();
    if let Some(units) = units {
        all = all.filter(visit_wish::Column::UnitId.is_in(units.iter().copied()));
    }
    Ok(all
        .order_by_desc(visit_wish::Column::CreatedAt)
        .order_by_desc(visit_wish::Column::Id)
        .all(db)
        .await?)
}

/// Visits from or to these units, or all, what was changed last first.
pub(super) async fn visits<C: ConnectionTrait>(
    db: &C,
    units: Option<&[UnitId]>,
) -> Result<Vec<visit::Model>> {
    let mut all = visit::Entity::find();
    if let Some(units) = units {
        let either = Condition::any()
            .add(visit::Column::SendingUnitId.is_in(units.iter().copied()))
            .add(visit::Column::HostUnitId.is_in(units.iter().copied()));
        all = all.filter(either);
    }
    Ok(all
        .order_by_desc(visit::Column::UpdatedAt)
        .order_by_desc(visit::Column::Id)
        .all(db)
        .await?)
}

/// Visits in these states, the oldest first.
pub(super) async fn in_states<C: ConnectionTrait>(
    db: &C,
    states: &[VisitState],
) -> Result<Vec<visit::Model>> {
    Ok(visit::Entity::find()
        .filter(visit::Column::State.is_in(states.iter().copied()))
        .order_by_asc(visit::Column::CreatedAt)
        .order_by_asc(visit::Column::Id)
        .all(db)
        .await?)
}

/// Visits of these offers or wishes, whatever became of them.
pub(super) async fn of_postings<C: ConnectionTrait>(
    db: &C,
    offers: &[VisitOfferId],
    wishes: &[VisitWishId],
) -> Result<Vec<visit::Model>> {
    let either = Condition::any()
        .add(visit::Column::OfferId.is_in(offers.iter().copied()))
        .add(visit::Column::WishId.is_in(wishes.iter().copied()));
    Ok(visit::Entity::find().filter(either).all(db).await?)
}

/// Which unit received and which gave, for visits made since `since`.
pub(super) async fn made_since<C: ConnectionTrait>(
    db: &C,
    since: NaiveDate,
) -> Result<Vec<(UnitId, UnitId)>> {
    let since = since.and_time(chrono::NaiveTime::MIN).and_utc();
    Ok(visit::Entity::find()
        .select_only()
        .column(visit::Column::SendingUnitId)
        .column(visit::Column::HostUnitId)
        .filter(visit::Column::State.is_in(live()))
        .filter(visit::Column::CreatedAt.gte(since))
        .into_tuple()
        .all(db)
        .await?)
}

/// All terms of a visit, the newest first.
pub(super) async fn terms<C: ConnectionTrait>(
    db: &C,
    id: VisitId,
) -> Result<Vec<visit_terms::Model>> {
    Ok(visit_terms::Entity::find()
        .filter(visit_terms::Column::VisitId.eq(id))
        .order_by_desc(visit_terms::Column::Version)
        .all(db)
        .await?)
}

/// All terms of several visits, the oldest version first.
pub(super) async fn terms_of<C: ConnectionTrait>(
    db: &C,
    ids: &[VisitId],
) -> Result<Vec<visit_terms::Model>> {
    Ok(visit_terms::Entity::find()
        .filter(visit_terms::Column::VisitId.is_in(ids.iter().copied()))
        .order_by_asc(visit_terms::Column::Version)
        .all(db)
        .await?)
}

/// Everybody who was ever named for a visit, in the order named.
pub(super) async fn visitors<C: ConnectionTrait>(
    db: &C,
    id: VisitId,
) -> Result<Vec<visitor::Model>> {
    Ok(visitor::Entity::find()
        .filter(visitor::Column::VisitId.eq(id))
        .order_by_asc(visitor::Column::Id)
        .all(db)
        .await?)
}

/// Who is to go on these stays, in the order typed.
pub(super) async fn wish_people<C: ConnectionTrait>(
    db: &C,
    ids: &[VisitWishId],
) -> Result<Vec<visit_wish_person::Model>> {
    Ok(visit_wish_person::Entity::find()
        .filter(visit_wish_person::Column::WishId.is_in(ids.iter().copied()))
        .order_by_asc(visit_wish_person::Column::Id)
        .all(db)
        .await?)
}

/// Reports of a visit, the newest first.
pub(super) async fn reports<C: ConnectionTrait>(
    db: &C,
    id: VisitId,
) -> Result<Vec<visit_report::Model>> {
    Ok(visit_report::Entity::find()
        .filter(visit_report::Column::VisitId.eq(id))
        .order_by_desc(visit_report::Column::Version)
        .all(db)
        .await?)
}

/// Writes a changed visit.
pub(super) async fn update(tx: &WriteTx, row: visit::ActiveModel) -> Result<visit::Model> {
    Ok(row.update(tx.db()).await?)
}

/// Writes changed terms.
pub(super) async fn update_terms(
    tx: &WriteTx,
    row: visit_terms::ActiveModel,
) -> Result<visit_terms::Model> {
    Ok(row.update(tx.db()).await?)
}

/// Terms by their id.
pub(super) fn find_terms(
    all: &[visit_terms::Model],
    version: Option<i32>,
) -> Option<&visit_terms::Model> {
    all.iter().find(|terms| Some(terms.version) == version)
}

/// The newest terms, on which the two units are to agree or have agreed.
pub(super) fn newest(all: &[visit_terms::Model]) -> Result<&visit_terms::Model> {
    all.first()
        .ok_or_else(|| Error::internal("a visit has no terms"))
}
