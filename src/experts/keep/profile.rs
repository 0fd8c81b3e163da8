//! The expert's own profile.

use serde_json::json;

use super::{lock_own, noted};
use crate::{
    accounts::Actor,
    experts::{contact::keep_contact, profile::Profile, store},
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        ui::Fields,
    },
    people::{self, AddressBooks},
};

/// Corrects the own profile. Name, affiliation and kind were checked with the recommendation and stay.
/// With another address, what has not left goes there, older links fail, and what is open is sent again.
///
/// # Errors
/// Refusals of fields; `experts.duplicate` when the address or number is another expert's.
pub async fn correct(
    ctx: &Context,
    books: &AddressBooks,
    actor: &Actor,
    fields: &Fields,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    books.hold(&tx, actor.person).await?;
    store::lock_seats(&tx, ctx.today(), None).await?;
    let row = lock_own(&tx, actor).await?;
    let known = people::get(tx.db(), row.person_id).await?;
    let mut errors = FieldErrors::default();
    let standing = Profile::of(&row, &known);
    let fixed = standing.fields();
    let mut typed = Fields::default();
    for name in ["name", "affiliation", "kind"] {
        typed = typed.with(name, fixed.text(name));
    }
    for (name, value) in fields.iter() {
        typed = typed.with(name, value);
    }
    let profile = Profile::read(&typed, &mut errors);
    for (field, refusal) in profile.missing(ctx.config.pool.min_keywords).iter() {
        if errors.of(field).is_none() {
            errors.add(field, refusal.clone());
        }
    }
    errors.into_result(())?;
    store::update(&tx, row.id, profile.columns()).await?;
    let person = keep_contact(&tx, ctx, books, &row, &known, &profile).await?;
    let details = json!({
        "email_changed": person.email != known.email,
        "mobile_changed": person.mobile != known.mobile,
        "domains": { "from": row.domains, "to": profile.domains },
    });
    noted(&tx, actor, &row, "experts.correct", details).await?;
    tx.commit().await
}
