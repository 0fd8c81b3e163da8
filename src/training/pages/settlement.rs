//! `/trainings/{id}/settlement`: what a run came to, and closing it.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::TimeDelta;
use entity::{course_run, ids::CourseRunId};

use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::{Error, Result},
        ui::{Fields, Form, Shell, XLSX, download, page_with_status},
    },
    training::{
        rules::{self, Step},
        seats, settle,
        settle::Settlement,
        settled_lists, store,
    },
};

const CSV: &str = "text/csv; charset=utf-8";

#[derive(Template)]
#[template(path = "training/templates/settlement.html")]
struct SettlementPage {
    shell: Shell,
    form: Form,
    run: course_run::Model,
    name: String,
    all: Settlement,
    median: String,
    longest: String,
    unmet: i32,
    may_settle: bool,
}

impl SettlementPage {
    fn wait(&self, wait: &TimeDelta) -> String {
        settle::wait_words(*wait)
    }
}

/// `GET /trainings/{id}/settlement`
///
/// # Errors
/// Not found for what is not there.
pub async fn show_settlement(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    render(&ctx, desk, id, Form::default(), StatusCode::OK).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    id: CourseRunId,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let run = store::run(ctx.store.read(), id).await?;
    let all = Settlement::of(ctx, &run).await?;
    let words = |wait: Option<_>| wait.map(settle::wait_words).unwrap_or_default();
    let manages = policy::allows(&desk.actor, Action::ManageTraining, &Owner::ALLIANCE);
    Ok(page_with_status(
        status,
        &SettlementPage {
            name: seats::full_title(&run.title, run.ordinal),
            median: words(all.waiting.median),
            longest: words(all.waiting.longest),
            unmet: all.needs.iter().map(settle::NeedLine::missing).sum(),
            may_settle: manages && rules::next(run.state, Step::Settle).is_ok(),
            all,
            run,
            form,
            shell: desk.shell,
        },
    ))
}

/// `GET /trainings/{id}/settlement/{file}`: `people`, `units` or `needs`, as `.xlsx` or `.csv`.
///
/// # Errors
/// Not found for what is not there.
pub async fn export_settlement(
    State(ctx): State<Context>,
    _: Desk,
    Path((id, file)): Path<(CourseRunId, String)>,
) -> Result<Response> {
    let run = store::run(ctx.store.read(), id).await?;
    let (name, kind) = file.split_once('.').ok_or(Error::NotFound)?;
    let all = Settlement::of(&ctx, &run).await?;
    let table = settled_lists::table(&all, name).ok_or(Error::NotFound)?;
    let saved = format!("结班统计-{}-{}.{kind}", table.name, run.number);
    match kind {
        "xlsx" => {
            let bytes = table.to_xlsx(ctx.now()).map_err(Error::internal)?;
            Ok(download(&saved, XLSX, bytes))
        }
        "csv" => {
            let bytes = table.to_csv().map_err(Error::internal)?;
            Ok(download(&saved, CSV, bytes))
        }
        _ => Err(Error::NotFound),
    }
}

/// `POST /trainings/{id}/settle`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_settle(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    store::run(ctx.store.read(), id).await?;
    match settle::settle(&ctx, id, desk.actor.person).await {
        Ok(()) => {
            let to = format!("/trainings/{id}/settlement?done=recorded");
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let form = Form::refused(Fields::default(), error.into_form_errors()?);
            render(&ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
