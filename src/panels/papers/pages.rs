//! `/panels/{id}/papers/{paper}`: papers of a panel for the secretariat, whoever asked.

use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::ids::PanelId;

use super::{PanelPaper, printed};
use crate::{
    accounts::{Action, Desk, policy::Owner},
    foundation::{
        context::Context,
        error::{Error, Result},
        ui::AskedPaper,
    },
};

/// `GET /panels/{id}/papers/{paper}`: `members`, `notice`, `sign-in`, and the same with `.docx`.
///
/// # Errors
/// [`Error::NotFound`] for other papers, and while there is nothing to print.
pub async fn show(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, part)): Path<(PanelId, String)>,
) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    let asked = AskedPaper::read(&part);
    let paper = PanelPaper::named(asked.name).ok_or(Error::NotFound)?;
    let back = format!("/panels/{id}");
    let folder = format!("{back}/papers");
    printed(&ctx, id, paper)
        .await?
        .answer(asked, desk.shell, back, &folder)
}
