//! The pages behind an answer link: the question, the state after the answer, the calendar entry,
//! and “I am somebody else”.

mod calendar;
mod not_me;
mod read;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;

use super::{
    answer::{self, How},
    matter::Matter,
    owners::Owners,
    pledge, proof,
    questions::Question,
    replace,
    rules::{self, Effect},
    status::Status,
};
use crate::{
    accounts::Visitor,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        links::Links,
        texts::Label,
        ui::{
            Fields, Form, Shell, Submission, dates,
            form::{Choice, choices},
            page_with_status,
        },
    },
    people::mask,
};

pub use calendar::calendar;
pub use not_me::{show_not_me, submit_not_me};
use read::read;
pub(super) use read::{REASONS, reason};

#[derive(Template)]
#[template(path = "panels/templates/answer_form.html")]
struct QuestionPage {
    shell: Shell,
    person: String,
    sample: bool,
    address: String,
    matter: Matter,
    day: String,
    hours: String,
    text: String,
    statement: String,
    pledge: &'static [&'static str],
    cutoff: String,
    provisional: bool,
    race: bool,
    reasons: Vec<Choice>,
    path: String,
    proof: String,
    again: Option<String>,
    form: Form,
}

impl QuestionPage {
    fn chosen(&self, answer: &str) -> bool {
        self.form.fields.text("answer") == answer
    }

    fn ticked(&self, name: &str) -> bool {
        self.form.fields.has(name)
    }

    fn reason(&self, value: &str) -> bool {
        self.form.fields.text("reason") == value
    }

    fn error(&self, name: &str) -> Option<String> {
        self.form.error(name)
    }
}

#[derive(Template)]
#[template(path = "panels/templates/answer_status.html")]
struct StatusPage {
    shell: Shell,
    path: String,
    matter: Matter,
    day: String,
    hours: String,
    status: Status,
}

/// The question behind a link.
async fn question(ctx: &Context, token: &str) -> Result<Question> {
    let token = Links::read(token).ok_or(Error::NotFound)?;
    Question::by_link(ctx.store.read(), &ctx.links, &token).await
}

/// The answer as rules see it at this moment.
fn asked(ctx: &Context, question: &Question) -> rules::Question {
    rules::Question::of(&question.assignment, &question.invitation, false, ctx.now())
}

/// `GET /i/{token}`
///
/// # Errors
/// [`Error::NotFound`] for a link that was not given out or is revoked.
pub async fn show(
    State(ctx): State<Context>,
    Path(token): Path<String>,
    visitor: Visitor,
    jar: CookieJar,
    query: Fields,
) -> Result<Response> {
    let question = question(&ctx, &token).await?;
    let open = asked(&ctx, &question).is_open();
    let answers = question.invitation.answer.is_none() || query.has("change");
    if open && answers {
        let form = Form::default();
        return Ok(question_page(
            &ctx,
            visitor,
            jar,
            &question,
            form,
            None,
            StatusCode::OK,
        ));
    }
    status_page(&ctx, visitor, &question, None).await
}

/// `POST /i/{token}`
///
/// # Errors
/// As [`show`].
pub async fn submit(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    Path(token): Path<String>,
    visitor: Visitor,
    jar: CookieJar,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let question = question(&ctx, &token).await?;
    let given = match read(&fields) {
        Ok(given) => given,
        Err(errors) if asked(&ctx, &question).is_open() => {
            let form = Form::refused(fields, errors);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(question_page(
                &ctx, visitor, jar, &question, form, None, status,
            ));
        }
        Err(_) => return status_page(&ctx, visitor, &question, Some(refused(&question))).await,
    };
    let target = question.target();
    let choice = fields.text("answer").to_owned();
    if !proof::holds(&ctx, &jar, &target, &fields, &choice) {
        let again = proof::again(&ctx, &target, &choice);
        let form = Form::new(fields);
        return Ok(question_page(
            &ctx,
            visitor,
            jar,
            &question,
            form,
            Some(again),
            StatusCode::OK,
        ));
    }
    let how = How::Link {
        generation: question.invitation.generation,
    };
    match answer::answer(&ctx, &owners, question.invitation.id, &given, &how).await {
        Ok(effect) => {
            if effect == Effect::Leave {
                ask_another(&ctx, &owners, &question).await;
            }
            Ok(Redirect::to(&format!("/i/{token}")).into_response())
        }
        Err(error) => {
            let errors = error.into_form_errors()?;
            if asked(&ctx, &question).is_open() {
                let form = Form::refused(fields, errors);
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return Ok(question_page(
                    &ctx, visitor, jar, &question, form, None, status,
                ));
            }
            status_page(&ctx, visitor, &question, Some(errors)).await
        }
    }
}

/// Asks the next best at once. What fails here is done by the clock a little later, and is no
/// concern of the expert who declined.
async fn ask_another(ctx: &Context, owners: &Owners, question: &Question) {
    if let Err(error) = replace::replace(ctx, owners, question.panel.id).await {
        tracing::warn!(panel = %question.panel.id, %error, "the next best was not asked at once");
    }
}

/// Why a question that is not open takes no answer.
fn refused(question: &Question) -> FieldErrors {
    let code = if question.invitation.closed_at.is_some() {
        "panels.question_closed"
    } else {
        "panels.late"
    };
    crate::foundation::error::Refusal::new(code).into()
}

fn question_page(
    ctx: &Context,
    visitor: Visitor,
    jar: CookieJar,
    question: &Question,
    form: Form,
    again: Option<String>,
    status: StatusCode,
) -> Response {
    let target = question.target();
    let (jar, proof) = proof::offer(ctx, jar, &target);
    let zone = ctx.zone();
    let matter = Matter::of(&question.panel);
    let page = QuestionPage {
        shell: visitor.shell,
        person: question.person.name.clone(),
        sample: question.person.sample,
        address: masked(question),
        day: matter.day(zone),
        hours: matter.hours(zone),
        text: if matter.confidential {
            String::new()
        } else {
            question.panel.text.clone()
        },
        statement: pledge::statement(&question.panel),
        pledge: pledge::PLEDGE,
        cutoff: dates::deadline(question.invitation.cutoff_at, zone),
        provisional: question.invitation.provisional,
        race: question.assignment.race,
        reasons: choices(REASONS.iter().map(|(value, reason)| (*value, reason.zh()))),
        path: ctx.links.path(&target),
        proof,
        again,
        form,
        matter,
    };
    (jar, page_with_status(status, &page)).into_response()
}

fn masked(question: &Question) -> String {
    question
        .person
        .email
        .as_deref()
        .map(mask::email)
        .unwrap_or_default()
}

/// The state of the question; `refused` says why what was just sent changed nothing.
async fn status_page(
    ctx: &Context,
    visitor: Visitor,
    question: &Question,
    refused: Option<FieldErrors>,
) -> Result<Response> {
    let code = if refused.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let matter = Matter::of(&question.panel);
    let page = StatusPage {
        shell: visitor.shell,
        path: ctx.links.path(&question.target()),
        day: matter.day(ctx.zone()),
        hours: matter.hours(ctx.zone()),
        status: Status::of(ctx, question, refused).await?,
        matter,
    };
    Ok(page_with_status(code, &page))
}
