//! `/account`: the own password and the own sessions.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{ids::SessionId, role_grant::Role};

use super::password_hint;
use crate::{
    accounts::{
        Desk, Passwords, digest,
        password::{Typed, change},
        sessions::{self, VisitorAddress},
        store,
    },
    foundation::{
        context::Context,
        error::{Error, Result},
        ui::{Form, Shell, Submission, dates, page, page_with_status},
    },
};

#[derive(Template)]
#[template(path = "accounts/templates/account.html")]
pub(super) struct AccountPage {
    shell: Shell,
    form: Form,
    address: Form,
    email: String,
    hint: String,
    sessions: Vec<SessionRow>,
    /// Whether the weekly digest comes; none for people whom it is not made for.
    digest: Option<bool>,
}

struct SessionRow {
    id: SessionId,
    browser: String,
    began: String,
    seen: String,
    here: bool,
}

/// The page; `form` asks for another password, `address` for another address.
pub(super) async fn account_page(
    ctx: &Context,
    desk: Desk,
    form: Form,
    address: Form,
) -> Result<AccountPage> {
    let db = ctx.store.read();
    let account = store::account_of(db, desk.actor.person)
        .await?
        .ok_or(Error::NotFound)?;
    let sessions = store::sessions_of(db, desk.actor.person, ctx.now())
        .await?
        .into_iter()
        .map(|session| SessionRow {
            id: session.id,
            began: dates::moment(session.created_at, ctx.zone()),
            seen: dates::moment(session.seen_at, ctx.zone()),
            here: session.id == desk.actor.session,
            browser: browser_name(&session.browser),
        })
        .collect();
    let digest = match desk.actor.has(Role::Contact) {
        true => Some(digest::is_on(db, desk.actor.person).await?),
        false => None,
    };
    Ok(AccountPage {
        digest,
        shell: desk.shell,
        form,
        address,
        email: account.email,
        hint: password_hint(ctx),
        sessions,
    })
}

/// `GET /account`
///
/// # Errors
/// [`Error::NotFound`] for people without an account.
pub async fn show(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    let (form, address) = (Form::default(), Form::default());
    Ok(page(&account_page(&ctx, desk, form, address).await?))
}

/// `POST /account/password`
///
/// # Errors
/// When the service itself fails.
pub async fn post_password(
    State(ctx): State<Context>,
    State(passwords): State<Passwords>,
    VisitorAddress(address): VisitorAddress,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let typed = Typed {
        password: fields.raw("password"),
        again: fields.raw("again"),
    };
    let present = fields.raw("present");
    let address = address.to_string();
    match change(&ctx, &passwords, &desk.actor, present, &address, typed).await {
        Ok(()) => Ok(Redirect::to("/account?done=password").into_response()),
        Err(error) => {
            let form = Form::refused(fields.clone(), error.into_form_errors()?);
            let shown = account_page(&ctx, desk, form, Form::default()).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}

/// `POST /account/sessions/{id}/end`: one of the own sessions; another's is not found.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn post_end(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<SessionId>,
) -> Result<Response> {
    let tx = ctx.store.begin().await?;
    if !store::delete_session_of(&tx, desk.actor.person, id).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(Redirect::to("/account?done=ended").into_response())
}

/// `POST /account/sessions/end-others`
///
/// # Errors
/// When the service itself fails.
pub async fn post_end_others(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    let tx = ctx.store.begin().await?;
    sessions::end_sessions_of(&tx, desk.actor.person, Some(desk.actor.session)).await?;
    tx.commit().await?;
    Ok(Redirect::to("/account?done=ended").into_response())
}

/// A browser's description of itself in two words: which one, on what.
fn browser_name(agent: &str) -> String {
    let known = |pairs: &[(&str, &'static str)]| {
        pairs
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let browser = known(&[
        ("MicroMessenger", "微信"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = known(&[
        ("Windows", "Windows"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{system} 上的 {browser}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "未知的浏览器".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_so_that_people_know_them() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
        assert_eq!(browser_name(edge), "Windows 上的 Edge");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0";
        assert_eq!(browser_name(phone), "iPhone 上的 微信");
        assert_eq!(browser_name(""), "未知的浏览器");
    }
}
