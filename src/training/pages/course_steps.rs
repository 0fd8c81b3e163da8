//! What the group does on a course's page: offers it or gives it up, sets how often it is held, plans
//! the next run.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::NaiveTime;
use entity::{
    course::CourseState,
    ids::{CourseId, CourseRunId},
};
use sea_orm::ActiveEnum;

use super::course::render;
use crate::{
    accounts::Desk,
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        ui::{Fields, Form, Submission},
    },
    training::{
        bases::read_time,
        make_run::{self, NewRun},
        plan_course::{self, Regular},
        store,
    },
};

/// `POST /courses/{id}/state`: offers a course or gives it up.
///
/// # Errors
/// Not found for what is not there.
pub async fn post_course_state(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    store::course(ctx.store.read(), id).await?;
    let done = async {
        let mut errors = FieldErrors::default();
        let to = fields.choice("to", &mut errors, |word| {
            CourseState::try_from_value(&word.to_owned()).ok()
        });
        errors.into_result(())?;
        let tx = ctx.store.begin().await?;
        plan_course::set_state(&tx, id, desk.actor.person, to.unwrap_or(CourseState::Draft))
            .await?;
        tx.commit().await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done).await
}

/// `POST /courses/{id}/regular`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_regular(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = store::course(ctx.store.read(), id).await?;
    let done = async {
        let zone = plan_course::zone(&ctx, &row).await?;
        let regular = Regular::read(&fields, zone, ctx.now())?;
        let tx = ctx.store.begin().await?;
        plan_course::set_regular(&tx, id, desk.actor.person, &regular).await?;
        tx.commit().await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done).await
}

/// `POST /courses/{id}/runs`: the next run as a draft.
///
/// # Errors
/// Not found for what is not there.
pub async fn post_new_run(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    store::course(ctx.store.read(), id).await?;
    let by = desk.actor.person;
    let done = async {
        let mut errors = FieldErrors::default();
        let day = fields.date("start_day", &mut errors);
        if day.is_none() && errors.of("start_day").is_none() {
            errors.add("start_day", Refusal::new("form.required"));
        }
        let time = read_time(&fields, "start_time", &mut errors).unwrap_or(NaiveTime::MIN);
        errors.into_result(())?;
        let new = NewRun {
            course: id,
            start: day.unwrap_or_default().and_time(time),
            due_start: None,
            by: Some(by),
        };
        let tx = ctx.store.begin().await?;
        let run = make_run::make(&ctx, &tx, new).await?;
        tx.commit().await?;
        Ok(run)
    };
    let done: Result<CourseRunId> = done.await;
    match done {
        Ok(run) => Ok(Redirect::to(&format!("/trainings/{run}?done=saved")).into_response()),
        Err(error) => lead_on(&ctx, desk, id, fields, Err(error)).await,
    }
}

async fn lead_on(
    ctx: &Context,
    desk: Desk,
    id: CourseId,
    fields: Fields,
    done: Result<()>,
) -> Result<Response> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/courses/{id}?done=saved")).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    render(ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
}
