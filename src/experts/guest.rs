//! 特邀专家: the secretariat asks somebody from outside when the pool falls short.

use entity::{
    expert::{self, ExpertState},
    ids::ExpertId,
};
use sea_orm::ActiveValue::Set;

use super::{decide, profile::Profile, recommend, rules::Step, store};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        ui::Fields,
    },
    people, units,
};

/// Proposes a guest. From here the way is that of a recommendation: another person approves, the
/// guest confirms; no seat of any unit is taken. A member unit that is named as the affiliation is
/// noted, so that recusal holds.
///
/// # Errors
/// What is missing, at its field, the reason included; `experts.duplicate`.
pub async fn propose(ctx: &Context, actor: &Actor, fields: &Fields) -> Result<ExpertId> {
    actor.require(Action::ManageExperts, &Owner::ALLIANCE)?;
    let mut errors = FieldErrors::default();
    let profile = Profile::read(fields, &mut errors);
    let reason = fields.required("guest_reason", 300, &mut errors);
    if profile.affiliation.is_empty() {
        errors.add("affiliation", Refusal::new("form.required"));
    }
    for (field, refusal) in profile.missing(ctx.config.pool.min_keywords).iter() {
        if errors.of(field).is_none() {
            errors.add(field, refusal.clone());
        }
    }
    errors.into_result(())?;
    let tx = ctx.store.begin().await?;
    store::lock_seats(&tx, ctx.today(), None).await?;
    let own = people::add(&tx, recommend::new_person(&profile)).await?;
    let own = people::get(tx.db(), own).await?;
    let id: ExpertId = tx.id();
    recommend::check_duplicate(&tx, id, &profile, &profile.affiliation).await?;
    let person = decide::join_known(&tx, &own, &profile, &profile.affiliation).await?;
    if person.id != own.id {
        people::remove(&tx, own.id).await?;
    }
    let unit = units::by_name(tx.db(), &profile.affiliation).await?;
    let draft = expert::ActiveModel {
        unit_id: Set(unit.map(|unit| unit.id)),
        guest: Set(true),
        guest_reason: Set(reason.clone()),
        state: Set(ExpertState::Draft),
        ..recommend::blank(ctx, &tx, id, person.id, &profile)
    };
    store::insert(&tx, draft).await?;
    let row = store::lock(&tx, id).await?;
    store::take(
        &tx,
        &row,
        Step::Send,
        Some(actor.person),
        &reason,
        expert::ActiveModel {
            recommended_by: Set(Some(actor.person)),
            recommended_at: Set(Some(tx.now())),
            ..Default::default()
        },
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}
