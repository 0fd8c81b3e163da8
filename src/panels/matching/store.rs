//! Queries of matching: who is barred, how much everybody serves, runs and their choices.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::{
    assignment::{self, AssignmentState},
    ids::{ExpertId, PanelId, PersonId, RunId},
    matching_run::{self, RunState},
    panel::{self, PanelState},
    panel_adjustment, panel_recusal, run_choice,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};
use serde::{Deserialize, Serialize};

use crate::{
    foundation::{
        error::{Error, Result},
        store::WriteTx,
    },
    panels::store::HOLDING,
};

/// Assignments of an expert by count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// Asked or accepted, and not yet ended.
    pub open: i32,
    /// Of this calendar year: asked, accepted or served.
    pub year: i32,
    /// Since the council term began: asked, accepted or served.
    pub term: i32,
}

impl Load {
    /// Counts one assignment of `state`, made on `day`.
    pub fn add(
        &mut self,
        state: AssignmentState,
        day: NaiveDate,
        today: NaiveDate,
        term_begin: NaiveDate,
    ) {
        let held = HOLDING.contains(&state);
        let open = matches!(state, AssignmentState::Invited | AssignmentState::Accepted);
        self.open += i32::from(open);
        self.year += i32::from(held && day.year() == today.year());
        self.term += i32::from(held && day >= term_begin);
    }
}

/// Assignments that count for somebody's load: all open ones, and those made since `begin`. Expert,
/// state, when made.
pub(super) async fn service<C: ConnectionTrait>(
    db: &C,
    begin: DateTime<Utc>,
) -> Result<Vec<(ExpertId, AssignmentState, DateTime<Utc>)>> {
    Ok(assignment::Entity::find()
        .select_only()
        .column(assignment::Column::ExpertId)
        .column(assignment::Column::State)
        .column(assignment::Column::CreatedAt)
        .filter(assignment::Column::State.is_in(HOLDING))
        .filter(
            Condition::any()
                .add(assignment::Column::State.ne(AssignmentState::Done))
                .add(assignment::Column::CreatedAt.gte(begin)),
        )
        .into_tuple()
        .all(db)
        .await?)
}

/// Open questions and acceptances for panels that meet between two instants.
pub(super) async fn asked_between<C: ConnectionTrait>(
    db: &C,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<(assignment::Model, panel::Model)>> {
    let panels = panel::Entity::find()
        .filter(panel::Column::MeetingFrom.lt(to))
        .filter(panel::Column::MeetingTo.gt(from))
        .filter(panel::Column::State.is_in([PanelState::Open, PanelState::Standing]))
        .all(db)
        .await?;
    let mut panels: std::collections::HashMap<PanelId, panel::Model> =
        panels.into_iter().map(|row| (row.id, row)).collect();
    let rows = assignment::Entity::find()
        .filter(assignment::Column::PanelId.is_in(panels.keys().copied()))
        .filter(
            assignment::Column::State.is_in([AssignmentState::Invited, AssignmentState::Accepted]),
        )
        .order_by_asc(assignment::Column::Id)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let panel = panels.get_mut(&row.panel_id)?.clone();
            Some((row, panel))
        })
        .collect())
}

pub(super) async fn recusals<C: ConnectionTrait>(
    db: &C,
    panels: &[PanelId],
) -> Result<Vec<panel_recusal::Model>> {
    Ok(panel_recusal::Entity::find()
        .filter(panel_recusal::Column::PanelId.is_in(panels.iter().copied()))
        .order_by_asc(panel_recusal::Column::Id)
        .all(db)
        .await?)
}

/// Pins and exclusions that hold, in the order in which they were made.
pub(super) async fn adjustments<C: ConnectionTrait>(
    db: &C,
    panels: &[PanelId],
) -> Result<Vec<panel_adjustment::Model>> {
    Ok(panel_adjustment::Entity::find()
        .filter(panel_adjustment::Column::PanelId.is_in(panels.iter().copied()))
        .filter(panel_adjustment::Column::RevokedAt.is_null())
        .order_by_asc(panel_adjustment::Column::CreatedAt)
        .order_by_asc(panel_adjustment::Column::Id)
        .all(db)
        .await?)
}

/// All panels that look for experts, in the order in which they were opened.
pub(super) async fn open_panels<C: ConnectionTrait>(db: &C) -> Result<Vec<PanelId>> {
    Ok(panel::Entity::find()
        .select_only()
        .column(panel::Column::Id)
        .filter(panel::Column::State.eq(PanelState::Open))
        .order_by_asc(panel::Column::CreatedAt)
        .order_by_asc(panel::Column::Id)
        .into_tuple()
        .all(db)
        .await?)
}

