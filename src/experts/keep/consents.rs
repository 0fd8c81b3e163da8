//! Consents of the own pool membership.

use entity::ids::ConsentId;
use serde_json::json;

use super::{KEEPING, noted, own};
use crate::{
    accounts::{Action, Actor, Owner},
    experts::{Duties, consent_texts::ConsentText, end},
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        ui::Fields,
    },
    people,
};

/// Takes a consent of the own pool membership back. Without any of the three nobody can serve, so the
/// engagement ends; what was done stays done.
///
/// # Errors
/// [`Error::NotFound`] when it is not the actor's; `experts.confirm_leaving` without the tick.
pub async fn withdraw_consent(
    ctx: &Context,
    duties: &Duties,
    actor: &Actor,
    id: ConsentId,
    fields: &Fields,
) -> Result<()> {
    actor.require(Action::OwnExpertPage, &Owner::person(actor.person))?;
    let known = own(ctx.store.read(), actor.person).await?;
    let (tx, row) = duties.lock(ctx, known.id).await?;
    let consent = people::consents::of(tx.db(), actor.person)
        .await?
        .into_iter()
        .find(|consent| consent.id == id)
        .ok_or(Error::NotFound)?;
    if !fields.has("leave") {
        return Err(Refusal::new("experts.confirm_leaving").into());
    }
    let text = ConsentText::of(&consent.purpose).ok_or(Error::NotFound)?;
    people::consents::withdraw(&tx, id).await?;
    if KEEPING.contains(&row.state) {
        let reason = format!("本人撤回{}", text.title());
        end::leave(&tx, ctx, duties, &row, &reason).await?;
    }
    noted(
        &tx,
        actor,
        &row,
        "experts.withdraw_consent",
        json!({ "purpose": consent.purpose }),
    )
    .await?;
    tx.commit().await
}
