//! The secretariat releases an expert from a panel, with a reason.

use entity::{
    assignment::AssignmentState,
    ids::{AssignmentId, PanelId},
};
use serde_json::json;

use super::{
    board::Locked,
    mails::Ending,
    owners::Owners,
    part::{Parting, part},
    rules,
};
use crate::{
    accounts::{Action, Actor, audit, policy::Owner},
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
    },
};

/// Releases an expert of the panel who was asked or had accepted. The expert is told the reason, and the place is
/// asked for again.
///
/// # Errors
/// `panels.not_serving`; the field `reason` without one.
pub async fn release(
    ctx: &Context,
    owners: &Owners,
    actor: &Actor,
    panel: PanelId,
    id: AssignmentId,
    reason: &str,
) -> Result<()> {
    actor.require(Action::PrepareRun, &Owner::ALLIANCE)?;
    if reason.trim().is_empty() {
        let mut errors = FieldErrors::default();
        errors.add("reason", Refusal::new("panels.reason_missing"));
        return errors.into_result(());
    }
    let tx = ctx.store.begin().await?;
    let mut locked = Locked::take(&tx, panel).await?;
    rules::goes_on(locked.panel.state)?;
    let row = locked.assignment(id)?.clone();
    rules::may_release(row.state)?;
    let parting = Parting {
        state: AssignmentState::Released,
        ending: Some(Ending::Released),
        note: reason.trim(),
        refill: !row.race || row.state == AssignmentState::Accepted,
    };
    part(&tx, &mut locked, id, parting).await?;
    locked.settle(&tx, ctx, owners).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "panels.release",
            subject_kind: "assignment",
            subject_id: Some(id.0),
            details: json!({ "reason": reason.trim() }),
        },
    )
    .await?;
    tx.commit().await
}
