//! A forum is published: everybody may read its programme, people enrol, speakers are looked for.

use entity::{
    forum::{self, ForumState},
    ids::{ForumId, PersonId},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::{keep::Filing, matter, seats, store, talk};
use crate::{
    exchange::events,
    foundation::{
        context::Context,
        error::{Refusal, Result},
        texts::Label,
        ui::dates,
    },
};

/// Publishes it.
///
/// # Errors
/// `forum.not_now` unless it is a draft, `exchange.period_past` when its day has passed, what the
/// registration refuses.
pub async fn publish(ctx: &Context, id: ForumId, by: PersonId) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    if row.state != ForumState::Draft {
        return Err(Refusal::new("forum.not_now")
            .with("state", row.state.zh())
            .into());
    }
    if row.on_date <= ctx.today() {
        return Err(Refusal::new("exchange.period_past")
            .with("day", dates::day(row.on_date))
            .into());
    }
    let items = store::items(tx.db(), id).await?;
    let filing = Filing::of(&row, &items);
    let seats = seats::open(ctx, &tx, &row, &filing).await?;
    let mut next: forum::ActiveModel = row.into();
    next.state = Set(ForumState::Published);
    next.registration_id = Set(Some(seats));
    next.published_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    let row = next.update(tx.db()).await?;
    for item in items {
        talk::ask(ctx, &tx, &row, item).await?;
    }
    events::note(&tx, matter(id), Some(by), "forum.published", "").await?;
    tx.commit().await
}
