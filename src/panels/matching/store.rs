//! Queries of matching: who is barred, how much everybody serves, runs and their choices.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::{
    assignment::{self, AssignmentState},
    ids::{ExpertId, PanelId},
    panel::{self, PanelState},
    panel_adjustment, panel_recusal,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use crate::{foundation::error::Result, panels::store::HOLDING};

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
