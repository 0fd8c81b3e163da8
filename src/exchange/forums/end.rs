//! A forum is called off, or its day has passed.

use entity::{
    forum::{self, ForumState},
    ids::{ForumId, PersonId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::{matter, store, talk};
use crate::{
    exchange::events,
    foundation::{
        context::Context,
        error::{Refusal, Result},
        texts::Label,
    },
    registration,
};

/// Calls a forum off: whoever has a seat is told by the registration, speakers by their panels.
///
/// # Errors
/// `forum.not_now` once it is over.
pub(super) async fn cancel(ctx: &Context, id: ForumId, by: PersonId, reason: &str) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    if !matches!(row.state, ForumState::Draft | ForumState::Published) {
        return Err(Refusal::new("forum.not_now")
            .with("state", row.state.zh())
            .into());
    }
    if let Some(seats) = row.registration_id {
        registration::cancel(&tx, seats, Some(by), reason).await?;
    }
    for item in store::items(tx.db(), id).await? {
        talk::withdraw(ctx, &tx, &item, reason).await?;
    }
    let mut next: forum::ActiveModel = row.into();
    next.state = Set(ForumState::Cancelled);
    next.end_note = Set(reason.to_owned());
    next.ended_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    next.update(tx.db()).await?;
    events::note(&tx, matter(id), Some(by), "forum.cancelled", reason).await?;
    tx.commit().await
}

/// The day of a forum has passed: its seats are settled, whoever spoke has served. Returns whether it
/// was still open.
pub(super) async fn end(ctx: &Context, id: ForumId) -> Result<bool> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    if row.state != ForumState::Published || row.on_date >= ctx.today() {
        return Ok(false);
    }
    if let Some(seats) = row.registration_id {
        registration::end(&tx, seats).await?;
    }
    for item in store::items(tx.db(), id).await? {
        talk::close(&tx, &item).await?;
    }
    let mut next: forum::ActiveModel = row.into();
    next.state = Set(ForumState::Ended);
    next.ended_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    next.update(tx.db()).await?;
    events::note(&tx, matter(id), None, "forum.ended", "").await?;
    tx.commit().await?;
    Ok(true)
}
