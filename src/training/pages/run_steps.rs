//! What the group does on a run's page: announce it, close it, call it off, note that it was held.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::ids::CourseRunId;

use super::run;
use crate::{
    accounts::Desk,
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        ui::{Fields, Form, Submission},
    },
    registration,
    training::{
        decide::{self, CallOff},
        lecture, publish, store,
    },
};

/// Leads back to the page after something was done, or shows it with what was refused.
async fn lead_on(
    ctx: &Context,
    desk: Desk,
    id: CourseRunId,
    fields: Fields,
    done: Result<()>,
    word: &str,
) -> Result<Response> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/trainings/{id}?done={word}")).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    run::render(ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// `POST /trainings/{id}/publish`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_publish(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    store::run(ctx.store.read(), id).await?;
    let done = publish::publish(&ctx, id, desk.actor.person).await;
    lead_on(&ctx, desk, id, Fields::default(), done, "published").await
}

/// `POST /trainings/{id}/close`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_close(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    store::run(ctx.store.read(), id).await?;
    let done = publish::close(&ctx, id).await;
    lead_on(&ctx, desk, id, Fields::default(), done, "closed").await
}

/// `POST /trainings/{id}/lecturers`: lessons without a lecturer go into the next match.
///
/// # Errors
/// Not found for what is not there.
pub async fn post_lecturers(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    store::run(ctx.store.read(), id).await?;
    let done = async {
        let tx = ctx.store.begin().await?;
        lecture::ask(&ctx, &tx, id).await?;
        tx.commit().await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, Fields::default(), done, "accepted").await
}

/// `POST /trainings/{id}/decide`: held although people are missing.
///
/// # Errors
/// Not found for what is not there.
pub async fn post_decide(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    store::run(ctx.store.read(), id).await?;
    let done = async {
        let mut errors = FieldErrors::default();
        let reason = fields.optional("hold_reason", 200, &mut errors);
        let reason = errors.into_result(reason)?;
        decide::hold_anyway(&ctx, id, desk.actor.person, &reason).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "recorded").await
}

/// `POST /trainings/{id}/cancel`: called off, or put together with another run.
///
/// # Errors
/// Not found for what is not there.
pub async fn post_cancel(
    State(ctx): State<Context>,
    State(owners): State<registration::Owners>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    store::run(ctx.store.read(), id).await?;
    let done = async {
        let mut errors = FieldErrors::default();
        let reason = fields.required("cancel_reason", 200, &mut errors);
        let off = errors.into_result(CallOff {
            reason,
            merge_into: fields.id("merge_into"),
        })?;
        decide::call_off(&ctx, &owners, id, desk.actor.person, &off).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "cancelled").await
}

/// `POST /trainings/{id}/held`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_held(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    store::run(ctx.store.read(), id).await?;
    let done = decide::hold(&ctx, id, Some(desk.actor.person)).await;
    lead_on(&ctx, desk, id, Fields::default(), done, "recorded").await
}
