//! `/sign-in`, `/sign-out`.

use super::browser;
use crate::accounts::{
    Visitor, cookie_name,
    passwords::Passwords,
    sessions::{self, VisitorAddress},
    sign_in::{SignIn, sign_in},
};
use crate::foundation::{
    context::Context,
    error::Result,
    ui::{Fields, Form, Shell, Submission, page, page_with_status},
};
use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar};

#[derive(Template)]
#[template(path = "accounts/templates/sign_in.html")]
struct SignInPage {
    shell: Shell,
    form: Form,
}

/// `GET /sign-in`
pub async fn show_sign_in(visitor: Visitor, query: Fields) -> Response {
    if visitor.actor.is_some() {
        return Redirect::to("/home").into_response();
    }
    page(&SignInPage {
        shell: visitor.shell,
        form: Form::new(query),
    })
}

/// `POST /sign-in`
///
/// # Errors
/// When the service itself fails.
pub async fn post_sign_in(
    State(ctx): State<Context>,
    State(passwords): State<Passwords>,
    VisitorAddress(address): VisitorAddress,
    visitor: Visitor,
    headers: HeaderMap,
    jar: CookieJar,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let given = SignIn {
        email: fields.text("email"),
        password: fields.raw("password"),
        browser: browser(&headers),
        address: &address.to_string(),
    };
    match sign_in(&ctx, &passwords, given).await {
        Ok(cookie) => {
            let next = own_path(fields.text("next"));
            Ok((jar.add(cookie), Redirect::to(&next)).into_response())
        }
        Err(error) => {
            let errors = error.into_form_errors()?;
            Ok(page_with_status(
                StatusCode::UNPROCESSABLE_ENTITY,
                &SignInPage {
                    shell: visitor.shell,
                    form: Form::refused(fields, errors),
                },
            ))
        }
    }
}

/// `POST /sign-out`
///
/// # Errors
/// When the service itself fails.
pub async fn post_sign_out(State(ctx): State<Context>, jar: CookieJar) -> Result<Response> {
    let name = cookie_name(&ctx.config);
    if let Some(cookie) = jar.get(name) {
        let tx = ctx.store.begin().await?;
        sessions::end(&tx, cookie.value()).await?;
        tx.commit().await?;
    }
    let gone = Cookie::build((name, ""))
        .path("/")
        .secure(ctx.config.is_https())
        .build();
    Ok((jar.remove(gone), Redirect::to("/sign-in?done=signed-out")).into_response())
}

/// A path of this service to go on to; anything else leads home, so that a link cannot send people
/// elsewhere after signing in.
fn own_path(next: &str) -> String {
    let own =
        next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\n', '\r']);
    if own {
        next.to_owned()
    } else {
        "/home".to_owned()
    }
}
