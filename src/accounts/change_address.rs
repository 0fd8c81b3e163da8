//! Another address to sign in with: asked for by its owner with the password, or by the secretariat for
//! somebody, and true only once the link in a mail to the new address was used. The old address is told,
//! and every session ends.

use chrono::Duration;
use entity::{account, ids::PersonId, person, role_grant::Role, ticket, ticket::TicketPurpose};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::{
    Action, Actor, Owner, Passwords, audit,
    mails::{AddressAsked, AddressChanged, AddressToConfirm},
    password::{check_present, recipient},
    sessions, store, tickets,
};
use crate::{
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        mail::{About, Options, Recipient, Template, outbox},
        store::WriteTx,
    },
    people::{self, AddressBooks, contact_data, mask},
};

/// How long the link to a new address works.
const LIFETIME: Duration = Duration::days(2);

const PURPOSE: TicketPurpose = TicketPurpose::ConfirmAddress;

/// Asks for another address of one's own account.
///
/// # Errors
/// Refusals of the fields `present` and `email`.
pub(super) async fn ask_own(
    ctx: &Context,
    passwords: &Passwords,
    actor: &Actor,
    present: &str,
    from: &str,
    typed: &str,
) -> Result<()> {
    let account = store::account_of(ctx.store.read(), actor.person)
        .await?
        .ok_or(Error::NotFound)?;
    let email = readable(typed, &account)?;
    check_present(ctx, passwords, &account, present, from).await?;
    let tx = ctx.store.begin().await?;
    ask(&tx, actor, actor.person, &email).await?;
    tx.commit().await
}

/// The account whose address the secretariat wants to change.
///
/// # Errors
/// [`Error::NotFound`] for people without an open account, for one's own, and for whoever works for the
/// secretariat unless `actor` manages its roles: an address opens the account.
pub(super) async fn of_other(
    ctx: &Context,
    actor: &Actor,
    person: PersonId,
) -> Result<(account::Model, person::Model)> {
    actor.require(Action::ChangeAddresses, &Owner::ALLIANCE)?;
    let db = ctx.store.read();
    let account = store::account_of(db, person)
        .await?
        .filter(|account| account.disabled_at.is_none() && person != actor.person)
        .ok_or(Error::NotFound)?;
    let office = store::grant_rows(db, account.id)
        .await?
        .iter()
        .any(|row| row.role != Role::Contact);
    if office {
        actor.require(Action::ManageRoles, &Owner::ALLIANCE)?;
    }
    Ok((account, people::get(db, person).await?))
}

/// Asks for another address of somebody else's account; the old address is told at once.
///
/// # Errors
/// As [`of_other`]; refusals of the field `email`.
pub(super) async fn ask_for(
    ctx: &Context,
    actor: &Actor,
    person: PersonId,
    typed: &str,
) -> Result<()> {
    let (account, owner) = of_other(ctx, actor, person).await?;
    let email = readable(typed, &account)?;
    let tx = ctx.store.begin().await?;
    ask(&tx, actor, person, &email).await?;
    let told = AddressAsked {
        new: mask::email(&email),
    };
    tell(&tx, &recipient(&account, &owner), "申请更换登录邮箱", &told).await?;
    tx.commit().await
}

fn readable(typed: &str, account: &account::Model) -> Result<String> {
    let at = |refusal| Error::from(FieldErrors::at("email", refusal));
    let email = contact_data::email(typed)
        .map_err(at)?
        .ok_or_else(|| at(Refusal::new("form.required")))?;
    if email == account.email {
        return Err(at(Refusal::new("accounts.email_same")));
    }
    Ok(email)
}

/// Mails the link to the new address.
async fn ask(tx: &WriteTx, actor: &Actor, person: PersonId, email: &str) -> Result<()> {
    let owner = people::lock(tx, person).await?;
    free(tx, email).await?;
    let secret = tickets::issue(tx, PURPOSE, person, email, LIFETIME).await?;
    let until = tx.now() + LIFETIME;
    let about = About {
        subject: person.0,
        generation: tickets::count(tx, PURPOSE, person).await?,
        cause: "确认新的登录邮箱".to_owned(),
    };
    let options = Options {
        urgent: true,
        expires_at: Some(until),
        ..Options::default()
    };
    let to = Recipient {
        person: Some(person),
        name: owner.name,
        address: Some(email.to_owned()),
    };
    outbox::cancel(tx, AddressToConfirm::KIND, person.0).await?;
    outbox::enqueue(
        tx,
        &to,
        &about,
        options,
        &AddressToConfirm { secret, until },
    )
    .await?;
    record(tx, actor.person, person, "accounts.address_asked").await
}

