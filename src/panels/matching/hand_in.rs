//! 经办 hands a run in for approval.

use entity::{
    ids::RunId,
    matching_run::{self, RunState},
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::store;
use crate::{
    accounts::{Action, Actor, Owner, audit},
    foundation::{
        context::Context,
        error::{Refusal, Result},
    },
};

/// Hands a draft, or a run that was returned, in for approval.
///
/// # Errors
/// Refusals: not the one who prepared it, not a draft, nobody proposed.
pub async fn hand_in(ctx: &Context, actor: &Actor, id: RunId, note: &str) -> Result<()> {
    actor.require(Action::PrepareRun, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let run = store::lock_run(&tx, id).await?;
    if !matches!(run.state, RunState::Draft | RunState::Returned) {
        return Err(Refusal::new("panels.not_a_draft")
            .with("number", run.number)
            .into());
    }
    if run.prepared_by != actor.person {
        return Err(Refusal::new("panels.not_preparer")
            .with("number", run.number)
            .into());
    }
    let choices = store::choices(tx.db(), id).await?;
    let proposed = choices.iter().filter(|one| !one.reserve && !one.standing);
    if proposed.count() == 0 {
        return Err(Refusal::new("panels.nobody_proposed").into());
    }
    let details = json!({ "number": run.number, "note": note });
    let handed_in = matching_run::ActiveModel {
        state: Set(RunState::HandedIn),
        handed_in_at: Set(Some(tx.now())),
        hand_in_note: Set(note.to_owned()),
        ..run.into()
    };
    store::update_run(&tx, handed_in).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "panels.hand_in",
            subject_kind: "matching_run",
            subject_id: Some(id.0),
            details,
        },
    )
    .await?;
    tx.commit().await
}
