//! Sessions: a random reference in a cookie, its digest in the database. Rights are read anew at
//! every request, so what is taken away is gone at the next one.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::request::Parts,
    middleware::Next,
    response::Response,
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use chrono::Duration;
use entity::{
    ids::{AccountId, PersonId, SessionId},
    role_grant::Role,
    session,
};
use sha2::{Digest, Sha256};

use super::{
    actor::{Actor, Grant},
    address, store,
};
use crate::foundation::{
    config::Config,
    context::Context,
    error::{Error, Result},
    store::WriteTx,
};

/// Name of the session's cookie: bound to this host and https where the address is https.
pub fn cookie_name(config: &Config) -> &'static str {
    if config.is_https() {
        "__Host-session"
    } else {
        "session"
    }
}

/// Begins a session and gives the cookie to set. `hours` bounds it whatever happens.
///
/// # Errors
/// When the database fails.
pub async fn start(
    tx: &WriteTx,
    config: &Config,
    person: PersonId,
    account: Option<AccountId>,
    browser: &str,
    hours: i64,
) -> Result<Cookie<'static>> {
    let token = tx.platform().token();
    store::insert_session(
        tx,
        session::Model {
            id: tx.id(),
            token_hash: digest(&token),
            person_id: person,
            account_id: account,
            browser: browser
                .chars()
                .filter(|c| !c.is_control())
                .take(120)
                .collect(),
            created_at: tx.now(),
            seen_at: tx.now(),
            expires_at: tx.now() + Duration::hours(hours),
        },
    )
    .await?;
    Ok(Cookie::build((cookie_name(config), token))
        .path("/")
        .http_only(true)
        .secure(config.is_https())
        .same_site(SameSite::Lax)
        .build())
}

/// Ends all sessions of a person but `kept`, for example after a change of password.
///
/// # Errors
/// When the database fails.
pub async fn end_sessions_of(
    tx: &WriteTx,
    person: PersonId,
    kept: Option<SessionId>,
) -> Result<()> {
    store::delete_sessions_of(tx, person, kept).await
}

/// Ends the session of the cookie `token`.
pub(super) async fn end(tx: &WriteTx, token: &str) -> Result<()> {
    store::delete_session(tx, &digest(token)).await
}

/// Middleware: puts the [`Actor`] of a valid session into the request.
pub async fn load(
    State(ctx): State<Context>,
    jar: CookieJar,
    mut request: Request,
    next: Next,
) -> Response {
    let address = visitor_address(&ctx, &request);
    if let Some(address) = address {
        request.extensions_mut().insert(VisitorAddress(address));
    }
    if let Some(cookie) = jar.get(cookie_name(&ctx.config)) {
        match find(&ctx, cookie.value()).await {
            Ok(Some(actor)) => {
                request.extensions_mut().insert(Arc::new(actor));
            }
            Ok(None) => {}
            Err(error) => return axum::response::IntoResponse::into_response(error),
        }
    }
    let answer = next.run(request);
    match address {
        Some(address) => super::audit::from_address(address.to_string(), answer).await,
        None => answer.await,
    }
}

/// The network address of the visitor, for limits and for the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitorAddress(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for VisitorAddress {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts
            .extensions
            .get()
            .copied()
            .ok_or_else(|| Error::internal("the connection has no address"))
    }
}

fn visitor_address(ctx: &Context, request: &Request) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let forwarded: Vec<_> = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|line| line.to_str().ok())
        .collect();
    let trusted = &ctx.config.server.trusted_proxies;
    Some(address::client(peer.ip(), &forwarded, trusted))
}

async fn find(ctx: &Context, token: &str) -> Result<Option<Actor>> {
    let Some((session, person)) =
        store::session_with_person(ctx.store.read(), &digest(token)).await?
    else {
        return Ok(None);
    };
    let now = ctx.now();
    let accounts = &ctx.config.accounts;
    let idle = Duration::minutes(match session.account_id {
        Some(_) => accounts.session_idle_minutes,
        None => accounts.expert_idle_minutes,
    });
    if now >= session.expires_at || now - session.seen_at > idle {
        return Ok(None);
    }
    let grants = match session.account_id {
        Some(account) => store::grants(ctx.store.read(), account).await?,
        None => vec![Grant {
            role: Role::Expert,
            unit: None,
            committee: None,
        }],
    };
    if grants.is_empty() {
        return Ok(None);
    }
    // To the minute is enough, and keeps reading pages from writing all the time.
    if now - session.seen_at > Duration::minutes(1) {
        let tx = ctx.store.begin().await?;
        store::touch_session(&tx, &session, now).await?;
        tx.commit().await?;
    }
    if person.erased_at.is_some() {
        return Ok(None);
    }
    Ok(Some(Actor {
        person: person.id,
        account: session.account_id,
        session: session.id,
        name: person.name,
        sample: person.sample,
        grants,
    }))
}

fn digest(token: &str) -> String {
    Sha256::digest(token)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
