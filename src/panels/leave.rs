//! An expert's engagement stops: places and questions fall free in the same write, and are asked for
//! again.

use entity::{
    assignment::{self, AssignmentState},
    expert,
    ids::{ExpertId, PanelId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::{
    board::Locked,
    mails::Ending,
    owners::Owners,
    part::{Parting, part},
    store,
};
use crate::{
    accounts::audit,
    experts::{DutyBook, Stop},
    foundation::{
        context::{Boxed, Context},
        error::Result,
        store::WriteTx,
    },
};

/// Places and questions as the duties of experts.
#[derive(Clone, Debug)]
pub struct PanelDuties(pub Owners);

impl DutyBook for PanelDuties {
    fn hold<'a>(&'a self, tx: &'a WriteTx, expert: ExpertId) -> Boxed<'a, Result<Vec<Uuid>>> {
        Box::pin(async move {
            let panels = serving(tx, expert).await?;
            for panel in &panels {
                store::lock(tx, *panel).await?;
            }
            Ok(panels.into_iter().map(|panel| panel.0).collect())
        })
    }

    fn open<'a>(&'a self, tx: &'a WriteTx, expert: ExpertId) -> Boxed<'a, Result<Vec<Uuid>>> {
        Box::pin(async move {
            let panels = serving(tx, expert).await?;
            Ok(panels.into_iter().map(|panel| panel.0).collect())
        })
    }

    fn release<'a>(
        &'a self,
        tx: &'a WriteTx,
        ctx: &'a Context,
        expert: &'a expert::Model,
        stop: Stop,
        reason: &'a str,
    ) -> Boxed<'a, Result<()>> {
        Box::pin(async move {
            for row in duties(tx, expert.id).await? {
                self.leave(tx, ctx, &row, stop, reason).await?;
            }
            Ok(())
        })
    }
}

impl PanelDuties {
    async fn leave(
        &self,
        tx: &WriteTx,
        ctx: &Context,
        row: &assignment::Model,
        stop: Stop,
        reason: &str,
    ) -> Result<()> {
        let mut locked = Locked::take(tx, row.panel_id).await?;
        let row = locked.assignment(row.id)?.clone();
        let met = locked
            .panel
            .meeting_from
            .is_none_or(|from| from <= tx.now());
        if stop == Stop::Expired && row.state == AssignmentState::Accepted && met {
            return Ok(());
        }
        let note = note(stop, reason);
        let parting = Parting {
            state: AssignmentState::Released,
            ending: Some(Ending::Released),
            note: &note,
            refill: !row.race || row.state == AssignmentState::Accepted,
        };
        part(tx, &mut locked, row.id, parting).await?;
        locked.settle(tx, ctx, &self.0).await?;
        audit::record(
            tx,
            audit::Entry {
                actor: None,
                action: "panels.leave",
                subject_kind: "assignment",
                subject_id: Some(row.id.0),
                details: json!({ "reason": note }),
            },
        )
        .await?;
        Ok(())
    }
}

/// Panels on which the expert has a place or a question, in their order.
async fn serving(tx: &WriteTx, expert: ExpertId) -> Result<Vec<PanelId>> {
    Ok(duties(tx, expert)
        .await?
        .into_iter()
        .map(|row| row.panel_id)
        .collect())
}

/// Places and questions of an expert that are not over, always in the order of their panels.
async fn duties(tx: &WriteTx, expert: ExpertId) -> Result<Vec<assignment::Model>> {
    let open = [AssignmentState::Invited, AssignmentState::Accepted];
    Ok(assignment::Entity::find()
        .filter(assignment::Column::ExpertId.eq(expert))
        .filter(assignment::Column::State.is_in(open))
        .order_by_asc(assignment::Column::PanelId)
        .all(tx.db())
        .await?)
}

/// Why the place ended, as the expert and the record are told.
fn note(stop: Stop, reason: &str) -> String {
    let what = match stop {
        Stop::Suspended => "聘任中止",
        Stop::Ended => "聘任结束",
        Stop::Expired => return "聘期届满".to_owned(),
    };
    if reason.is_empty() {
        what.to_owned()
    } else {
        format!("{what}：{reason}")
    }
}
