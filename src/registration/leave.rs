//! Giving up a seat or a place in the queue.

use entity::{
    enrolment::{self, EnrolmentState},
    ids::EnrolmentId,
    seat_offer::OfferState,
};
use sea_orm::ActiveValue::Set;

use super::{
    access,
    board::{self, Locked},
    mails::{self, Key},
    owners::{Owners, RegistrationEvent},
    rules::{self, Step},
    seats,
};
use crate::{
    accounts::{Actor, audit},
    foundation::{
        context::Context,
        error::Result,
        mail::{self, Options, Template},
        store::WriteTx,
    },
    people,
};

/// Takes an enrolment off under the lock: its time is given back, the person told, and the seat
/// offered to the next.
///
/// # Errors
/// `registration.begun`, `registration.not_standing`.
pub(super) async fn leave_within(
    tx: &WriteTx,
    ctx: &Context,
    owners: &Owners,
    locked: &mut Locked,
    row: enrolment::Model,
    step: Step,
    note: &str,
) -> Result<enrolment::Model> {
    rules::may_leave(locked.phase(tx))?;
    let state = rules::next(row.state, step)?;
    let seated = row.state == EnrolmentState::Enrolled;
    forget_mails(tx, row.id).await?;
    seats::end_offer(tx, row.id, OfferState::Declined).await?;
    if seated {
        locked.give_time_back(tx, row.person_id).await?;
        locked.next_sequence(tx).await?;
    }
    let rounds = row.rounds + 1;
    let row = board::set(
        tx,
        enrolment::ActiveModel {
            id: Set(row.id),
            state: Set(state),
            ended_at: Set(Some(tx.now())),
            end_note: Set(note.to_owned()),
            clash: Set(String::new()),
            rounds: Set(rounds),
            ..Default::default()
        },
    )
    .await?;
    let person = people::get(tx.db(), row.person_id).await?;
    let matter = locked.matter();
    let letter = mails::Left {
        link: Key::of(&row, &person.name),
        note: note.to_owned(),
        entry: seated.then(|| locked.entry(row.id, true)),
        matter: matter.clone(),
    };
    mails::send(tx, &row, &person, &matter, Options::default(), &letter).await?;
    if seated {
        let event = RegistrationEvent::Left(row.id);
        owners.tell(tx, ctx, &locked.row, event).await?;
    }
    seats::fill(tx, ctx, locked).await?;
    Ok(row)
}

/// Takes back what has not left of mails that are no longer true.
pub(super) async fn forget_mails(tx: &WriteTx, row: EnrolmentId) -> Result<()> {
    for kind in [
        mails::Waiting::KIND,
        mails::Offer::KIND,
        mails::Moved::KIND,
        mails::Reminder::KIND,
    ] {
        mail::outbox::cancel(tx, kind, row.0).await?;
    }
    Ok(())
}

/// Cancels an enrolment: by the person's own link (`actor` is none), by a contact of the unit, or by
/// whoever manages the registration. Cancelling twice changes nothing.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for an actor who may not; `registration.begun`,
/// `registration.not_standing`.
pub async fn leave(
    ctx: &Context,
    owners: &Owners,
    actor: Option<&Actor>,
    id: EnrolmentId,
    note: &str,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let (mut locked, row) = Locked::of_enrolment(&tx, id).await?;
    if let Some(actor) = actor {
        access::require_for(actor, owners, &locked.row, &row)?;
    }
    if row.state == EnrolmentState::Cancelled {
        return Ok(());
    }
    leave_within(&tx, ctx, owners, &mut locked, row, Step::Cancel, note).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: actor.map(|actor| actor.person),
            action: "registration.leave",
            subject_kind: "enrolment",
            subject_id: Some(id.0),
            details: serde_json::json!({ "note": note }),
        },
    )
    .await?;
    tx.commit().await
}
