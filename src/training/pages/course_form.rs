//! `/courses/new`, `/courses/{id}/edit`: writing a course.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::ids::CourseId;

use super::view::room_choices;
use crate::{
    accounts::Desk,
    foundation::{
        context::Context,
        error::Result,
        ui::{Form, Shell, Submission, form::Choice, page_with_status},
    },
    training::{
        plan_course, store,
        syllabus::{MOST_PARTS, Syllabus},
    },
};

/// Blank rows for further parts.
const BLANK: usize = 3;

#[derive(Template)]
#[template(path = "training/templates/course_form.html")]
struct CourseFormPage {
    shell: Shell,
    form: Form,
    id: Option<CourseId>,
    action: String,
    rows: Vec<usize>,
    rooms: Vec<Choice>,
}

/// `GET /courses/new`
///
/// # Errors
/// Not found for who may not.
pub async fn new_course(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    let form = Form::new(Syllabus::default().fields());
    render_form(&ctx, desk, form, None, StatusCode::OK).await
}

/// `POST /courses`
///
/// # Errors
/// Not found for who may not.
pub async fn post_new_course(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let done = async {
        let syllabus = Syllabus::read(&fields)?;
        let tx = ctx.store.begin().await?;
        let id = plan_course::plan(&ctx, &tx, desk.actor.person, &syllabus).await?;
        tx.commit().await?;
        Ok(id)
    };
    let done: Result<CourseId> = done.await;
    match done {
        Ok(id) => Ok(Redirect::to(&format!("/courses/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render_form(&ctx, desk, form, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `GET /courses/{id}/edit`
///
/// # Errors
/// Not found for what is not there.
pub async fn edit_course(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseId>,
) -> Result<Response> {
    let row = store::course(ctx.store.read(), id).await?;
    let parts = store::parts(ctx.store.read(), id).await?;
    let fields = Syllabus::of(&row, &parts)
        .fields()
        .with("version", row.version);
    render_form(&ctx, desk, Form::new(fields), Some(id), StatusCode::OK).await
}

/// `POST /courses/{id}/edit`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_course(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    store::course(ctx.store.read(), id).await?;
    let version = fields.text("version").parse().unwrap_or(0);
    let done = async {
        let syllabus = Syllabus::read(&fields)?;
        plan_course::change(&ctx, id, desk.actor.person, &syllabus, version).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/courses/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render_form(&ctx, desk, form, Some(id), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn render_form(
    ctx: &Context,
    desk: Desk,
    form: Form,
    id: Option<CourseId>,
    status: StatusCode,
) -> Result<Response> {
    let used = (0..MOST_PARTS)
        .filter(|row| !form.fields.text(&format!("part_{row}")).is_empty())
        .max()
        .map_or(0, |last| last + 1);
    Ok(page_with_status(
        status,
        &CourseFormPage {
            action: id.map_or_else(|| "/courses".to_owned(), |id| format!("/courses/{id}/edit")),
            rows: (0..(used + BLANK).min(MOST_PARTS)).collect(),
            rooms: room_choices(ctx, "以后再定").await?,
            form,
            id,
            shell: desk.shell,
        },
    ))
}
