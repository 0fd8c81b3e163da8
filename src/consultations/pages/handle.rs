//! What the secretariat does on a request's page.

use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::ids::ConsultationId;

use super::detail::lead_on;
use crate::{
    accounts::{Action, Desk, Owner},
    consultations::{
        handle::{self, TakingIn},
        store,
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        ui::{Fields, Submission, read_domains},
    },
    panels::{Owners, notify},
};

async fn allowed(ctx: &Context, desk: &Desk, id: ConsultationId) -> Result<()> {
    let row = store::get(ctx.store.read(), id).await?;
    desk.actor
        .require(Action::HandleConsultation, &Owner::unit(row.unit_id))
}

/// `POST /consultations/{id}/accept`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_accept(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    allowed(&ctx, &desk, id).await?;
    let mut errors = FieldErrors::default();
    let (domains, keywords) = read_domains(&fields, "domains", &mut errors);
    let urgent = fields.has("urgent");
    let done = async {
        let taking_in = errors.into_result(TakingIn {
            domains,
            keywords,
            urgent,
        })?;
        handle::accept(&ctx, id, desk.actor.person, &taking_in).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "accepted").await
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
    let by = desk.actor.person;
    let step = async |reason: &str| handle::send_back(&ctx, id, by, reason).await;
    with_reason(&ctx, desk, id, fields, ("return_reason", "returned"), step).await
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
    let by = desk.actor.person;
    let step = async |reason: &str| handle::refuse(&ctx, id, by, reason).await;
    with_reason(&ctx, desk, id, fields, ("refuse_reason", "refused"), step).await
}

/// `POST /consultations/{id}/head`
///
/// # Errors
/// As [`post_accept`].
pub async fn post_head(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    allowed(&ctx, &desk, id).await?;
    let assignment = fields.id("assignment").ok_or(Error::NotFound)?;
    let done = handle::ask_head(&ctx, id, desk.actor.person, assignment).await;
    lead_on(&ctx, desk, id, fields, done, "head-asked").await
}

/// `POST /consultations/{id}/go-on`
///
/// # Errors
/// As [`post_accept`].
pub async fn post_go_on(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let by = desk.actor.person;
    let step = async |reason: &str| {
        handle::go_on(&ctx, id, by, reason).await?;
        // The panel is complete now; it says so itself.
        notify::complete(&ctx, &owners).await?;
        Ok(())
    };
    with_reason(&ctx, desk, id, fields, ("go_on_reason", "saved"), step).await
}

/// A step that needs a reason, typed into the field `from`: leads back with `word`, or shows the page
/// with what was refused.
async fn with_reason(
    ctx: &Context,
    desk: Desk,
    id: ConsultationId,
    fields: Fields,
    (from, word): (&str, &str),
    step: impl AsyncFnOnce(&str) -> Result<()>,
) -> Result<Response> {
    allowed(ctx, &desk, id).await?;
    let mut errors = FieldErrors::default();
    let reason = fields.required(from, 500, &mut errors);
    let done = match errors.into_result(reason) {
        Ok(reason) => step(&reason).await,
        Err(error) => Err(error),
    };
    lead_on(ctx, desk, id, fields, done, word).await
}
