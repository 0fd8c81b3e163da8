//! `/committees/{id}/papers/{paper}`: `founding`, `ending`, and the same with `.docx`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::ids::CommitteeId;

use super::super::{papers, store};
use crate::{
    accounts::{Action, Desk, Owner},
    foundation::{
        context::Context,
        error::{Error, Result},
        ui::{AskedPaper, Printed},
    },
};

/// `GET /committees/{id}/papers/{paper}`
///
/// # Errors
/// [`Error::NotFound`] before there is such a paper.
pub async fn paper(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, part)): Path<(CommitteeId, String)>,
) -> Result<Response> {
    desk.actor
        .require(Action::ReadCommittees, &Owner::committee(id))?;
    let full = store::full(ctx.store.read(), id).await?;
    let asked = AskedPaper::read(&part);
    let office = &ctx.config.office;
    let (title, paper) = match asked.name {
        "founding" => ("成立通知", papers::founding(&full, office)),
        "ending" => ("撤销通知", papers::ending(&full, office)),
        _ => return Err(Error::NotFound),
    };
    let printed = Printed {
        title,
        about: full.row.name.clone(),
        paper: paper.ok_or(Error::NotFound)?,
    };
    let back = format!("/committees/{id}");
    let folder = format!("{back}/papers");
    printed.answer(asked, desk.shell, back, &folder)
}
