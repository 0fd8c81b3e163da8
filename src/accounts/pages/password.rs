//! `/forgotten`, `/reset/{token}`, `/invitation/{token}`

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::ticket::TicketPurpose;

use super::{link_ended, password_hint};
use crate::{
    accounts::{
        Faces, Passwords, Visitor,
        password::{Typed, ask_reset, bearer, set_by_link},
        sessions::VisitorAddress,
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        ui::{Fields, Form, Shell, Submission, page, page_with_status},
    },
    people::contact_data,
};

#[derive(Template)]
#[template(path = "accounts/templates/forgotten.html")]
struct ForgottenPage {
    shell: Shell,
    form: Form,
    hint: String,
}

fn forgotten_hint(ctx: &Context) -> String {
    let minutes = ctx.config.accounts.reset_minutes;
    format!("链接发到这个邮箱，{minutes} 分钟内有效，只能用一次。")
}

/// `GET /forgotten`
pub async fn show_forgotten(State(ctx): State<Context>, visitor: Visitor) -> Response {
    page(&ForgottenPage {
        shell: visitor.shell,
        form: Form::default(),
        hint: forgotten_hint(&ctx),
    })
}

/// `POST /forgotten`: the same answer whether somebody signs in with that address or not.
///
/// # Errors
/// When the service itself fails.
pub async fn post_forgotten(
    State(ctx): State<Context>,
    VisitorAddress(address): VisitorAddress,
    visitor: Visitor,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let typed = fields.required("email", 254, &mut errors);
    if errors.is_empty()
        && let Err(refusal) = contact_data::email(&typed)
    {
        errors.add("email", refusal);
    }
    if !errors.is_empty() {
        return Ok(page_with_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            &ForgottenPage {
                shell: visitor.shell,
                form: Form::refused(fields, errors),
                hint: forgotten_hint(&ctx),
            },
        ));
    }
    ask_reset(&ctx, &typed, &address.to_string()).await?;
    Ok(Redirect::to("/sign-in?done=mailed").into_response())
}

#[derive(Template)]
#[template(path = "accounts/templates/set_password.html")]
struct SetPasswordPage {
    shell: Shell,
    form: Form,
    first: bool,
    name: String,
    sample: bool,
    email: String,
    hint: String,
}

/// `GET /invitation/{token}`
///
/// # Errors
/// [`Error::NotFound`] for an unknown link.
pub async fn show_invitation(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response> {
    show(&ctx, visitor, TicketPurpose::SetPassword, &token).await
}

/// `POST /invitation/{token}`
///
/// # Errors
/// [`Error::NotFound`] for an unknown link.
pub async fn post_invitation(
    State(ctx): State<Context>,
    State(passwords): State<Passwords>,
    State(faces): State<Faces>,
    visitor: Visitor,
    Path(token): Path<String>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let purpose = TicketPurpose::SetPassword;
    post(&ctx, &passwords, &faces, visitor, purpose, &token, fields).await
}

/// `GET /reset/{token}`
///
/// # Errors
/// [`Error::NotFound`] for an unknown link.
pub async fn show_reset(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response> {
    show(&ctx, visitor, TicketPurpose::ResetPassword, &token).await
}

/// `POST /reset/{token}`
///
/// # Errors
/// [`Error::NotFound`] for an unknown link.
pub async fn post_reset(
    State(ctx): State<Context>,
    State(passwords): State<Passwords>,
    State(faces): State<Faces>,
    visitor: Visitor,
    Path(token): Path<String>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let purpose = TicketPurpose::ResetPassword;
    post(&ctx, &passwords, &faces, visitor, purpose, &token, fields).await
}

async fn show(
    ctx: &Context,
    visitor: Visitor,
    purpose: TicketPurpose,
    token: &str,
) -> Result<Response> {
    match form_page(ctx, &visitor, purpose, token, Form::default()).await {
        Ok(shown) => Ok(page(&shown)),
        Err(error) => link_ended(visitor.shell, error, again(purpose)),
    }
}

async fn post(
    ctx: &Context,
    passwords: &Passwords,
    faces: &Faces,
    visitor: Visitor,
    purpose: TicketPurpose,
    token: &str,
    fields: Fields,
) -> Result<Response> {
    let typed = Typed {
        password: fields.raw("password"),
        again: fields.raw("again"),
    };
    match set_by_link(ctx, passwords, faces, purpose, token, typed).await {
        Ok(()) => Ok(Redirect::to("/sign-in?done=password-set").into_response()),
        Err(Error::Invalid(errors)) => {
            let form = Form::refused(fields, errors);
            match form_page(ctx, &visitor, purpose, token, form).await {
                Ok(shown) => Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)),
                Err(error) => link_ended(visitor.shell, error, again(purpose)),
            }
        }
        Err(error) => link_ended(visitor.shell, error, again(purpose)),
    }
}

async fn form_page(
    ctx: &Context,
    visitor: &Visitor,
    purpose: TicketPurpose,
    token: &str,
    form: Form,
) -> Result<SetPasswordPage> {
    let (account, person) = bearer(ctx, purpose, token).await?;
    Ok(SetPasswordPage {
        shell: visitor.shell.clone(),
        form,
        first: purpose == TicketPurpose::SetPassword,
        name: person.name,
        sample: person.sample,
        email: account.email,
        hint: password_hint(ctx),
    })
}

fn again(purpose: TicketPurpose) -> (&'static str, &'static str) {
    match purpose {
        TicketPurpose::ResetPassword => ("/forgotten", "重新申请"),
        _ => ("/sign-in", "去登录"),
    }
}
