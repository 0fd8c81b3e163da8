//! Setting a password: the first one by invitation, a new one by a mailed link, another one at the
//! own page. Hashing is done before the write begins.

use chrono::Duration;
use entity::{account, person, ticket::TicketPurpose};
use serde_json::json;

use super::{
    Actor, Faces, Passwords, audit,
    limits::Tries,
    mails::{PasswordChanged, ResetAsked},
    password_rules::{self, Bearer},
    sessions, store, tickets,
};
use crate::{
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        mail::{About, Options, Recipient, Template, outbox},
        store::WriteTx,
    },
    people,
};

/// The bearer of a link that sets a password, for the page that asks for it.
///
/// # Errors
/// As [`tickets::look`]; [`Error::NotFound`] when the account was closed since.
pub(super) async fn bearer(
    ctx: &Context,
    purpose: TicketPurpose,
    secret: &str,
) -> Result<(account::Model, person::Model)> {
    let ticket = tickets::look(ctx, purpose, secret).await?;
    let account = store::account_of(ctx.store.read(), ticket.person_id)
        .await?
        .filter(|account| account.disabled_at.is_none())
        .ok_or(Error::NotFound)?;
    let person = people::get(ctx.store.read(), ticket.person_id).await?;
    Ok((account, person))
}

/// What was typed twice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Typed<'a> {
    pub password: &'a str,
    pub again: &'a str,
}

impl Typed<'_> {
    fn check(self, ctx: &Context, account: &account::Model, person: &person::Model) -> Result<()> {
        let bearer = Bearer {
            name: &person.name,
            email: &account.email,
        };
        let mut errors = FieldErrors::default();
        if let Err(refusal) =
            password_rules::check(self.password, ctx.config.accounts.min_password, bearer)
        {
            errors.add("password", refusal);
        } else if self.password != self.again {
            errors.add("again", Refusal::new("accounts.password_again"));
        }
        errors.into_result(())
    }
}

/// Uses up a link and sets the password behind it. All sessions end.
///
/// # Errors
/// Refusals of the fields `password` and `again`, and those of [`tickets::redeem`].
pub(super) async fn set_by_link(
    ctx: &Context,
    passwords: &Passwords,
    faces: &Faces,
    purpose: TicketPurpose,
    secret: &str,
    typed: Typed<'_>,
) -> Result<()> {
    let (account, person) = bearer(ctx, purpose, secret).await?;
    typed.check(ctx, &account, &person)?;
    let hash = passwords.hash(typed.password, ctx.platform()).await?;
    let tx = ctx.store.begin().await?;
    tickets::redeem(&tx, purpose, secret).await?;
    store::set_password(&tx, account.id, hash).await?;
    sessions::end_sessions_of(&tx, person.id, None).await?;
    for inviter in faces.inviters.iter() {
        inviter.joined(&tx, person.id).await?;
    }
    let action = match purpose {
        TicketPurpose::SetPassword => "accounts.joined",
        _ => {
            tell_owner(&tx, &account, &person).await?;
            "accounts.password_reset"
        }
    };
    record(&tx, &person, action).await?;
    tx.commit().await
}

/// Sets another password at the own page; other sessions end, this one goes on.
///
/// # Errors
/// Refusals of the fields `present`, `password` and `again`.
pub(super) async fn change(
    ctx: &Context,
    passwords: &Passwords,
    actor: &Actor,
    present: &str,
    address: &str,
    typed: Typed<'_>,
) -> Result<()> {
    let db = ctx.store.read();
    let account = store::account_of(db, actor.person)
        .await?
        .ok_or(Error::NotFound)?;
    let person = people::get(db, actor.person).await?;
    check_present(ctx, passwords, &account, present, address).await?;
    typed.check(ctx, &account, &person)?;
    let hash = passwords.hash(typed.password, ctx.platform()).await?;
    let tx = ctx.store.begin().await?;
    store::set_password(&tx, account.id, hash).await?;
    sessions::end_sessions_of(&tx, person.id, Some(actor.session)).await?;
    tickets::cancel(&tx, TicketPurpose::ResetPassword, person.id).await?;
    tell_owner(&tx, &account, &person).await?;
    record(&tx, &person, "accounts.password_changed").await?;
    tx.commit().await
}

