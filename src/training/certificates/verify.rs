//! Anybody checks a certificate: by number and full name, or by the signed payload of its picture.

use entity::certificate;

use super::{Claims, Number, sealed::Sealed, store};
use crate::{
    accounts::limits::Tries,
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        search::normalise,
        ui::Fields,
    },
};

/// The certificate of a number and a full name. Whether the number or the name did not fit is not
/// said, so that nobody learns names by trying; tries that fail are counted.
///
/// # Errors
/// `certificate.number_form`, `certificate.number_check` at the number; `certificate.no_match`;
/// `certificate.too_many_tries`.
pub async fn by_number(
    ctx: &Context,
    fields: &Fields,
    network: &str,
) -> Result<certificate::Model> {
    let mut errors = FieldErrors::default();
    let typed = fields.required("number", 60, &mut errors);
    let name = fields.required("name", 60, &mut errors);
    let number = match typed.parse::<Number>() {
        Ok(number) => number.to_string(),
        Err(refusal) => {
            if !typed.is_empty() {
                errors.add("number", refusal);
            }
            String::new()
        }
    };
    let number = errors.into_result(number)?;
    let tries = Tries::of(ctx, "verify", &number, network);
    if let Some(minutes) = tries.minutes_to_wait(ctx).await? {
        let refusal = Refusal::new("certificate.too_many_tries").with("minutes", minutes);
        return Err(refusal.into());
    }
    let found = store::of_number(ctx.store.read(), &number)
        .await?
        .filter(|row| normalise(&row.name) == normalise(&name));
    if let Some(row) = found {
        return Ok(row);
    }
    let tx = ctx.store.begin().await?;
    tries.count(&tx).await?;
    tx.commit().await?;
    Err(Refusal::new("certificate.no_match").into())
}

/// What a signed payload says, and the certificate of its number. None when this service did not sign
/// it as it stands.
///
/// # Errors
/// When the database fails.
pub async fn by_payload(
    ctx: &Context,
    payload: &str,
) -> Result<Option<(Claims, Option<certificate::Model>)>> {
    let Some(sealed) = Sealed::read(payload) else {
        return Ok(None);
    };
    let db = ctx.store.read();
    let Some(key) = store::key(db, sealed.key_id()).await? else {
        return Ok(None);
    };
    let Some(claims) = sealed.open(&key.public_key) else {
        return Ok(None);
    };
    let row = store::of_number(db, &claims.number.to_string()).await?;
    Ok(Some((claims.clone(), row)))
}
