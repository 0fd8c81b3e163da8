//! An engaged expert who reads no mail answers about another term on paper or by phone: the secretariat
//! records who, when and how, and keeps the signed paper.

use entity::ids::ExpertId;
use serde_json::json;

use super::{
    engage_on_paper::Paper,
    renew::{self, Given},
    store,
};
use crate::{
    accounts::{Action, Actor, Owner, audit},
    foundation::{
        context::Context,
        error::{Refusal, Result},
        ui::Submission,
    },
    people,
};

/// Records the answer of an expert who reads no mail: a yes on paper with the signature, a no on paper or
/// by phone. It counts like one by the link.
///
/// # Errors
/// Refusals of the fields `answer`, `signed_on`, `how` and `scan`; `experts.no_renewal` when nothing is
/// asked.
pub async fn record(
    ctx: &Context,
    actor: &Actor,
    id: ExpertId,
    submission: &Submission,
) -> Result<()> {
    actor.require(Action::ManageExperts, &Owner::ALLIANCE)?;
    let paper = Paper::read(ctx, submission)?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let term = renew::asked_for(tx.db(), &row)
        .await?
        .ok_or_else(|| Refusal::new("experts.no_renewal"))?;
    let person = people::get(tx.db(), row.person_id).await?;
    let given = Given {
        channel: "paper",
        by: actor.person,
        note: &paper.note,
    };
    if paper.accepts {
        renew::renew(ctx, &tx, &row, &person, &term, &given).await?;
    } else {
        renew::decline(&tx, &row, &person, &term, &given).await?;
    }
    paper.keep(&tx, ctx, id).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "experts.record_renewal",
            subject_kind: "expert",
            subject_id: Some(id.0),
            details: json!({ "renews": paper.accepts, "note": paper.note }),
        },
    )
    .await?;
    tx.commit().await
}