pub(super) async fn run<C: ConnectionTrait>(db: &C, id: RunId) -> Result<matching_run::Model> {
    matching_run::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// The run's row, locked until the write ends.
pub(super) async fn lock_run(tx: &WriteTx, id: RunId) -> Result<matching_run::Model> {
    matching_run::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

/// Choices of a run: by panel, places before reserves, each in order.
pub(super) async fn choices<C: ConnectionTrait>(
    db: &C,
    run: RunId,
) -> Result<Vec<run_choice::Model>> {
    Ok(run_choice::Entity::find()
        .filter(run_choice::Column::RunId.eq(run))
        .order_by_asc(run_choice::Column::PanelId)
        .order_by_asc(run_choice::Column::Reserve)
        .order_by_asc(run_choice::Column::Place)
        .all(db)
        .await?)
}

/// Runs that chose somebody for a panel, newest first.
pub(super) async fn runs_of_panel<C: ConnectionTrait>(
    db: &C,
    panel: PanelId,
) -> Result<Vec<matching_run::Model>> {
    let chose = run_choice::Entity::find()
        .select_only()
        .column(run_choice::Column::RunId)
        .distinct()
        .filter(run_choice::Column::PanelId.eq(panel))
        .into_query();
    Ok(matching_run::Entity::find()
        .filter(matching_run::Column::Id.in_subquery(chose))
        .order_by_desc(matching_run::Column::PreparedAt)
        .order_by_desc(matching_run::Column::Id)
        .all(db)
        .await?)
}

pub(super) async fn insert_run(
    tx: &WriteTx,
    run: matching_run::Model,
    choices: Vec<run_choice::Model>,
) -> Result<()> {
    matching_run::Entity::insert(matching_run::ActiveModel::from(run).reset_all())
        .exec_without_returning(tx.db())
        .await?;
    // SQLite takes 32,766 values in one statement; a choice has eleven.
    for some in choices.chunks(500) {
        let rows = some
            .iter()
            .map(|row| run_choice::ActiveModel::from(row.clone()).reset_all());
        run_choice::Entity::insert_many(rows)
            .exec_without_returning(tx.db())
            .await?;
    }
    Ok(())
}

pub(super) async fn update_run(tx: &WriteTx, row: matching_run::ActiveModel) -> Result<()> {
    matching_run::Entity::update(row).exec(tx.db()).await?;
    Ok(())
}

/// Runs that are not decided, newest first, locked.
pub(super) async fn lock_undecided(tx: &WriteTx) -> Result<Vec<matching_run::Model>> {
    Ok(matching_run::Entity::find()
        .filter(matching_run::Column::State.is_in([
            RunState::Draft,
            RunState::HandedIn,
            RunState::Returned,
        ]))
        .order_by_desc(matching_run::Column::PreparedAt)
        .order_by_desc(matching_run::Column::Id)
        .lock_exclusive()
        .all(tx.db())
        .await?)
}

/// Runs of the given states, newest first, `limit` from `offset` on.
pub(super) async fn runs<C: ConnectionTrait>(
    db: &C,
    states: &[RunState],
    offset: u64,
    limit: u64,
) -> Result<Vec<matching_run::Model>> {
    Ok(matching_run::Entity::find()
        .filter(matching_run::Column::State.is_in(states.iter().copied()))
        .order_by_desc(matching_run::Column::PreparedAt)
        .order_by_desc(matching_run::Column::Id)
        .offset(offset)
        .limit(limit)
        .all(db)
        .await?)
}

/// How many runs there are in these states, of one preparer or of all.
pub(super) async fn count_runs<C: ConnectionTrait>(
    db: &C,
    states: &[RunState],
    by: Option<PersonId>,
) -> Result<u64> {
    let mut runs = matching_run::Entity::find()
        .filter(matching_run::Column::State.is_in(states.iter().copied()));
    if let Some(by) = by {
        runs = runs.filter(matching_run::Column::PreparedBy.eq(by));
    }
    Ok(runs.count(db).await?)
}

pub(super) async fn insert_adjustment(
    tx: &WriteTx,
    row: panel_adjustment::ActiveModel,
) -> Result<()> {
    panel_adjustment::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// Takes back what was pinned or excluded for an expert on a panel.
pub(super) async fn revoke_adjustments(
    tx: &WriteTx,
    panel: PanelId,
    expert: ExpertId,
) -> Result<()> {
    panel_adjustment::Entity::update_many()
        .col_expr(panel_adjustment::Column::RevokedAt, Expr::value(tx.now()))
        .filter(panel_adjustment::Column::PanelId.eq(panel))
        .filter(panel_adjustment::Column::ExpertId.eq(expert))
        .filter(panel_adjustment::Column::RevokedAt.is_null())
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Everything that was pinned or excluded on panels until `until`, whether it still holds or not, in
/// order.
pub(super) async fn adjustments_until<C: ConnectionTrait>(
    db: &C,
    panels: &[PanelId],
    until: DateTime<Utc>,
) -> Result<Vec<panel_adjustment::Model>> {
    Ok(panel_adjustment::Entity::find()
        .filter(panel_adjustment::Column::PanelId.is_in(panels.iter().copied()))
        .filter(panel_adjustment::Column::CreatedAt.lte(until))
        .order_by_asc(panel_adjustment::Column::CreatedAt)
        .order_by_asc(panel_adjustment::Column::Id)
        .all(db)
        .await?)
}
