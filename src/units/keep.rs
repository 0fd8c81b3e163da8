//! Adding a unit and correcting what is known of one.

use chrono::NaiveDate;
use entity::{
    ids::{PersonId, TierChangeId, UnitId},
    tier_change,
    unit::{self, Tier},
};
use sea_orm::{ActiveValue::Set, EntityTrait, QuerySelect};
use serde_json::json;

use super::{
    close_contact::close_all,
    read::{self, search_columns},
    rules,
};
use crate::{
    accounts::{Action, Actor, Owner, audit},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
        texts::Label,
    },
};

/// A unit as typed.
#[derive(Clone, Debug, Default)]
pub struct NewUnit {
    /// Full name, at most 100 characters.
    pub name: String,
    /// Short name, at most 40 characters, or empty.
    pub short_name: String,
    /// What it deals with, at most 1000 characters.
    pub scope: String,
    /// 统一社会信用代码 as typed, or blank.
    pub credit_code: String,
    /// Since when a member.
    pub joined_on: Option<NaiveDate>,
}

/// Adds a unit.
///
/// # Errors
/// Refusals of the fields `name` and `credit_code`.
pub async fn add(ctx: &Context, actor: &Actor, new: &NewUnit, tier: Tier) -> Result<UnitId> {
    actor.require(Action::ManageUnits, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let id = add_within(&tx, ctx, Some(actor.person), new, tier).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within a write, also for the import, which acts for nobody.
pub(crate) async fn add_within(
    tx: &WriteTx,
    ctx: &Context,
    actor: Option<PersonId>,
    new: &NewUnit,
    tier: Tier,
) -> Result<UnitId> {
    let credit_code = check(tx, new, None).await?;
    let id: UnitId = tx.id();
    let joined_on = new.joined_on.unwrap_or_else(|| ctx.today());
    unit::Entity::insert(unit::ActiveModel {
        id: Set(id),
        tier: Set(tier),
        credit_code: Set(credit_code),
        scope: Set(new.scope.clone()),
        secretariat: Set(false),
        joined_on: Set(Some(joined_on)),
        left_on: Set(None),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        ..search_columns(&new.name, &new.short_name)
    })
    .exec_without_returning(tx.db())
    .await?;
    tier_change::Entity::insert(tier_change::ActiveModel {
        id: Set(tx.id::<TierChangeId>()),
        unit_id: Set(id),
        tier: Set(tier),
        on_date: Set(joined_on),
        reason: Set("加入联盟".to_owned()),
        by_person: Set(actor),
        created_at: Set(tx.now()),
    })
    .exec_without_returning(tx.db())
    .await?;
    audit::record(
        tx,
        audit::Entry {
            actor,
            action: "units.added",
            subject_kind: "unit",
            subject_id: Some(id.0),
            details: json!({ "unit": new.name, "to": tier.zh() }),
        },
    )
    .await?;
    Ok(id)
}

/// Corrects a unit. Once it has left, its contacts are closed.
///
/// # Errors
/// As [`add`], and of the field `left_on`; [`Error::NotFound`].
pub async fn correct(
    ctx: &Context,
    actor: &Actor,
    id: UnitId,
    new: &NewUnit,
    left_on: Option<NaiveDate>,
) -> Result<()> {
    actor.require(Action::ManageUnits, &Owner::unit(id))?;
    let tx = ctx.store.begin().await?;
    let unit = lock(&tx, id).await?;
    let credit_code = check(&tx, new, Some(id)).await?;
    if let Some(left_on) = left_on {
        let refused = |code| Error::Invalid(FieldErrors::at("left_on", Refusal::new(code)));
        if unit.secretariat {
            return Err(refused("units.secretariat_stays"));
        }
        if left_on > ctx.today() {
            return Err(refused("units.not_yet"));
        }
    }
    unit::Entity::update(unit::ActiveModel {
        id: Set(id),
        credit_code: Set(credit_code),
        scope: Set(new.scope.clone()),
        joined_on: Set(new.joined_on),
        left_on: Set(left_on),
        updated_at: Set(tx.now()),
        ..search_columns(&new.name, &new.short_name)
    })
    .exec(tx.db())
    .await?;
    if left_on.is_some() {
        close_all(&tx, actor, id).await?;
    }
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "units.changed",
            subject_kind: "unit",
            subject_id: Some(id.0),
            details: json!({ "from": unit.name, "to": new.name }),
        },
    )
    .await?;
    tx.commit().await
}

/// A unit, locked until the write ends: standing, seats and contacts of the same unit take turns.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn lock(tx: &WriteTx, id: UnitId) -> Result<unit::Model> {
    unit::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)
}

async fn check(tx: &WriteTx, new: &NewUnit, own: Option<UnitId>) -> Result<Option<String>> {
    let mut errors = FieldErrors::default();
    let code = rules::credit_code(&new.credit_code).unwrap_or_else(|refusal| {
        errors.add("credit_code", refusal);
        None
    });
    let same = read::by_name(tx.db(), &new.name).await?;
    if let Some(other) = same.filter(|other| Some(other.id) != own) {
        errors.add(
            "name",
            Refusal::new("units.name_taken").with("name", other.name),
        );
    }
    errors.into_result(code)
}
