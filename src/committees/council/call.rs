//! 会议通知: the units that belong to a meeting are told, and asked whether they come.

use entity::{ids::MeetingId, meeting, meeting_unit};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    events, mails,
    rules::{self, Step},
    store,
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{context::Context, error::Result},
    units,
};

/// Calls a meeting: who ought to come (应到) is settled now, by the standing of each unit.
///
/// # Errors
/// `meetings.not_now`; the refusals of the fields of a meeting that lies in the past.
pub async fn call(ctx: &Context, actor: &Actor, id: MeetingId) -> Result<()> {
    actor.require(Action::ManageMeetings, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let state = rules::next(row.state, Step::Call)?;
    rules::check_time(
        row.date,
        (row.from_time, row.to_time),
        row.reply_by,
        ctx.today(),
    )
    .map_err(|(_, refusal)| refusal)?;
    let all = units::all(tx.db()).await?;
    let mut count = 0;
    for unit in all
        .iter()
        .filter(|unit| unit.left_on.is_none() && rules::belongs(row.kind, unit.tier))
    {
        meeting_unit::Entity::insert(meeting_unit::ActiveModel {
            id: Set(tx.id()),
            meeting_id: Set(id),
            unit_id: Set(unit.id),
            reply: Set(None),
            attendee_name: Set(String::new()),
            attendee_position: Set(String::new()),
            attendee_mobile: Set(String::new()),
            reply_note: Set(String::new()),
            replied_by: Set(None),
            replied_at: Set(None),
            attended: Set(None),
            attended_by: Set(None),
        })
        .exec_without_returning(tx.db())
        .await?;
        count += 1;
    }
    let row = store::update(
        &tx,
        meeting::ActiveModel {
            id: Set(id),
            state: Set(state),
            called_at: Set(Some(tx.now())),
            ..Default::default()
        },
    )
    .await?;
    mails::to_all(&tx, &row, row.sequence, &mails::Called::of(&row)).await?;
    let said = format!("应到 {count} 个单位");
    events::record(&tx, actor.person, "meetings.called", id.0, &said).await?;
    tx.commit().await
}
