//! 纪要: written once who came is recorded, and sent to every unit that ought to come.

use entity::{ids::MeetingId, meeting};
use sea_orm::ActiveValue::Set;

use super::{
    events, mails,
    rules::{self, Step},
    store,
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{context::Context, error::Result},
};

/// Sends the minutes; a corrected version is sent again.
///
/// # Errors
/// `meetings.not_now` before who came is recorded.
pub(super) async fn send(ctx: &Context, actor: &Actor, id: MeetingId, text: &str) -> Result<()> {
    actor.require(Action::ManageMeetings, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let state = rules::next(row.state, Step::Minute)?;
    let row = store::update(
        &tx,
        meeting::ActiveModel {
            id: Set(id),
            state: Set(state),
            minutes: Set(text.to_owned()),
            minuted_at: Set(Some(tx.now())),
            sequence: Set(row.sequence + 1),
            ..Default::default()
        },
    )
    .await?;
    mails::to_all(&tx, &row, row.sequence, &mails::Minuted::of(&row)).await?;
    events::record(&tx, actor.person, "meetings.minuted", id.0, &row.title).await?;
    tx.commit().await
}
