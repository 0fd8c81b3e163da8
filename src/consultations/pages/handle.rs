//! What the secretariat does on a request's page.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use entity::ids::ConsultationId;

use crate::{
    accounts::{Action, Desk, Owner},
    consultations::{filing::read_domains, handle, store},
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        ui::Submission,
    },
};

async fn allowed(ctx: &Context, desk: &Desk, id: ConsultationId) -> Result<()> {
    let row = store::get(ctx.store.read(), id).await?;
    desk.actor
        .require(Action::HandleConsultation, &Owner::unit(row.unit_id))
}

/// `POST /consultations/{id}/accept`
///
/// # Errors
/// Not found for what is foreign; a refusal when the state does not fit.
pub async fn post_accept(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    allowed(&ctx, &desk, id).await?;
    let mut errors = FieldErrors::default();
    let read = read_domains(&fields, &mut errors);
    let (domains, keywords) = errors.into_result(read)?;
    handle::accept(
        &ctx,
        id,
        desk.actor.person,
        domains,
        keywords,
        fields.has("urgent"),
    )
    .await?;
    Ok(Redirect::to(&format!("/consultations/{id}?done=approved")).into_response())
}

/// `POST /consultations/{id}/return`
///
/// # Errors
/// As [`post_accept`].
pub async fn post_send_back(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    allowed(&ctx, &desk, id).await?;
    handle::send_back(&ctx, id, desk.actor.person, fields.text("reason")).await?;
    Ok(Redirect::to(&format!("/consultations/{id}?done=returned")).into_response())
}

/// `POST /consultations/{id}/refuse`
///
/// # Errors
/// As [`post_accept`].
pub async fn post_refuse(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    allowed(&ctx, &desk, id).await?;
    handle::refuse(&ctx, id, desk.actor.person, fields.text("reason")).await?;
    Ok(Redirect::to(&format!("/consultations/{id}?done=refused")).into_response())
}
