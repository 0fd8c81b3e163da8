//! Queries of consultations and their history.

use std::collections::HashMap;

use entity::{
    consultation::{self, ConsultationState},
    consultation_event,
    ids::{ConsultationId, UnitId},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LikeExpr},
};

use crate::{
    foundation::{
        error::{Error, Result},
        search::{LIKE_ESCAPE, like_contains},
        store::WriteTx,
    },
    panels,
};

pub(super) async fn get<C: ConnectionTrait>(
    db: &C,
    id: ConsultationId,
) -> Result<consultation::Model> {
    consultation::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// The row, locked, and its panel before it: panels lock themselves first and tell their owner then,
/// so the other order would let two writes wait for each other.
pub(super) async fn lock(tx: &WriteTx, id: ConsultationId) -> Result<consultation::Model> {
    if let Some(panel) = get(tx.db(), id).await?.panel_id {
        panels::lock(tx, panel).await?;
    }
    consultation::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn insert(tx: &WriteTx, row: consultation::ActiveModel) -> Result<()> {
    consultation::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn update(
    tx: &WriteTx,
    row: consultation::ActiveModel,
) -> Result<consultation::Model> {
    Ok(consultation::Entity::update(row).exec(tx.db()).await?)
}

pub(super) async fn insert_event(tx: &WriteTx, row: consultation_event::Model) -> Result<()> {
    consultation_event::Entity::insert(consultation_event::ActiveModel::from(row))
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn events<C: ConnectionTrait>(
    db: &C,
    id: ConsultationId,
) -> Result<Vec<consultation_event::Model>> {
    Ok(consultation_event::Entity::find()
        .filter(consultation_event::Column::ConsultationId.eq(id))
        .order_by_asc(consultation_event::Column::At)
        .order_by_asc(consultation_event::Column::Id)
        .all(db)
        .await?)
}

/// All requests in these states, oldest first.
pub(super) async fn in_states<C: ConnectionTrait>(
    db: &C,
    states: &[ConsultationState],
) -> Result<Vec<consultation::Model>> {
    Ok(consultation::Entity::find()
        .filter(consultation::Column::State.is_in(states.iter().copied()))
        .order_by_asc(consultation::Column::SubmittedAt)
        .order_by_asc(consultation::Column::Id)
        .all(db)
        .await?)
}

/// What a list shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    /// Only of these units; none means all that the visitor may see.
    pub units: Option<Vec<UnitId>>,
    /// Only in these states.
    pub states: Vec<ConsultationState>,
    /// Words in number, title, standard.
    pub words: String,
    /// Only of this purpose.
    pub purpose: Option<consultation::Purpose>,
}

impl Filter {
    fn condition(&self) -> Condition {
        let mut all = Condition::all();
        if let Some(units) = &self.units {
            all = all.add(consultation::Column::UnitId.is_in(units.iter().copied()));
        }
        if !self.states.is_empty() {
            all = all.add(consultation::Column::State.is_in(self.states.iter().copied()));
        }
        if let Some(purpose) = self.purpose {
            all = all.add(consultation::Column::Purpose.eq(purpose));
        }
        if !self.words.is_empty() {
            let like = || LikeExpr::new(like_contains(&self.words)).escape(LIKE_ESCAPE);
            let mut any = Condition::any();
            for column in [
                consultation::Column::Number,
                consultation::Column::Title,
                consultation::Column::StandardName,
                consultation::Column::StandardNumber,
            ] {
                any = any.add(Expr::col(column).like(like()));
            }
            all = all.add(any);
        }
        all
    }
}

/// How many there are in each state; states without any are left out.
pub(super) async fn counts<C: ConnectionTrait>(
    db: &C,
    filter: &Filter,
) -> Result<HashMap<ConsultationState, u64>> {
    let rows: Vec<(ConsultationState, i64)> = consultation::Entity::find()
        .select_only()
        .column(consultation::Column::State)
        .column_as(consultation::Column::Id.count(), "count")
        .filter(filter.condition())
        .group_by(consultation::Column::State)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(state, count)| (state, u64::try_from(count).unwrap_or(0)))
        .collect())
}

/// A page of the list: first what is in a state of `first`, then what was changed last.
pub(super) async fn page<C: ConnectionTrait>(
    db: &C,
    filter: &Filter,
    first: &[ConsultationState],
    page: u64,
    size: u64,
) -> Result<Vec<consultation::Model>> {
    let waits: Expr = Expr::case(consultation::Column::State.is_in(first.iter().copied()), 0)
        .finally(1)
        .into();
    Ok(consultation::Entity::find()
        .filter(filter.condition())
        .order_by_asc(waits)
        .order_by_desc(consultation::Column::UpdatedAt)
        .order_by_desc(consultation::Column::Id)
        .offset(page * size)
        .limit(size)
        .all(db)
        .await?)
}
