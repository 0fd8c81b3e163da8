//! `/consultations/{id}/papers/{paper}`: papers of a request, for its unit and the secretariat.

use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::ids::ConsultationId;

use super::detail::readable;
use crate::{
    accounts::{Action, Desk, Owner},
    consultations::{papers, visible},
    foundation::{context::Context, error::Result, ui::AskedPaper},
};

/// `GET /consultations/{id}/papers/{paper}`: `members`, `notice`, `sign-in`, `opinions`,
/// `conclusion`, and the same with `.docx`.
///
/// # Errors
/// Not found for what is foreign, for other papers, and for what the visitor does not see yet.
pub async fn paper(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, part)): Path<(ConsultationId, String)>,
) -> Result<Response> {
    let row = readable(&ctx, &desk, id).await?;
    let owner = Owner::unit(row.unit_id);
    desk.actor.require(Action::ReadPapers, &owner)?;
    let asked = AskedPaper::read(&part);
    let secretariat = visible::is_secretariat(&desk.actor);
    let printed = papers::printed(&ctx, &row, asked.name, secretariat).await?;
    let back = format!("/consultations/{id}");
    let folder = format!("{back}/papers");
    printed.answer(asked, desk.shell, back, &folder)
}
