//! A meeting is called off, with the reason.

use entity::{
    ids::MeetingId,
    meeting::{self, MeetingState},
};
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

/// Calls a meeting off; the units that were told are told, and their calendars follow.
///
/// # Errors
/// `meetings.not_now` once it was held.
pub(super) async fn cancel(
    ctx: &Context,
    actor: &Actor,
    id: MeetingId,
    reason: &str,
) -> Result<()> {
    actor.require(Action::ManageMeetings, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let former = store::lock(&tx, id).await?;
    let state = rules::next(former.state, Step::Cancel)?;
    let row = store::update(
        &tx,
        meeting::ActiveModel {
            id: Set(id),
            state: Set(state),
            note: Set(reason.to_owned()),
            sequence: Set(former.sequence + 1),
            ..Default::default()
        },
    )
    .await?;
    if former.state == MeetingState::Called {
        mails::to_all(&tx, &row, row.sequence, &mails::Cancelled::of(&row)).await?;
    }
    events::record(&tx, actor.person, "meetings.cancelled", id.0, reason).await?;
    tx.commit().await
}
