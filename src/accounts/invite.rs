//! Inviting somebody to sign in: a one-use link to set the first password, or, when the person
//! signs in already, just the news.

use chrono::Duration;
use entity::{account, person, ticket::TicketPurpose};

use super::{
    mails::{Invited, RoleGiven},
    tickets,
};
use crate::foundation::{
    context::Context,
    error::Result,
    mail::{About, Options, Recipient, Template, outbox},
    store::WriteTx,
};

/// Mails the invitation of `account`; `capacity` says as what (`中国电子学会联络员`). An older link
/// of the same person ends. Gives the secret, for the command line only: everywhere else it goes by
/// mail and nowhere else.
///
/// # Errors
/// When the database fails.
pub async fn invite(
    tx: &WriteTx,
    ctx: &Context,
    person: &person::Model,
    account: &account::Model,
    capacity: &str,
) -> Result<Option<String>> {
    let to = Recipient {
        person: Some(person.id),
        name: person.name.clone(),
        address: Some(account.email.clone()),
    };
    if account.password_hash.is_some() {
        let about = About {
            subject: tx.id(),
            generation: 1,
            cause: format!("登记为{capacity}"),
        };
        let template = RoleGiven {
            capacity: capacity.to_owned(),
        };
        outbox::enqueue(tx, &to, &about, Options::default(), &template).await?;
        return Ok(None);
    }
    let purpose = TicketPurpose::SetPassword;
    let lifetime = Duration::days(ctx.config.accounts.invite_days);
    let secret = tickets::issue(tx, purpose, person.id, capacity, lifetime).await?;
    outbox::cancel(tx, Invited::KIND, person.id.0).await?;
    let until = tx.now() + lifetime;
    let about = About {
        subject: person.id.0,
        generation: tickets::count(tx, purpose, person.id).await?,
        cause: format!("登记为{capacity}"),
    };
    let options = Options {
        expires_at: Some(until),
        ..Options::default()
    };
    let template = Invited {
        capacity: capacity.to_owned(),
        secret: secret.clone(),
        until,
    };
    outbox::enqueue(tx, &to, &about, options, &template).await?;
    Ok(Some(secret))
}
