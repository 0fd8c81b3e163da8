//! The lead ends a project with what came of it.

use entity::{
    cooperation::{self, CooperationState},
    cooperation_unit::PartState,
    ids::{CooperationId, PersonId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::{mails, matter, rules, store};
use crate::{
    exchange::events,
    foundation::{context::Context, error::Result},
};

/// Ends it; `anyway` also with things that were not brought.
///
/// # Errors
/// As [`rules::may_end`].
pub(super) async fn end(
    ctx: &Context,
    id: CooperationId,
    by: PersonId,
    outcome: &str,
    anyway: bool,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let deliverables = store::deliverables(tx.db(), id).await?;
    rules::may_end(row.state, &deliverables, anyway)?;
    let mut next: cooperation::ActiveModel = row.into();
    next.state = Set(CooperationState::Ended);
    next.outcome = Set(outcome.to_owned());
    next.ended_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    let row = next.update(tx.db()).await?;
    let event = events::note(&tx, matter(id), Some(by), "cooperation.ended", "").await?;
    let facts = mails::Facts::of(tx.db(), &row).await?;
    for part in store::parts(tx.db(), id).await? {
        if part.state == PartState::Joined {
            mails::to_unit::<mails::Ended>(&tx, &facts, part.unit_id, (event.0, 1), &[]).await?;
        }
    }
    mails::to_group::<mails::EndedForGroup>(&tx, &facts, (event.0, 1)).await?;
    tx.commit().await
}
