//! `/courses/{id}/certificate`: what the certificates of a course say.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{course, ids::CourseId};

use crate::{
    accounts::Desk,
    foundation::{
        context::Context,
        error::Result,
        ui::{Form, Shell, Submission, lines, page_with_status},
    },
    training::{
        certificates::{PLACEHOLDERS, Wording, example, save_wording, wording},
        store,
    },
};

#[derive(Template)]
#[template(path = "training/templates/certificate_text.html")]
struct TextPage {
    shell: Shell,
    form: Form,
    course: course::Model,
    words: Vec<&'static str>,
    example: Option<(Wording, Vec<String>)>,
}

/// `GET /courses/{id}/certificate`
///
/// # Errors
/// Not found for what is not there.
pub async fn edit_certificate_text(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseId>,
) -> Result<Response> {
    let db = ctx.store.read();
    let course = store::course(db, id).await?;
    let wording = wording(db, &ctx.config.office, &course).await?;
    let form = Form::new(wording.fields());
    Ok(render(desk, course, form, Some(&wording), StatusCode::OK))
}

/// `POST /courses/{id}/certificate`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_certificate_text(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let course = store::course(ctx.store.read(), id).await?;
    let done = async {
        let wording = Wording::read(&fields)?;
        save_wording(&ctx, id, desk.actor.person, &wording).await
    };
    match done.await {
        Ok(()) => {
            let to = format!("/courses/{id}/certificate?done=saved");
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(render(desk, course, form, None, status))
        }
    }
}

fn render(
    desk: Desk,
    course: course::Model,
    form: Form,
    kept: Option<&Wording>,
    status: StatusCode,
) -> Response {
    let shown = kept.and_then(|wording| wording.fill(example).ok());
    page_with_status(
        status,
        &TextPage {
            words: PLACEHOLDERS.iter().map(|(_, word, _)| *word).collect(),
            example: shown.map(|filled| {
                let body = lines(&filled.body);
                (filled, body)
            }),
            form,
            course,
            shell: desk.shell,
        },
    )
}
