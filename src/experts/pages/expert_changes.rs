//! What the secretariat records about an expert by hand: an answer given on paper, corrected contact data.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use entity::ids::ExpertId;

use super::expert::render;
use crate::{
    accounts::{Action, Desk, Owner},
    experts::{Histories, contact, engage_on_paper, renew_on_paper},
    foundation::{
        context::Context,
        error::Result,
        ui::{Fields, Form, Submission},
    },
    people::AddressBooks,
};

/// `POST /experts/{id}/paper-answer`: the signed paper of an approved nominee.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who may not.
pub async fn post_paper_answer(
    State(ctx): State<Context>,
    State(histories): State<Histories>,
    desk: Desk,
    Path(id): Path<ExpertId>,
    submission: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageExperts, &Owner::ALLIANCE)?;
    let done = engage_on_paper::record(&ctx, &desk.actor, id, &submission).await;
    lead_on(&ctx, &histories, desk, id, submission.fields, done).await
}

/// `POST /experts/{id}/renewal`: what an expert said about another term, on paper or by phone.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who may not.
pub async fn post_renewal_answer(
    State(ctx): State<Context>,
    State(histories): State<Histories>,
    desk: Desk,
    Path(id): Path<ExpertId>,
    submission: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageExperts, &Owner::ALLIANCE)?;
    let done = renew_on_paper::record(&ctx, &desk.actor, id, &submission).await;
    lead_on(&ctx, &histories, desk, id, submission.fields, done).await
}

/// `POST /experts/{id}/contact`: another address or number.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who may not.
pub async fn post_contact(
    State(ctx): State<Context>,
    State(histories): State<Histories>,
    State(books): State<AddressBooks>,
    desk: Desk,
    Path(id): Path<ExpertId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageExperts, &Owner::ALLIANCE)?;
    let done = contact::correct_contact(&ctx, &books, &desk.actor, id, &fields).await;
    lead_on(&ctx, &histories, desk, id, fields, done).await
}

/// Back to the expert's page, or the page with what was refused.
async fn lead_on(
    ctx: &Context,
    histories: &Histories,
    desk: Desk,
    id: ExpertId,
    fields: Fields,
    done: Result<()>,
) -> Result<Response> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/experts/{id}?done=recorded")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(ctx, histories, desk, id, form, false).await
        }
    }
}