/// Refuses an address with which somebody signs in.
async fn free(tx: &WriteTx, email: &str) -> Result<()> {
    match store::account_by_email(tx.db(), email).await? {
        None => Ok(()),
        Some(_) => Err(FieldErrors::at("email", Refusal::new("accounts.email_taken")).into()),
    }
}

/// What the link in the mail would do: whose account, and to which address.
///
/// # Errors
/// As [`tickets::look`]; [`Error::NotFound`] when the account was closed since.
pub(super) async fn asked(
    ctx: &Context,
    secret: &str,
) -> Result<(ticket::Model, account::Model, person::Model)> {
    let ticket = tickets::look(ctx, PURPOSE, secret).await?;
    let db = ctx.store.read();
    let account = store::account_of(db, ticket.person_id)
        .await?
        .filter(|account| account.disabled_at.is_none())
        .ok_or(Error::NotFound)?;
    let person = people::get(db, ticket.person_id).await?;
    Ok((ticket, account, person))
}

/// Uses the link up: the account has the new address, and so has the person unless another one is kept
/// for them; what is open for them, as an expert or a participant, goes there too. Every session ends,
/// and links to the old address with it.
///
/// # Errors
/// As [`tickets::redeem`]; `accounts.email_taken` when somebody else took the address meanwhile.
pub(super) async fn confirm(ctx: &Context, books: &AddressBooks, secret: &str) -> Result<()> {
    let (seen, ..) = asked(ctx, secret).await?;
    let tx = ctx.store.begin().await?;
    books.hold(&tx, seen.person_id).await?;
    let ticket = tickets::redeem(&tx, PURPOSE, secret).await?;
    let person = people::lock(&tx, ticket.person_id).await?;
    let account = store::account_of(tx.db(), person.id)
        .await?
        .filter(|account| account.disabled_at.is_none())
        .ok_or(Error::NotFound)?;
    let email = ticket.detail;
    if store::account_by_email(tx.db(), &email).await?.is_some() {
        return Err(Refusal::new("accounts.email_taken").into());
    }
    let old = recipient(&account, &person);
    if person.email.as_deref() == Some(account.email.as_str()) {
        let mobile = person.mobile.as_deref();
        let person = people::correct(&tx, person.id, &person.name, Some(&email), mobile).await?;
        outbox::readdress(&tx, person.id, &email).await?;
        books.moved(&tx, ctx, &person).await?;
    }
    account::Entity::update(account::ActiveModel {
        email: Set(email.clone()),
        ..account.into()
    })
    .exec(tx.db())
    .await?;
    sessions::end_sessions_of(&tx, person.id, None).await?;
    tickets::cancel(&tx, TicketPurpose::ResetPassword, person.id).await?;
    let told = AddressChanged {
        new: mask::email(&email),
        at: tx.now(),
    };
    tell(&tx, &old, "登录邮箱已更换", &told).await?;
    record(&tx, person.id, person.id, "accounts.address_changed").await?;
    tx.commit().await
}

async fn tell<T: Template>(tx: &WriteTx, to: &Recipient, cause: &str, told: &T) -> Result<()> {
    let about = About {
        subject: tx.id(),
        generation: 1,
        cause: cause.to_owned(),
    };
    let options = Options {
        urgent: true,
        ..Options::default()
    };
    outbox::enqueue(tx, to, &about, options, told).await?;
    Ok(())
}

async fn record(
    tx: &WriteTx,
    actor: PersonId,
    person: PersonId,
    action: &'static str,
) -> Result<()> {
    audit::record(
        tx,
        audit::Entry {
            actor: Some(actor),
            action,
            subject_kind: "person",
            subject_id: Some(person.0),
            details: json!({}),
        },
    )
    .await?;
    Ok(())
}
