//! What the secretariat does on the page of a panel.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::ids::{AssignmentId, ExpertId, PanelId};

use super::panel_page;
use crate::{
    accounts::{Action, Desk, policy::Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        ui::Submission,
    },
    panels::{ask_again, head, invitation_pages::refusals, owners::Owners, race, release, replace},
};

/// `POST /panels/{id}/ask-next`
///
/// # Errors
/// As [`replace::ask_next`].
pub async fn post_ask_next(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<PanelId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let done = match fields.id::<ExpertId>("expert") {
        Some(expert) => replace::ask_next(&ctx, &desk.actor, id, expert).await,
        None => Err(Error::NotFound),
    };
    lead_on(&ctx, &owners, desk, id, done, "invited").await
}

/// `POST /panels/{id}/race`
///
/// # Errors
/// As [`race::start`].
pub async fn post_race(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<PanelId>,
) -> Result<Response> {
    let done = race::start(&ctx, &desk.actor, id).await.map(drop);
    lead_on(&ctx, &owners, desk, id, done, "invited").await
}

/// `POST /panels/{id}/head`
///
/// # Errors
/// As [`head::ask_head`].
pub async fn post_head(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<PanelId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::HandleConsultation, &Owner::ALLIANCE)?;
    let done = match fields.id::<AssignmentId>("assignment") {
        Some(assignment) => head::propose(&ctx, &desk.actor, id, assignment).await,
        None => Err(Error::NotFound),
    };
    lead_on(&ctx, &owners, desk, id, done, "invited").await
}

/// `POST /panels/{id}/release`
///
/// # Errors
/// As [`release::release`].
pub async fn post_release(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<PanelId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let done = match fields.id::<AssignmentId>("assignment") {
        Some(assignment) => {
            let reason = fields.text("reason");
            release::release(&ctx, &owners, &desk.actor, id, assignment, reason).await
        }
        None => Err(Error::NotFound),
    };
    if done.is_ok() {
        replace::replace(&ctx, &owners, id).await?;
    }
    lead_on(&ctx, &owners, desk, id, done, "ended").await
}

/// `POST /panels/{id}/ask-again`
///
/// # Errors
/// As [`ask_again::ask_again`].
pub async fn post_ask_again(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<PanelId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let reason = fields.optional("reason", 200, &mut errors);
    let done = match (
        fields.id::<AssignmentId>("assignment"),
        errors.into_result(()),
    ) {
        (_, Err(error)) => Err(error),
        (None, _) => Err(Error::NotFound),
        (Some(former), Ok(())) => {
            ask_again::ask_again(&ctx, &desk.actor, id, former, &reason).await
        }
    };
    lead_on(&ctx, &owners, desk, id, done, "invited").await
}

/// Back to the panel's page, with what was refused on top of it.
async fn lead_on(
    ctx: &Context,
    owners: &Owners,
    mut desk: Desk,
    id: PanelId,
    done: Result<()>,
    word: &str,
) -> Result<Response> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/panels/{id}?done={word}")).into_response()),
        Err(error) => {
            let errors = error.into_form_errors()?;
            desk.shell.notice = Some(refusals(&errors));
            panel_page(ctx, owners, desk, id, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
