//! What units and the exchange group do on a visit's page.

use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::ids::VisitId;

use super::{
    view::{readable, side},
    visit::lead_on,
};
use crate::{
    accounts::{Action, Desk, Owner},
    exchange::visits::{
        approve, end, report,
        return_home::{self, Return},
        rules::Side,
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        ui::{Fields, Submission},
    },
};

fn shown(fields: &Fields) -> i32 {
    fields.text("version").parse().unwrap_or(0)
}

/// `POST /exchange/visits/{id}/approve`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_approve(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let (_, side) = side(&ctx, &desk, id, fields.text("side")).await?;
    let by = desk.actor.person;
    let done = approve::approve(&ctx, id, side, by, shown(&fields)).await;
    lead_on(&ctx, desk, id, fields, done, "approved").await
}

/// `POST /exchange/visits/{id}/decline`
///
/// # Errors
/// As [`post_approve`].
pub async fn post_decline(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let (_, side) = side(&ctx, &desk, id, fields.text("side")).await?;
    let by = desk.actor.person;
    let mut errors = FieldErrors::default();
    let reason = fields.required("decline_reason", 300, &mut errors);
    let done = match errors.into_result(reason) {
        Ok(reason) => end::decline(&ctx, id, side, by, shown(&fields), &reason).await,
        Err(error) => Err(error),
    };
    lead_on(&ctx, desk, id, fields, done, "recorded").await
}

/// `POST /exchange/visits/{id}/withdraw`
///
/// # Errors
/// As [`post_approve`].
pub async fn post_withdraw(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let (_, side) = side(&ctx, &desk, id, fields.text("side")).await?;
    let by = desk.actor.person;
    let mut errors = FieldErrors::default();
    let reason = fields.required("withdraw_reason", 300, &mut errors);
    let done = match errors.into_result(reason) {
        Ok(reason) => end::withdraw(&ctx, id, side, by, &reason).await,
        Err(error) => Err(error),
    };
    lead_on(&ctx, desk, id, fields, done, "withdrawn").await
}

/// The sending unit acts; the host only looks on.
async fn sending(ctx: &Context, desk: &Desk, id: VisitId) -> Result<()> {
    let (_, side) = side(ctx, desk, id, "sending").await?;
    match side {
        Side::Sending => Ok(()),
        Side::Host => Err(Error::NotFound),
    }
}

/// `POST /exchange/visits/{id}/return`
///
/// # Errors
/// As [`post_approve`].
pub async fn post_return(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    sending(&ctx, &desk, id).await?;
    let mut errors = FieldErrors::default();
    let told = Return::read(&fields, ctx.today(), &mut errors);
    let done = match errors.into_result(told) {
        Ok(Some(told)) => return_home::confirm_return(&ctx, id, desk.actor.person, &told).await,
        Ok(None) => Err(Error::NotFound),
        Err(error) => Err(error),
    };
    lead_on(&ctx, desk, id, fields, done, "confirmed").await
}

/// `POST /exchange/visits/{id}/report`
///
/// # Errors
/// As [`post_approve`].
pub async fn post_report(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitId>,
    submission: Submission,
) -> Result<Response> {
    sending(&ctx, &desk, id).await?;
    let mut errors = FieldErrors::default();
    let text = submission.fields.required("report", 10_000, &mut errors);
    let uploads = submission.uploads("files");
    let done = match errors.into_result(text) {
        Ok(text) => report::file_report(&ctx, id, desk.actor.person, &text, &uploads).await,
        Err(error) => Err(error),
    };
    lead_on(&ctx, desk, id, submission.fields, done, "recorded").await
}

/// `POST /exchange/visits/{id}/close`
///
/// # Errors
/// As [`post_approve`].
pub async fn post_close(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<VisitId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageExchange, &Owner::ALLIANCE)?;
    readable(&ctx, &desk, id).await?;
    let done = end::close(&ctx, id, desk.actor.person).await;
    lead_on(&ctx, desk, id, fields, done, "ended").await
}
