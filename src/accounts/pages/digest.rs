//! `/digest/stop/{token}`, `/account/digest`: the weekly digest, switched off and on again.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    accounts::{Desk, Visitor, digest},
    foundation::{
        context::Context,
        error::Result,
        ui::{Shell, Submission, page},
    },
};

#[derive(Template)]
#[template(path = "accounts/templates/digest_stop.html")]
struct StopPage {
    shell: Shell,
    path: String,
    on: bool,
}

async fn stop_page(ctx: &Context, visitor: Visitor, token: &str) -> Result<Response> {
    let db = ctx.store.read();
    let person = digest::open(db, &ctx.links, token).await?;
    Ok(page(&StopPage {
        shell: visitor.shell,
        path: format!("{}{token}", digest::STOP.path),
        on: digest::is_on(db, person).await?,
    }))
}

/// `GET /digest/stop/{token}`: changes nothing, since scanners open every link.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for a link that was not given out.
pub async fn show_stop(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response> {
    stop_page(&ctx, visitor, &token).await
}

/// `POST /digest/stop/{token}`: ends the digest whatever the body says, without sign-in or redirect, as
/// mail programs ask for it (RFC 8058).
///
/// # Errors
/// As [`show_stop`].
pub async fn post_stop(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response> {
    let person = digest::open(ctx.store.read(), &ctx.links, &token).await?;
    digest::switch(&ctx, person, false).await?;
    stop_page(&ctx, visitor, &token).await
}

/// `POST /account/digest`: on with `on=yes`, off with anything else.
///
/// # Errors
/// When the service itself fails.
pub async fn post_switch(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    digest::switch(&ctx, desk.actor.person, fields.text("on") == "yes").await?;
    Ok(Redirect::to("/account?done=saved").into_response())
}
