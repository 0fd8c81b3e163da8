//! A unit's standing changes: on a day, for a reason.

use chrono::NaiveDate;
use entity::{
    ids::{TierChangeId, UnitId},
    tier_change,
    unit::{self, Tier},
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::{keep, read, rules};
use crate::{
    accounts::{Action, Actor, Owner, audit},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        store::WriteTx,
        texts::Label,
    },
};

/// Changes the standing. Experts whom the unit recommended stay until their term ends.
///
/// # Errors
/// Refusals of the fields `tier` and `on`; [`Error::NotFound`].
pub async fn change_tier(
    ctx: &Context,
    actor: &Actor,
    id: UnitId,
    tier: Tier,
    on: NaiveDate,
    reason: &str,
) -> Result<()> {
    actor.require(Action::ManageUnits, &Owner::unit(id))?;
    let tx = ctx.store.begin().await?;
    change_tier_within(&tx, ctx, actor, id, tier, on, reason).await?;
    tx.commit().await
}

/// The same within the write of whoever decided it.
///
/// # Errors
/// As [`change_tier`].
pub async fn change_tier_within(
    tx: &WriteTx,
    ctx: &Context,
    actor: &Actor,
    id: UnitId,
    tier: Tier,
    on: NaiveDate,
    reason: &str,
) -> Result<()> {
    let unit = keep::lock(tx, id).await?;
    let history = read::tier_history(tx.db(), id).await?;
    rules::change_tier(&unit, history.first(), tier, on, ctx.today())
        .map_err(|(field, refusal)| Error::Invalid(FieldErrors::at(field, refusal)))?;
    let from = unit.tier;
    unit::Entity::update(unit::ActiveModel {
        tier: Set(tier),
        updated_at: Set(tx.now()),
        ..unit.clone().into()
    })
    .exec(tx.db())
    .await?;
    tier_change::Entity::insert(tier_change::ActiveModel {
        id: Set(tx.id::<TierChangeId>()),
        unit_id: Set(id),
        tier: Set(tier),
        on_date: Set(on),
        reason: Set(reason.to_owned()),
        by_person: Set(Some(actor.person)),
        created_at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await?;
    audit::record(
        tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "units.tier_changed",
            subject_kind: "unit",
            subject_id: Some(id.0),
            details: json!({
                "unit": unit.name,
                "from": from.zh(),
                "to": tier.zh(),
                "on": on,
                "reason": reason,
            }),
        },
    )
    .await?;
    Ok(())
}