/// Whether `present` is the password of the account; tries are counted, for somebody at an open browser
/// must not find it out here.
///
/// # Errors
/// Refusals `accounts.wait`, and `accounts.wrong_present` at the field `present`.
pub(super) async fn check_present(
    ctx: &Context,
    passwords: &Passwords,
    account: &account::Model,
    present: &str,
    address: &str,
) -> Result<()> {
    let tries = Tries::of(ctx, "change", &account.email, address);
    if let Some(minutes) = tries.minutes_to_wait(ctx).await? {
        return Err(Refusal::new("accounts.wait")
            .with("minutes", minutes)
            .into());
    }
    let hash = account.password_hash.as_deref();
    if passwords.verify(present, hash).await? {
        return Ok(());
    }
    let tx = ctx.store.begin().await?;
    tries.count(&tx).await?;
    tx.commit().await?;
    Err(FieldErrors::at("present", Refusal::new("accounts.wrong_present")).into())
}

/// Mails a link to set a new password, if somebody signs in with `email`. The caller learns nothing
/// about that.
///
/// # Errors
/// When the service itself fails.
pub(super) async fn ask_reset(ctx: &Context, email: &str, address: &str) -> Result<()> {
    let email = email.trim().to_lowercase();
    let tries = Tries::of(ctx, "reset", &email, address);
    if tries.minutes_to_wait(ctx).await?.is_some() {
        return Ok(());
    }
    let tx = ctx.store.begin().await?;
    tries.count(&tx).await?;
    let account = store::account_by_email(tx.db(), &email)
        .await?
        .filter(|account| account.disabled_at.is_none() && account.password_hash.is_some());
    if let Some(account) = account {
        let person = people::lock(&tx, account.person_id).await?;
        let purpose = TicketPurpose::ResetPassword;
        let lifetime = Duration::minutes(ctx.config.accounts.reset_minutes);
        let secret = tickets::issue(&tx, purpose, person.id, "", lifetime).await?;
        let until = tx.now() + lifetime;
        let about = About {
            subject: person.id.0,
            generation: tickets::count(&tx, purpose, person.id).await?,
            cause: "忘记密码".to_owned(),
        };
        let options = Options {
            urgent: true,
            expires_at: Some(until),
            ..Options::default()
        };
        outbox::cancel(&tx, ResetAsked::KIND, person.id.0).await?;
        let template = ResetAsked { secret, until };
        let to = recipient(&account, &person);
        outbox::enqueue(&tx, &to, &about, options, &template).await?;
        record(&tx, &person, "accounts.reset_asked").await?;
    }
    tx.commit().await
}

async fn tell_owner(tx: &WriteTx, account: &account::Model, person: &person::Model) -> Result<()> {
    let about = About {
        subject: tx.id(),
        generation: 1,
        cause: "密码已更改".to_owned(),
    };
    let options = Options {
        urgent: true,
        ..Options::default()
    };
    let template = PasswordChanged { at: tx.now() };
    outbox::enqueue(tx, &recipient(account, person), &about, options, &template).await?;
    Ok(())
}

/// The owner of an account at the address they sign in with.
pub(super) fn recipient(account: &account::Model, person: &person::Model) -> Recipient {
    Recipient {
        person: Some(person.id),
        name: person.name.clone(),
        address: Some(account.email.clone()),
    }
}

async fn record(tx: &WriteTx, person: &person::Model, action: &'static str) -> Result<()> {
    audit::record(
        tx,
        audit::Entry {
            actor: Some(person.id),
            action,
            subject_kind: "person",
            subject_id: Some(person.id.0),
            details: json!({}),
        },
    )
    .await?;
    Ok(())
}
