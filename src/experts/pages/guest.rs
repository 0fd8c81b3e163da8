//! `/experts/guest`: 特邀专家.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::view;
use crate::{
    accounts::{Action, Desk, Owner},
    experts::guest,
    foundation::{
        context::Context,
        error::Result,
        ui::{Form, Shell, Submission, form::Choice, page, page_with_status},
    },
};

#[derive(Template)]
#[template(path = "experts/templates/guest.html")]
struct GuestPage {
    shell: Shell,
    form: Form,
    kinds: Vec<Choice>,
    min_keywords: usize,
}

fn guest_page(ctx: &Context, shell: Shell, form: Form) -> GuestPage {
    GuestPage {
        shell,
        form,
        kinds: view::kinds(),
        min_keywords: ctx.config.pool.min_keywords,
    }
}

/// `GET /experts/guest`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who may not.
pub async fn show(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    desk.actor
        .require(Action::ManageExperts, &Owner::ALLIANCE)?;
    Ok(page(&guest_page(&ctx, desk.shell, Form::default())))
}

/// `POST /experts/guest`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who may not.
pub async fn post(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    match guest::propose(&ctx, &desk.actor, &fields).await {
        Ok(id) => Ok(Redirect::to(&format!("/experts/{id}?done=sent")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let template = guest_page(&ctx, desk.shell, form);
            Ok(page_with_status(
                StatusCode::UNPROCESSABLE_ENTITY,
                &template,
            ))
        }
    }
}
