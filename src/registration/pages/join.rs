//! The open form, readable by anybody: `/join/{id}`, and the link that confirms an address.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use entity::ids::RegistrationId;

use super::view::Head;
use crate::{
    accounts::{Visitor, VisitorAddress},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        texts::{Language, sentence},
        ui::{
            Form, Html, Shell, Submission,
            form::{Choice, choices},
            page, page_with_status, proof,
        },
    },
    people::mask,
    registration::{
        Owners, apply,
        facts::{self, Question, QuestionKind},
        mails::Key,
        own, rules, store,
    },
};

#[derive(Template)]
#[template(path = "registration/templates/join.html")]
struct JoinPage {
    shell: Shell,
    head: Head,
    form: Form,
    questions: Vec<Question>,
    needs_unit: bool,
    closed: String,
}

impl JoinPage {
    /// The control of an extra question.
    fn ask(&self, question: &Question) -> Html {
        let name = format!("q_{}", question.key);
        let control = match question.kind {
            QuestionKind::Text => self.form.text(&name, &question.label),
            QuestionKind::Choice => {
                let all: Vec<Choice> = choices(question.choices.iter().map(|one| (one, one)));
                self.form.radios(&name, &question.label, &all)
            }
        };
        let control = if question.required {
            control
        } else {
            control.optional("可不填")
        };
        Html(control.to_string())
    }
}

/// `GET /join/{id}`
///
/// # Errors
/// [`Error::NotFound`] where there is no open form.
pub async fn join_page(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path(id): Path<RegistrationId>,
) -> Result<Response> {
    form_page(&ctx, visitor, id, Form::default(), StatusCode::OK).await
}

async fn form_page(
    ctx: &Context,
    visitor: Visitor,
    id: RegistrationId,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let row = apply::open_form(ctx, id).await?;
    let closed = rules::may_enrol(rules::phase(&row, ctx.now()))
        .err()
        .map(|refusal| sentence(&refusal, Language::Chinese))
        .unwrap_or_default();
    Ok(page_with_status(
        status,
        &JoinPage {
            shell: visitor.shell,
            head: Head::of(ctx, &row).await?,
            questions: facts::questions(&row)?,
            needs_unit: row.needs_unit_approval,
            form,
            closed,
        },
    ))
}

/// `POST /join/{id}`
///
/// # Errors
/// As [`join_page`].
pub async fn post_join(
    State(ctx): State<Context>,
    visitor: Visitor,
    address: VisitorAddress,
    Path(id): Path<RegistrationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    match apply::apply(&ctx, id, &fields, &address.0.to_string()).await {
        Ok(()) => Ok(Redirect::to(&format!("/join/{id}/sent")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            form_page(&ctx, visitor, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

#[derive(Template)]
#[template(path = "registration/templates/sent.html")]
struct SentPage {
    shell: Shell,
    head: Head,
}

/// `GET /join/{id}/sent`
///
/// # Errors
/// As [`join_page`].
pub async fn sent_page(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path(id): Path<RegistrationId>,
) -> Result<Response> {
    let row = apply::open_form(&ctx, id).await?;
    Ok(page(&SentPage {
        shell: visitor.shell,
        head: Head::of(&ctx, &row).await?,
    }))
}

#[derive(Template)]
#[template(path = "registration/templates/confirm.html")]
struct ConfirmPage {
    shell: Shell,
    head: Head,
    secret: String,
    proof: String,
    again: Option<String>,
    name: String,
    email: String,
    phone: String,
    unit: String,
    expired: bool,
    refused: Vec<String>,
}

/// `GET /join/confirm/{secret}`: shows what is confirmed; only the button confirms.
///
/// # Errors
/// [`Error::NotFound`] for a link that was not given out.
pub async fn confirm_page(
    State(ctx): State<Context>,
    visitor: Visitor,
    jar: CookieJar,
    Path(secret): Path<String>,
) -> Result<Response> {
    let application = apply::look(ctx.store.read(), &secret).await?;
    if let Some(enrolment) = application.enrolment_id {
        return to_own(&ctx, enrolment).await;
    }
    confirmation(&ctx, visitor, jar, secret, None, None).await
}

async fn confirmation(
    ctx: &Context,
    visitor: Visitor,
    jar: CookieJar,
    secret: String,
    again: Option<String>,
    refused: Option<FieldErrors>,
) -> Result<Response> {
    let application = apply::look(ctx.store.read(), &secret).await?;
    let (jar, proof) = proof::offer(ctx, jar, &apply::target(&application));
    let row = store::get(ctx.store.read(), application.registration_id).await?;
    let status = if refused.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = page_with_status(
        status,
        &ConfirmPage {
            shell: visitor.shell,
            head: Head::of(ctx, &row).await?,
            secret,
            proof,
            again,
            name: application.name,
            email: mask::email(&application.email),
            phone: mask::mobile(&application.phone),
            unit: application.unit_name,
            expired: application.expires_at <= ctx.now(),
            refused: refused
                .iter()
                .flat_map(FieldErrors::iter)
                .map(|(_, refusal): (&str, &Refusal)| sentence(refusal, Language::Chinese))
                .collect(),
        },
    );
    Ok((jar, page).into_response())
}

/// `POST /join/confirm/{secret}`
///
/// # Errors
/// As [`confirm_page`].
pub async fn post_confirm(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    visitor: Visitor,
    jar: CookieJar,
    Path(secret): Path<String>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let application = apply::look(ctx.store.read(), &secret).await?;
    if fields.text("do") != "confirm" {
        return Err(Error::NotFound);
    }
    let target = apply::target(&application);
    if !proof::holds(&ctx, &jar, &target, &fields, "confirm") {
        let again = proof::again(&ctx, &target, "confirm");
        return confirmation(&ctx, visitor, jar, secret, Some(again), None).await;
    }
    match apply::confirm(&ctx, &owners, &secret).await {
        Ok(row) => to_own(&ctx, row.id).await,
        Err(error) => {
            let errors = error.into_form_errors()?;
            confirmation(&ctx, visitor, jar, secret, None, Some(errors)).await
        }
    }
}

/// On to the person's own page.
async fn to_own(ctx: &Context, id: entity::ids::EnrolmentId) -> Result<Response> {
    let row = store::enrolment(ctx.store.read(), id).await?;
    let path = ctx.links.path(&own::target(&Key::of(&row, "")));
    Ok(Redirect::to(&path).into_response())
}
