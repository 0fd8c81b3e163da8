//! Queries of panels, their recusals, wishes and assignments.

use std::collections::HashMap;

use entity::{
    assignment::{self, AssignmentState},
    ids::{ExpertId, PanelId, UnitId},
    matching_run::{self, RunState},
    panel,
    panel_recusal::{self, RecusalRule},
    panel_wish, run_choice,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::facts::{NewRecusal, NewWish};
use crate::foundation::{
    error::{Error, Result},
    store::WriteTx,
};

/// Assignments that hold a place: asked, accepted, or served.
pub(super) const HOLDING: [AssignmentState; 3] = [
    AssignmentState::Invited,
    AssignmentState::Accepted,
    AssignmentState::Done,
];

/// A panel.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: PanelId) -> Result<panel::Model> {
    panel::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// The panel's row, locked: whatever decides about its places reads it so. An owner that locks a row
/// of its own too locks the panel first, as the panel does when it tells its owner.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn lock(tx: &WriteTx, id: PanelId) -> Result<panel::Model> {
    panel::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

pub(super) async fn by_ids<C: ConnectionTrait>(
    db: &C,
    ids: &[PanelId],
) -> Result<Vec<panel::Model>> {
    Ok(panel::Entity::find()
        .filter(panel::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(panel::Column::CreatedAt)
        .order_by_asc(panel::Column::Id)
        .all(db)
        .await?)
}

pub(super) async fn insert_panel(tx: &WriteTx, row: panel::ActiveModel) -> Result<()> {
    panel::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn insert_recusals(
    tx: &WriteTx,
    panel: PanelId,
    recusals: &[NewRecusal],
) -> Result<()> {
    if recusals.is_empty() {
        return Ok(());
    }
    let rows = recusals.iter().map(|one| panel_recusal::ActiveModel {
        id: Set(tx.id()),
        panel_id: Set(panel),
        rule: Set(one.rule),
        unit_id: Set(one.unit),
        expert_id: Set(one.expert),
        name: Set(one.name.clone()),
        note: Set(one.note.clone()),
    });
    panel_recusal::Entity::insert_many(rows)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn insert_wishes(tx: &WriteTx, panel: PanelId, wishes: &[NewWish]) -> Result<()> {
    if wishes.is_empty() {
        return Ok(());
    }
    let rows = wishes.iter().map(|one| panel_wish::ActiveModel {
        id: Set(tx.id()),
        panel_id: Set(panel),
        expert_id: Set(one.expert),
        name: Set(one.name.clone()),
        reason: Set(one.reason.clone()),
    });
    panel_wish::Entity::insert_many(rows)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// All assignments of panels, in the order in which they were made.
pub(super) async fn assignments<C: ConnectionTrait>(
    db: &C,
    panels: &[PanelId],
) -> Result<Vec<assignment::Model>> {
    Ok(assignment::Entity::find()
        .filter(assignment::Column::PanelId.is_in(panels.iter().copied()))
        .order_by_asc(assignment::Column::CreatedAt)
        .order_by_asc(assignment::Column::Rank)
        .order_by_asc(assignment::Column::Id)
        .all(db)
        .await?)
}

/// How many experts a run under way (draft or handed in) newly proposes for each panel.
pub(super) async fn proposed<C: ConnectionTrait>(
    db: &C,
    panels: &[PanelId],
) -> Result<HashMap<PanelId, i32>> {
    let under_way: Vec<entity::ids::RunId> = matching_run::Entity::find()
        .select_only()
        .column(matching_run::Column::Id)
        .filter(matching_run::Column::State.is_in([RunState::Draft, RunState::HandedIn]))
        .into_tuple()
        .all(db)
        .await?;
    let rows: Vec<PanelId> = run_choice::Entity::find()
        .select_only()
        .column(run_choice::Column::PanelId)
        .filter(run_choice::Column::RunId.is_in(under_way))
        .filter(run_choice::Column::PanelId.is_in(panels.iter().copied()))
        .filter(run_choice::Column::Reserve.eq(false))
        .filter(run_choice::Column::Standing.eq(false))
        .into_tuple()
        .all(db)
        .await?;
    let mut counts = HashMap::new();
    for panel in rows {
        *counts.entry(panel).or_default() += 1;
    }
    Ok(counts)
}

/// Whether the expert once answered that there is an interest in the matter.
pub(super) async fn recused_by_answer<C: ConnectionTrait>(
    db: &C,
    panel: PanelId,
    expert: ExpertId,
) -> Result<bool> {
    let row = panel_recusal::Entity::find()
        .filter(panel_recusal::Column::PanelId.eq(panel))
        .filter(panel_recusal::Column::Rule.eq(RecusalRule::Answered))
        .filter(panel_recusal::Column::ExpertId.eq(expert))
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// Puts the recusals that the owner knows in place of those it knew before; what was found later
/// (declared, answered) stays.
pub(super) async fn replace_recusals(
    tx: &WriteTx,
    panel: PanelId,
    recusals: &[NewRecusal],
) -> Result<()> {
    panel_recusal::Entity::delete_many()
        .filter(panel_recusal::Column::PanelId.eq(panel))
        .filter(
            panel_recusal::Column::Rule.is_not_in([RecusalRule::Declared, RecusalRule::Answered]),
        )
        .exec(tx.db())
        .await?;
    insert_recusals(tx, panel, recusals).await
}

/// How many assignments of a unit's experts stand in each state; states without any are left out.
pub(super) async fn states_of_unit<C: ConnectionTrait>(
    db: &C,
    unit: UnitId,
) -> Result<HashMap<AssignmentState, i64>> {
    let rows: Vec<(AssignmentState, i64)> = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::State)
        .column_as(assignment::Column::Id.count(), "count")
        .filter(assignment::Column::UnitId.eq(unit))
        .group_by(assignment::Column::State)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}
