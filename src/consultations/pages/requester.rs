//! What the requester does on a request's page: withdraw, confirm, ask once more.

use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::{
    consultation::{self, ConsultationState},
    ids::ConsultationId,
};

use super::detail::lead_on;
use crate::{
    accounts::{Action, Desk, Owner},
    consultations::{change, confirm, store},
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        ui::Submission,
    },
};

/// The request, when the visitor may do this to it.
pub(super) async fn allowed(
    ctx: &Context,
    desk: &Desk,
    id: ConsultationId,
    action: Action,
) -> Result<consultation::Model> {
    let row = store::get(ctx.store.read(), id).await?;
    desk.actor.require(action, &Owner::unit(row.unit_id))?;
    Ok(row)
}

/// `POST /consultations/{id}/withdraw`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_withdraw(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = allowed(&ctx, &desk, id, Action::FileConsultation).await?;
    let mut errors = FieldErrors::default();
    let reason = if row.state == ConsultationState::Draft {
        fields.optional("withdraw_reason", 500, &mut errors)
    } else {
        fields.required("withdraw_reason", 500, &mut errors)
    };
    let done = async {
        let reason = errors.into_result(reason)?;
        change::withdraw(&ctx, id, desk.actor.person, &reason).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "withdrawn").await
}

/// `POST /consultations/{id}/confirm`
///
/// # Errors
/// As [`post_withdraw`].
pub async fn post_confirm(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    allowed(&ctx, &desk, id, Action::ConfirmConsultation).await?;
    let mut errors = FieldErrors::default();
    let rating = fields.number("rating", 1, 5, &mut errors);
    if rating.is_none() && errors.is_empty() {
        errors.add("rating", Refusal::new("consultations.rating"));
    }
    let text = fields.optional("rating_note", 500, &mut errors);
    let done = async {
        let rating = errors.into_result(rating.unwrap_or_default())?;
        confirm::confirm(&ctx, id, desk.actor.person, rating, &text).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "confirmed").await
}

/// `POST /consultations/{id}/ask`
///
/// # Errors
/// As [`post_withdraw`].
pub async fn post_ask(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    allowed(&ctx, &desk, id, Action::ConfirmConsultation).await?;
    let mut errors = FieldErrors::default();
    let question = fields.required("question", 2_000, &mut errors);
    let done = async {
        let question = errors.into_result(question)?;
        confirm::ask_again(&ctx, id, desk.actor.person, &question).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "asked").await
}
