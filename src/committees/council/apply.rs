//! A unit that leads a committee applies for a seat in the standing council, or takes that back; the
//! nomination is recorded.

use entity::{
    committee_unit::UnitPart,
    ids::{CommitteeId, StandingApplicationId, UnitId},
    standing_application::{self, ApplicationState},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{super::store as committees, events, rules, store};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{Error, Result},
    },
    units,
};

/// The committees that a unit leads or is to lead.
pub(super) async fn led_by(ctx: &Context, unit: UnitId) -> Result<Vec<(CommitteeId, String)>> {
    let all = committees::all(ctx.store.read()).await?;
    Ok(all
        .iter()
        .filter(|full| super::super::rules::goes_on(full.row.state).is_ok())
        .filter(|full| {
            full.admitted()
                .any(|one| one.row.part == UnitPart::Lead && one.unit.id == unit)
        })
        .map(|full| (full.row.id, full.row.name.clone()))
        .collect())
}

/// Applies for a seat.
///
/// # Errors
/// `meetings.not_council`, `meetings.already_standing`, `meetings.leads_nothing`,
/// `meetings.applied_already`.
pub(super) async fn apply(ctx: &Context, actor: &Actor, unit: UnitId, text: &str) -> Result<()> {
    actor.require(Action::ActInCouncil, &Owner::unit(unit))?;
    let led = led_by(ctx, unit).await?;
    let tx = ctx.store.begin().await?;
    let unit = units::lock(&tx, unit).await?;
    let open = store::has_open(tx.db(), unit.id).await?;
    rules::may_apply(unit.tier, !led.is_empty(), open)?;
    let (committee, _) = led.first().ok_or(Error::NotFound)?;
    let id: StandingApplicationId = tx.id();
    standing_application::Entity::insert(standing_application::ActiveModel {
        id: Set(id),
        unit_id: Set(unit.id),
        committee_id: Set(*committee),
        state: Set(ApplicationState::Applied),
        text: Set(text.to_owned()),
        applied_by: Set(actor.person),
        applied_at: Set(tx.now()),
        nominated_by: Set(None),
        nominated_at: Set(None),
        nomination_note: Set(String::new()),
        meeting_id: Set(None),
        votes_for: Set(None),
        votes_against: Set(None),
        votes_abstained: Set(None),
        decided_by: Set(None),
        decided_at: Set(None),
    })
    .exec_without_returning(tx.db())
    .await?;
    events::record(&tx, actor.person, "meetings.seat_applied", id.0, &unit.name).await?;
    tx.commit().await
}

/// Records that an application was nominated for the vote, or was not, and by whom or why.
///
/// # Errors
/// `meetings.application_state`
pub(super) async fn nominate(
    ctx: &Context,
    actor: &Actor,
    id: StandingApplicationId,
    nominated: bool,
    note: &str,
) -> Result<()> {
    actor.require(Action::ManageMeetings, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let row = store::lock_application(&tx, id).await?;
    rules::expects(row.state, ApplicationState::Applied)?;
    standing_application::Entity::update(standing_application::ActiveModel {
        id: Set(id),
        state: Set(if nominated {
            ApplicationState::Nominated
        } else {
            ApplicationState::Refused
        }),
        nominated_by: Set(Some(actor.person)),
        nominated_at: Set(Some(tx.now())),
        nomination_note: Set(note.to_owned()),
        ..Default::default()
    })
    .exec(tx.db())
    .await?;
    events::record(&tx, actor.person, "meetings.seat_nominated", id.0, note).await?;
    tx.commit().await
}

/// Takes the application of the actor's unit back, before a vote decided it.
///
/// # Errors
/// [`Error::NotFound`] for another unit's; `meetings.application_state`.
pub(super) async fn withdraw(
    ctx: &Context,
    actor: &Actor,
    id: StandingApplicationId,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock_application(&tx, id).await?;
    actor.require(Action::ActInCouncil, &Owner::unit(row.unit_id))?;
    rules::may_withdraw(row.state)?;
    standing_application::Entity::update(standing_application::ActiveModel {
        id: Set(id),
        state: Set(ApplicationState::Withdrawn),
        decided_by: Set(Some(actor.person)),
        decided_at: Set(Some(tx.now())),
        ..Default::default()
    })
    .exec(tx.db())
    .await?;
    let unit = units::get(tx.db(), row.unit_id).await?;
    events::record(
        &tx,
        actor.person,
        "meetings.seat_withdrawn",
        id.0,
        &unit.name,
    )
    .await?;
    tx.commit().await
}
