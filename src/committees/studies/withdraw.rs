//! The committee gives a study up, with the reason. Everybody who knows of it is told by its panel.

use entity::{ids::StudyId, study};
use sea_orm::ActiveValue::Set;

use super::{
    events::note,
    rules::{self, Step},
    store,
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{context::Context, error::Result},
    panels,
};

/// Gives a study up.
///
/// # Errors
/// `studies.closed`.
pub(super) async fn withdraw(
    ctx: &Context,
    actor: &Actor,
    id: StudyId,
    reason: &str,
) -> Result<()> {
    let known = store::get(ctx.store.read(), id).await?;
    actor.require(Action::RunCommittee, &Owner::committee(known.committee_id))?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let state = rules::next(row.state, Step::Withdraw)?;
    let row = store::update(
        &tx,
        study::ActiveModel {
            id: Set(id),
            state: Set(state),
            closed_at: Set(Some(tx.now())),
            ..Default::default()
        },
    )
    .await?;
    note(&tx, &row, Some(actor.person), "studies.withdrawn", reason).await?;
    if let Some(panel) = row.panel_id {
        panels::withdraw(&tx, ctx, panel, reason).await?;
    }
    tx.commit().await
}
