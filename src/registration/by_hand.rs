//! The group fills a free seat by hand: by an offer, or at once for somebody who has agreed by phone.
//! The number of seats holds as ever; whom to ask first, and how many of one unit, is for the group to
//! say.

use entity::{enrolment, ids::EnrolmentId, seat_offer::OfferState};
use serde_json::json;

use super::{
    access,
    board::Locked,
    owners::Owners,
    rules::{self, Step},
    seats,
};
use crate::{
    accounts::{Actor, audit},
    foundation::{
        context::Context,
        error::{Refusal, Result},
        store::WriteTx,
    },
};

/// Keeps a free seat for somebody who waits: longer while people enrol than after the closing, and never
/// past the start.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for others than those who manage the registration;
/// `registration.full`, `registration.not_waiting`, `registration.begun`.
pub async fn offer_by_hand(
    ctx: &Context,
    owners: &Owners,
    actor: &Actor,
    id: EnrolmentId,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let (locked, row) = begin(&tx, owners, actor, id).await?;
    rules::next(row.state, Step::Offer)?;
    require_free(&tx, &locked).await?;
    seats::offer(&tx, ctx, &locked, row, Some(actor.person)).await?;
    end(tx, actor, id, "offer").await
}

/// Gives a free seat, or the one that is kept for the person, at once.
///
/// # Errors
/// As [`offer_by_hand`], and the conflict `people.taken`.
pub async fn give_seat(
    ctx: &Context,
    owners: &Owners,
    actor: &Actor,
    id: EnrolmentId,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let (mut locked, row) = begin(&tx, owners, actor, id).await?;
    rules::next(row.state, Step::Give)?;
    if !rules::holds_seat(row.state) {
        require_free(&tx, &locked).await?;
    }
    seats::end_offer(&tx, row.id, OfferState::Taken).await?;
    seats::seat(&tx, ctx, owners, &mut locked, row).await?;
    end(tx, actor, id, "give").await
}

async fn begin(
    tx: &WriteTx,
    owners: &Owners,
    actor: &Actor,
    id: EnrolmentId,
) -> Result<(Locked, enrolment::Model)> {
    let (locked, row) = Locked::of_enrolment(tx, id).await?;
    access::require_manager(actor, owners, &locked.row)?;
    rules::may_fill_by_hand(locked.phase(tx))?;
    Ok((locked, row))
}

async fn require_free(tx: &WriteTx, locked: &Locked) -> Result<()> {
    if locked.counts(tx).await?.free(locked.limits()) > 0 {
        return Ok(());
    }
    Err(Refusal::new("registration.full")
        .with("capacity", locked.row.capacity)
        .into())
}

async fn end(tx: WriteTx, actor: &Actor, id: EnrolmentId, how: &str) -> Result<()> {
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "registration.fill_by_hand",
            subject_kind: "enrolment",
            subject_id: Some(id.0),
            details: json!({ "how": how }),
        },
    )
    .await?;
    tx.commit().await
}
