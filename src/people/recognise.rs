//! Whether somebody described in words is known already.

use entity::person;
use sea_orm::ConnectionTrait;

use super::{mask, read};
use crate::foundation::{
    error::{FieldErrors, Refusal, Result},
    search::normalise,
};

/// How near two names have to be to be asked about as one misspelt (Jaro-Winkler).
const NEAR: f64 = 0.6;

/// The person of this name with this address or mobile number (both in the form of
/// [`super::contact_data`]); none when nobody has either. A name that is only near is a question for a
/// person, never an answer.
///
/// # Errors
/// Refusals of the fields `email` and `mobile` when they are kept for somebody of another name, and
/// of `mobile` when address and number belong to two people of the same name.
pub async fn recognise<C: ConnectionTrait>(
    db: &C,
    name: &str,
    email: Option<&str>,
    mobile: Option<&str>,
) -> Result<Option<person::Model>> {
    let alike = read::duplicates(db, email, mobile).await?;
    let wanted = normalise(name);
    let (same, others): (Vec<_>, Vec<_>) =
        alike.into_iter().partition(|row| row.name_normal == wanted);
    let mut errors = FieldErrors::default();
    let mut same = same.into_iter();
    if let Some(known) = same.next() {
        if same.next().is_some() {
            errors.add(
                "mobile",
                Refusal::new("people.two_of_a_name").with("name", name),
            );
        }
        return errors.into_result(Some(known));
    }
    for other in &others {
        let by_email = email.is_some() && other.email.as_deref() == email;
        let code = if strsim::jaro_winkler(&wanted, &other.name_normal) >= NEAR {
            "people.kept_for_near"
        } else if by_email {
            "people.email_kept"
        } else {
            "people.mobile_kept"
        };
        let field = if by_email { "email" } else { "mobile" };
        errors.add(
            field,
            Refusal::new(code).with("name", mask::name(&other.name)),
        );
    }
    errors.into_result(None)
}
