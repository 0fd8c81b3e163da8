//! Signing in by e-mail and password. Too many wrong ones make the account's address and the
//! network address wait; nobody is locked out for good.

use axum_extra::extract::cookie::Cookie;
use chrono::Duration;
use sha2::{Digest, Sha256};

use super::{Passwords, sessions, store};
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

/// Checks the password and begins a session.
pub(super) async fn sign_in(
    ctx: &Context,
    passwords: &Passwords,
    given: SignIn<'_>,
) -> Result<Cookie<'static>> {
    let email = given.email.trim().to_lowercase();
    let subjects = [subject("mail", &email), subject("ip", given.address)];
    // The network address may stand for a whole office: it has ten times the tries.
    let limits = [
        ctx.config.accounts.sign_in_tries,
        ctx.config.accounts.sign_in_tries * 10,
    ];
    let wait = Duration::minutes(ctx.config.accounts.sign_in_wait_minutes);
    let now = ctx.now();
    for (subject, limit) in subjects.iter().zip(limits) {
        if let Some(row) = store::tries(ctx.store.read(), subject).await?
            && row.tries >= limit
            && row.since + wait > now
        {
            let minutes = (row.since + wait - now).num_minutes() + 1;
            return Err(Refusal::new("accounts.wait")
                .with("minutes", minutes)
                .into());
        }
    }
    let account = store::account_by_email(ctx.store.read(), &email)
        .await?
        .filter(|account| account.disabled_at.is_none());
    let stored = account
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let fits = passwords.verify(given.password, stored).await?;
    let tx = ctx.store.begin().await?;
    let (Some(account), true) = (account, fits) else {
        for subject in &subjects {
            store::count_try(&tx, subject, now - wait).await?;
        }
        tx.commit().await?;
        return Err(Refusal::new("accounts.wrong_sign_in").into());
    };
    store::forget_tries(&tx, &subjects[0]).await?;
    let hours = ctx.config.accounts.session_hours;
    let cookie = sessions::start(
        &tx,
        &ctx.config,
        account.person_id,
        Some(account.id),
        given.browser,
        hours,
    )
    .await?;
    tx.commit().await?;
    Ok(cookie)
}

/// The address is kept as a digest: the table is no list of who tried.
fn subject(kind: &str, address: &str) -> String {
    let digest = Sha256::digest(address);
    let hex: String = digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{kind}:{hex}")
}
