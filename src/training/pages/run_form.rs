//! `/trainings/{id}/edit`: what a run says, lesson by lesson.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{course_run, ids::CourseRunId};

use super::view::{places, room_choices};
use crate::{
    accounts::Desk,
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        ui::{Form, Shell, Submission, Tag, form::Choice, page_with_status},
    },
    training::{
        rules,
        run_facts::{self, Ground, RunFacts},
        save_run::{self, RunChange},
        seats, store,
        typed_lesson::MOST_LESSONS,
    },
};

/// Blank rows for further lessons.
const BLANK: usize = 2;

#[derive(Template)]
#[template(path = "training/templates/run_form.html")]
struct RunFormPage {
    shell: Shell,
    form: Form,
    row: course_run::Model,
    name: String,
    tag: Tag,
    rows: Vec<usize>,
    venues: Vec<Choice>,
    known: bool,
    consequence: String,
}

/// `GET /trainings/{id}/edit`
///
/// # Errors
/// Not found for what is not there; refused once it is over.
pub async fn edit_run(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    let row = store::run(ctx.store.read(), id).await?;
    rules::may_change(row.state)?;
    let lessons = store::lessons(ctx.store.read(), id).await?;
    let form = Form::new(run_facts::fields(&row, &lessons, ctx.zone()));
    render(&ctx, desk, row, form, StatusCode::OK).await
}

/// `POST /trainings/{id}/edit`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_run(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = store::run(ctx.store.read(), id).await?;
    let places = places(&ctx).await?;
    let done = async {
        let facts = RunFacts::read(
            &fields,
            Ground {
                places: &places,
                zone: ctx.zone(),
                now: ctx.now(),
            },
        )?;
        let mut errors = FieldErrors::default();
        let reason = fields.optional("reason", 200, &mut errors);
        let change = errors.into_result(RunChange {
            facts,
            version: fields.text("version").parse().unwrap_or(0),
            reason,
        })?;
        save_run::save(&ctx, id, desk.actor.person, &change).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/trainings/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(&ctx, desk, row, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn render(
    ctx: &Context,
    desk: Desk,
    row: course_run::Model,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let used = (0..MOST_LESSONS)
        .filter(|row| !form.fields.text(&format!("lesson_{row}")).is_empty())
        .max()
        .map_or(0, |last| last + 1);
    let mut venues = room_choices(ctx, "请选择").await?;
    for (value, label) in [("online", "线上"), ("elsewhere", "其他地点")] {
        venues.push(Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
        });
    }
    let known = rules::is_known(row.state);
    let crowd = seats::enrolled(&seats::participants(ctx, &row).await?);
    Ok(page_with_status(
        status,
        &RunFormPage {
            name: seats::full_title(&row.title, row.ordinal),
            tag: rules::tag(row.state),
            rows: (0..(used + BLANK).min(MOST_LESSONS)).collect(),
            venues,
            consequence: format!(
                "改时间或地点会通知已报名的 {crowd} 人并更新他们的日历；讲师按新时间重新答复，教室重新预订。"
            ),
            known,
            form,
            row,
            shell: desk.shell,
        },
    ))
}
