//! Signing in by e-mail and password.

use axum_extra::extract::cookie::Cookie;

use super::{Passwords, limits::Tries, sessions, store};
use crate::foundation::{
    context::Context,
    error::{Refusal, Result},
};

/// What is needed to sign in.
#[derive(Clone, Debug)]
pub(super) struct SignIn<'a> {
    pub email: &'a str,
    pub password: &'a str,
    pub browser: &'a str,
    pub address: &'a str,
}

/// Checks the password and begins a session. An unknown address takes as long as a known one.
pub(super) async fn sign_in(
    ctx: &Context,
    passwords: &Passwords,
    given: SignIn<'_>,
) -> Result<Cookie<'static>> {
    let email = given.email.trim().to_lowercase();
    let tries = Tries::of(ctx, "sign-in", &email, given.address);
    if let Some(minutes) = tries.minutes_to_wait(ctx).await? {
        return Err(Refusal::new("accounts.wait")
            .with("minutes", minutes)
            .into());
    }
    let account = store::account_by_email(ctx.store.read(), &email)
        .await?
        .filter(|account| account.disabled_at.is_none());
    let stored = account
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let fits = passwords.verify(given.password, stored).await?;
    // A hash made with an older, cheaper cost is replaced while the password is at hand.
    let renewed = match stored {
        Some(stored) if fits && passwords.is_outdated(stored) => {
            Some(passwords.hash(given.password, ctx.platform()).await?)
        }
        _ => None,
    };
    let tx = ctx.store.begin().await?;
    let (Some(account), true) = (account, fits) else {
        tries.count(&tx).await?;
        tx.commit().await?;
        return Err(Refusal::new("accounts.wrong_sign_in").into());
    };
    tries.forget(&tx).await?;
    if let Some(hash) = renewed {
        store::set_password(&tx, account.id, hash).await?;
    }
    let cookie = sessions::start(
        &tx,
        &ctx.config,
        account.person_id,
        Some(account.id),
        given.browser,
        ctx.config.accounts.session_hours,
    )
    .await?;
    tx.commit().await?;
    Ok(cookie)
}
