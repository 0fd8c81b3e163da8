//! `/trainings/{id}/papers/…`, and the way from a lesson to its run.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    course_run,
    ids::{CourseRunId, LessonId},
};

use crate::{
    accounts::Desk,
    foundation::{
        context::Context,
        error::{Error, Result},
        ui::{AskedPaper, Printed, Shell},
    },
    training::{
        notice::{self, Notice},
        store,
    },
};

/// `GET /trainings/{id}/papers/{paper}`: `notice` and `notice.docx`, drafts included.
///
/// # Errors
/// Not found for what is not there.
pub async fn paper(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, name)): Path<(CourseRunId, String)>,
) -> Result<Response> {
    let row = store::run(ctx.store.read(), id).await?;
    let folder = format!("/trainings/{id}/papers");
    printed(
        &ctx,
        row,
        &name,
        desk.shell,
        format!("/trainings/{id}"),
        &folder,
    )
    .await
}

/// The notice as page or file.
pub(super) async fn printed(
    ctx: &Context,
    row: course_run::Model,
    name: &str,
    shell: Shell,
    back: String,
    folder: &str,
) -> Result<Response> {
    let asked = AskedPaper::read(name);
    if asked.name != "notice" {
        return Err(Error::NotFound);
    }
    let notice = Notice::of(ctx.store.read(), ctx, row).await?;
    let paper = notice::paper(&notice, &ctx.config.office);
    let printed = Printed {
        title: "培训班通知",
        about: notice.run.number.clone(),
        paper,
    };
    printed.answer(asked, shell, back, folder)
}

/// `GET /lessons/{id}`: leads to the run, for those who come from a panel.
///
/// # Errors
/// Not found for what is not there.
pub async fn lesson(
    State(ctx): State<Context>,
    _: Desk,
    Path(id): Path<LessonId>,
) -> Result<Response> {
    let run = store::lesson(ctx.store.read(), id).await?.run_id;
    Ok(Redirect::to(&format!("/trainings/{run}")).into_response())
}
