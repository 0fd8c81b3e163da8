//! 签到: which of the units that ought to come came (实到).

use entity::{
    ids::{MeetingId, UnitId},
    meeting, meeting_unit,
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
        error::{Refusal, Result},
    },
};

/// Records who came; everybody else stayed away. Recorded again, it replaces what was recorded.
///
/// # Errors
/// `meetings.not_now`, and `meetings.not_begun` before the meeting begins.
pub(super) async fn attend(
    ctx: &Context,
    actor: &Actor,
    id: MeetingId,
    came: &[UnitId],
) -> Result<()> {
    actor.require(Action::ManageMeetings, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let state = rules::next(row.state, Step::Attend)?;
    if row.starts_at > tx.now() {
        return Err(Refusal::new("meetings.not_begun").into());
    }
    let invited = store::invited(tx.db(), id).await?;
    let mut present = 0;
    for one in &invited {
        let attended = came.contains(&one.unit.id);
        present += usize::from(attended);
        store::update_unit(
            &tx,
            meeting_unit::ActiveModel {
                id: Set(one.row.id),
                attended: Set(Some(attended)),
                attended_by: Set(Some(actor.person)),
                ..Default::default()
            },
        )
        .await?;
    }
    store::update(
        &tx,
        meeting::ActiveModel {
            id: Set(id),
            state: Set(state),
            ..Default::default()
        },
    )
    .await?;
    let said = format!("应到 {}，实到 {present}", invited.len());
    events::record(&tx, actor.person, "meetings.attended", id.0, &said).await?;
    tx.commit().await
}
