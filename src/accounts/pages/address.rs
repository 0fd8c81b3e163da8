//! `/account/address`, `/people/{id}/address`, `/address/{token}`: another address to sign in with.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use entity::{ids::PersonId, ticket};

use super::{account::account_page, link_ended};
use crate::{
    accounts::{
        Desk, Passwords, Visitor,
        change_address::{ask_for, ask_own, asked, confirm, of_other},
        sessions::VisitorAddress,
        tickets,
    },
    foundation::{
        context::Context,
        error::Result,
        ui::{Form, Shell, Submission, page, page_with_status, proof},
    },
    people::AddressBooks,
};

/// `POST /account/address`
///
/// # Errors
/// When the service itself fails.
pub async fn post_own(
    State(ctx): State<Context>,
    State(passwords): State<Passwords>,
    VisitorAddress(from): VisitorAddress,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let (present, email) = (fields.raw("present"), fields.text("email"));
    match ask_own(
        &ctx,
        &passwords,
        &desk.actor,
        present,
        &from.to_string(),
        email,
    )
    .await
    {
        Ok(()) => Ok(Redirect::to("/account?done=address-asked").into_response()),
        Err(error) => {
            let address = Form::refused(fields, error.into_form_errors()?);
            let shown = account_page(&ctx, desk, Form::default(), address).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/templates/address.html")]
struct OtherPage {
    shell: Shell,
    form: Form,
    name: String,
    sample: bool,
    email: String,
    sent: bool,
}

async fn other_page(
    ctx: &Context,
    desk: Desk,
    person: PersonId,
    form: Form,
    sent: bool,
) -> Result<OtherPage> {
    let (account, person) = of_other(ctx, &desk.actor, person).await?;
    Ok(OtherPage {
        shell: desk.shell,
        form,
        name: person.name,
        sample: person.sample,
        email: account.email,
        sent,
    })
}

/// `GET /people/{id}/address`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] where the visitor may not change it.
pub async fn show_other(
    State(ctx): State<Context>,
    desk: Desk,
    Path(person): Path<PersonId>,
) -> Result<Response> {
    Ok(page(
        &other_page(&ctx, desk, person, Form::default(), false).await?,
    ))
}

/// `POST /people/{id}/address`
///
/// # Errors
/// As [`show_other`].
pub async fn post_other(
    State(ctx): State<Context>,
    desk: Desk,
    Path(person): Path<PersonId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    match ask_for(&ctx, &desk.actor, person, fields.text("email")).await {
        Ok(()) => Ok(page(
            &other_page(&ctx, desk, person, Form::new(fields), true).await?,
        )),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let shown = other_page(&ctx, desk, person, form, false).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/templates/address_confirm.html")]
struct ConfirmPage {
    shell: Shell,
    name: String,
    sample: bool,
    old: String,
    new: String,
    proof: String,
    again: Option<String>,
}

/// Where a new link is asked for.
const AGAIN: (&str, &str) = ("/account", "到“账号与登录”重新申请");

/// The choice that the second page confirms.
const CHOICE: &str = "confirm";

/// `GET /address/{token}`: changes nothing.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for an unknown link.
pub async fn show_confirm(
    State(ctx): State<Context>,
    visitor: Visitor,
    jar: CookieJar,
    Path(token): Path<String>,
) -> Result<Response> {
    confirm_page(&ctx, visitor, jar, &token, |_| None).await
}

/// `POST /address/{token}`
///
/// # Errors
/// As [`show_confirm`].
pub async fn post_confirm(
    State(ctx): State<Context>,
    State(books): State<AddressBooks>,
    visitor: Visitor,
    jar: CookieJar,
    Path(token): Path<String>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let held = match asked(&ctx, &token).await {
        Ok((ticket, ..)) => proof::holds(&ctx, &jar, &tickets::target(&ticket), &fields, CHOICE),
        Err(error) => return link_ended(visitor.shell, error, AGAIN),
    };
    if !held {
        let again =
            |ticket: &ticket::Model| Some(proof::again(&ctx, &tickets::target(ticket), CHOICE));
        return confirm_page(&ctx, visitor, jar, &token, again).await;
    }
    match confirm(&ctx, &books, &token).await {
        Ok(()) => Ok(Redirect::to("/sign-in?done=address").into_response()),
        Err(error) => link_ended(visitor.shell, error, AGAIN),
    }
}

async fn confirm_page(
    ctx: &Context,
    visitor: Visitor,
    jar: CookieJar,
    token: &str,
    again: impl FnOnce(&ticket::Model) -> Option<String>,
) -> Result<Response> {
    let (ticket, account, person) = match asked(ctx, token).await {
        Ok(asked) => asked,
        Err(error) => return link_ended(visitor.shell, error, AGAIN),
    };
    let (jar, proof) = proof::offer(ctx, jar, &tickets::target(&ticket));
    let shown = ConfirmPage {
        shell: visitor.shell,
        name: person.name,
        sample: person.sample,
        old: account.email,
        again: again(&ticket),
        new: ticket.detail,
        proof,
    };
    Ok((jar, page(&shown)).into_response())
}
