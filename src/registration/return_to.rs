//! Somebody who gave up, or was too late for an offer, comes back: to the end of the queue.

use entity::{
    enrolment::{self, EnrolmentState},
    ids::EnrolmentId,
};
use serde_json::json;

use super::{
    arrive::{self, Arrival},
    board::Locked,
    owners::Owners,
    rules,
};
use crate::{
    accounts::audit,
    foundation::{
        context::Context,
        error::{Refusal, Result},
    },
    people,
};

/// Whether the person of an enrolment may come back by themselves.
pub fn may_return(state: EnrolmentState) -> bool {
    matches!(state, EnrolmentState::Cancelled | EnrolmentState::Lapsed)
}

/// Arrives anew with what was given before. Who stands in the registration already changes nothing.
///
/// # Errors
/// The phase's refusal; `registration.unit_decides` where the unit did not agree; the conflict
/// `people.taken`.
pub async fn return_to(ctx: &Context, owners: &Owners, id: EnrolmentId) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let (mut locked, row) = Locked::of_enrolment(&tx, id).await?;
    if rules::stands(row.state) {
        return Ok(());
    }
    if !may_return(row.state) {
        return Err(Refusal::new("registration.unit_decides").into());
    }
    let enrolment::Model {
        person_id,
        unit_id,
        unit_name,
        position,
        phone,
        email,
        answers,
        by_person,
        ..
    } = row;
    let arrival = Arrival {
        person: people::lock(&tx, person_id).await?,
        unit: unit_id,
        unit_name,
        position,
        phone,
        email,
        answers: serde_json::from_value(answers)?,
        by: by_person,
        awaits_unit: locked.row.needs_unit_approval && by_person.is_none(),
    };
    arrive::arrive(&tx, ctx, owners, &mut locked, &arrival).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(person_id),
            action: "registration.return",
            subject_kind: "enrolment",
            subject_id: Some(id.0),
            details: json!({}),
        },
    )
    .await?;
    tx.commit().await
}
