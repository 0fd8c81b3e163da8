//! The result of a vote on a seat in the standing council, as it was counted. Whoever is elected
//! changes standing in the same write.

use entity::{
    ids::{MeetingId, StandingApplicationId},
    meeting::MeetingState,
    standing_application::{self, ApplicationState},
    unit::Tier,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    events, mails,
    rules::{self, Votes},
    store,
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        ui::dates,
    },
    units,
};

/// Records the vote of a meeting on an application.
///
/// # Errors
/// Refusals of the fields `meeting` and `ayes`; `meetings.application_state`.
pub(super) async fn record_vote(
    ctx: &Context,
    actor: &Actor,
    id: StandingApplicationId,
    meeting: MeetingId,
    votes: Votes,
) -> Result<()> {
    actor.require(Action::ManageMeetings, &Owner::ALLIANCE)?;
    let at = |field: &str, refusal| Error::Invalid(FieldErrors::at(field, refusal));
    let tx = ctx.store.begin().await?;
    let row = store::lock_application(&tx, id).await?;
    rules::expects(row.state, ApplicationState::Nominated)?;
    let held = store::get(tx.db(), meeting).await?;
    if !matches!(held.state, MeetingState::Held | MeetingState::Minuted) {
        return Err(at("meeting", Refusal::new("meetings.vote_unheld")));
    }
    let invited = store::invited(tx.db(), meeting).await?;
    let present = invited
        .iter()
        .filter(|one| one.row.attended == Some(true))
        .count();
    let present = i32::try_from(present).map_err(Error::internal)?;
    let elected = rules::elects(votes, present).map_err(|refusal| at("ayes", refusal))?;
    standing_application::Entity::update(standing_application::ActiveModel {
        id: Set(id),
        state: Set(if elected {
            ApplicationState::Elected
        } else {
            ApplicationState::NotElected
        }),
        meeting_id: Set(Some(meeting)),
        votes_for: Set(Some(votes.ayes)),
        votes_against: Set(Some(votes.noes)),
        votes_abstained: Set(Some(votes.abstained)),
        decided_by: Set(Some(actor.person)),
        decided_at: Set(Some(tx.now())),
        ..Default::default()
    })
    .exec(tx.db())
    .await?;
    let said = format!(
        "{}表决：应到 {}，实到 {present}，赞成 {}、反对 {}、弃权 {}",
        held.title,
        invited.len(),
        votes.ayes,
        votes.noes,
        votes.abstained
    );
    if elected {
        let day = dates::local_date(held.starts_at, ctx.zone());
        units::change_tier_within(
            &tx,
            ctx,
            actor,
            row.unit_id,
            Tier::StandingCouncil,
            day,
            &said,
        )
        .await?;
    }
    let unit = units::get(tx.db(), row.unit_id).await?;
    let mail = mails::Voted::of(&unit, elected, &said);
    mails::to_unit(&tx, unit.id, id.0, &mail).await?;
    events::record(&tx, actor.person, "meetings.seat_voted", id.0, &said).await?;
    tx.commit().await
}
