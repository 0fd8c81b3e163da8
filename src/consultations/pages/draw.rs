//! `/consultations/{id}/draw`: the promise for a draw, the unit's words, and what a draw gave.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::ids::ConsultationId;

use super::{detail::readable, requester::allowed};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    consultations::contribute::contribute,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        ui::{Form, Shell, Submission, dates, download, page_with_status},
    },
    panels::{self, DrawOutcome, Promise},
};

/// Longest words.
const WORDS: usize = 200;

#[derive(Template)]
#[template(path = "consultations/templates/draw.html")]
struct DrawPage {
    shell: Shell,
    form: Form,
    id: ConsultationId,
    number: String,
    title: String,
    promise: Option<Promise>,
    promised_at: String,
    outcome: Option<DrawOutcome>,
    may_write: bool,
}

/// `GET /consultations/{id}/draw`
///
/// # Errors
/// Not found for what is foreign.
pub async fn show(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
) -> Result<Response> {
    render(&ctx, desk, id, Form::default(), StatusCode::OK).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    id: ConsultationId,
    mut form: Form,
    status: StatusCode,
) -> Result<Response> {
    let row = readable(ctx, &desk, id).await?;
    let db = ctx.store.read();
    let (promise, outcome) = match row.panel_id {
        Some(panel) => (
            panels::promise(db, panel).await?,
            panels::outcome(db, panel).await?,
        ),
        None => (None, None),
    };
    if let (Some(promise), false) = (&promise, form.fields.has("words")) {
        form.fields = form.fields.with("words", &promise.words);
    }
    let writes = policy::allows(
        &desk.actor,
        Action::FileConsultation,
        &Owner::unit(row.unit_id),
    );
    let page = DrawPage {
        may_write: writes && promise.as_ref().is_some_and(|promise| !promise.drawn),
        promised_at: promise.as_ref().map_or_else(String::new, |promise| {
            dates::moment(promise.committed_at, ctx.zone())
        }),
        shell: desk.shell,
        form,
        id,
        number: row.number.unwrap_or_else(|| "草稿".to_owned()),
        title: row.title,
        promise,
        outcome,
    };
    Ok(page_with_status(status, &page))
}

/// `POST /consultations/{id}/draw`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    allowed(&ctx, &desk, id, Action::FileConsultation).await?;
    let mut errors = FieldErrors::default();
    let words = fields.required("words", WORDS, &mut errors);
    let done = match errors.into_result(words) {
        Ok(words) => contribute(&ctx, id, desk.actor.person, &words).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            Ok(Redirect::to(&format!("/consultations/{id}/draw?done=recorded")).into_response())
        }
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(&ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `GET /consultations/{id}/draw/record`
///
/// # Errors
/// Not found for what is foreign, and before a draw is approved.
pub async fn load(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
) -> Result<Response> {
    let row = readable(&ctx, &desk, id).await?;
    let panel = row.panel_id.ok_or(Error::NotFound)?;
    let outcome = panels::outcome(ctx.store.read(), panel).await?;
    let outcome = outcome.ok_or(Error::NotFound)?;
    let name = format!("{} 抽取记录.json", row.number.unwrap_or_default());
    Ok(download(&name, "application/json", outcome.record))
}
