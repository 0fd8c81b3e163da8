//! A unit applies to take part, leaves; an application is decided.

use axum::{
    extract::{Path, State},
    response::Response,
};
use entity::ids::{CommitteeId, CommitteeUnitId};

use super::{
    super::join,
    detail::{lead_on, refuse_field},
};
use crate::{
    accounts::{Action, Desk, Owner},
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        ui::Submission,
    },
};

/// `POST /committees/{id}/join`
///
/// # Errors
/// Not found for people who act for no unit.
pub async fn post_join(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CommitteeId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let unit = desk.actor.unit()?;
    let mut errors = FieldErrors::default();
    let reason = fields.required("reason", 500, &mut errors);
    let done = async {
        let reason = errors.into_result(reason)?;
        join::apply(&ctx, &desk.actor, id, unit, &reason).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "sent").await
}

/// `POST /committees/{id}/leave`
///
/// # Errors
/// Not found for a unit that has no part in it.
pub async fn post_leave(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CommitteeId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let unit = desk.actor.unit()?;
    let done = join::withdraw(&ctx, &desk.actor, id, unit).await;
    lead_on(&ctx, desk, id, fields, done, "withdrawn").await
}

/// `POST /committees/{id}/applications/{application}`: `do` is `admit` or `refuse`.
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_application(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, application)): Path<(CommitteeId, CommitteeUnitId)>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::RunCommittee, &Owner::committee(id))?;
    let admit = fields.text("do") == "admit";
    let mut errors = FieldErrors::default();
    let field = refuse_field(application);
    let reason = if admit {
        String::new()
    } else {
        fields.required(&field, 200, &mut errors)
    };
    let done = async {
        let reason = errors.into_result(reason)?;
        join::decide(&ctx, &desk.actor, id, application, admit, &reason).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "saved").await
}
