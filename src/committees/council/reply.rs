//! 回执: a unit says whether it comes, and who; it may change its mind until the meeting begins.

use entity::{
    ids::{MeetingId, UnitId},
    meeting_unit::{self, Reply},
};
use sea_orm::ActiveValue::Set;

use super::{
    events,
    rules::{self, Step},
    store,
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        texts::Label,
    },
};

/// An answer as typed.
#[derive(Clone, Debug)]
pub(super) struct NewReply {
    pub reply: Reply,
    pub name: String,
    pub position: String,
    pub mobile: String,
    pub note: String,
}

/// Keeps the answer of a unit.
///
/// # Errors
/// `meetings.not_now`, `meetings.begun`; [`Error::NotFound`] for a unit that does not belong to it.
pub(super) async fn reply(
    ctx: &Context,
    actor: &Actor,
    id: MeetingId,
    unit: UnitId,
    new: &NewReply,
) -> Result<()> {
    actor.require(Action::ActInCouncil, &Owner::unit(unit))?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let own = store::invited_unit(tx.db(), id, unit).await?;
    let own = own.ok_or(Error::NotFound)?;
    rules::next(row.state, Step::Reply)?;
    if row.starts_at <= tx.now() {
        return Err(Refusal::new("meetings.begun").into());
    }
    store::update_unit(
        &tx,
        meeting_unit::ActiveModel {
            id: Set(own.id),
            reply: Set(Some(new.reply)),
            attendee_name: Set(new.name.clone()),
            attendee_position: Set(new.position.clone()),
            attendee_mobile: Set(new.mobile.clone()),
            reply_note: Set(new.note.clone()),
            replied_by: Set(Some(actor.person)),
            replied_at: Set(Some(tx.now())),
            ..Default::default()
        },
    )
    .await?;
    let action = "meetings.replied";
    events::record(&tx, actor.person, action, id.0, new.reply.zh()).await?;
    tx.commit().await
}
