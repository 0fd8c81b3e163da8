//! A unit agrees, or does not, to somebody of its own who enrolled by the open form.

use entity::{
    enrolment::{self, EnrolmentState},
    ids::EnrolmentId,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    access,
    board::{self, Locked, key},
    mails::{self, Key},
    owners::Owners,
    rules::{self, Admission, Step},
    seats, store,
};
use crate::{
    accounts::{Actor, audit},
    foundation::{
        context::Context,
        error::{Refusal, Result},
        mail::Options,
        store::WriteTx,
    },
    people,
};

/// Most characters of a note.
const MAX_NOTE: usize = 200;

/// Decides. An agreed person gets a seat or joins the queue at the place of the day on which the
/// address was confirmed.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for others than contacts of the unit and the group;
/// `registration.not_awaiting`; `registration.begun`; the conflict `people.taken`.
pub async fn approve_unit(
    ctx: &Context,
    owners: &Owners,
    actor: &Actor,
    id: EnrolmentId,
    agrees: bool,
    note: &str,
) -> Result<()> {
    if note.chars().count() > MAX_NOTE {
        return Err(Refusal::new("form.too_long").with("max", MAX_NOTE).into());
    }
    let tx = ctx.store.begin().await?;
    let (mut locked, row) = Locked::of_enrolment(&tx, id).await?;
    access::require_for(actor, owners, &locked.row, &row)?;
    rules::may_leave(locked.phase(&tx))?;
    if agrees {
        agree(&tx, ctx, owners, &mut locked, row).await?;
    } else {
        refuse(&tx, &locked, row, note.trim()).await?;
    }
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "registration.approve_unit",
            subject_kind: "enrolment",
            subject_id: Some(id.0),
            details: json!({ "agrees": agrees, "note": note.trim() }),
        },
    )
    .await?;
    tx.commit().await
}

async fn agree(
    tx: &WriteTx,
    ctx: &Context,
    owners: &Owners,
    locked: &mut Locked,
    row: enrolment::Model,
) -> Result<()> {
    let state = rules::next(row.state, Step::Approve)?;
    let admission = locked.counts(tx).await?.admit(locked.limits(), &key(&row));
    if admission == Admission::Seat {
        seats::seat(tx, ctx, owners, locked, row).await?;
        return Ok(());
    }
    let rounds = row.rounds + 1;
    let row = board::set(
        tx,
        enrolment::ActiveModel {
            id: Set(row.id),
            state: Set(state),
            waited: Set(true),
            rounds: Set(rounds),
            ..Default::default()
        },
    )
    .await?;
    let person = people::get(tx.db(), row.person_id).await?;
    let before = store::waiting_before(tx.db(), &row).await?;
    let before = i64::try_from(before).unwrap_or(i64::MAX - 1);
    seats::tell_waiting(tx, locked, &row, &person, admission, before).await?;
    // Earlier in the queue than others, the person may be the first for a seat that nobody could take.
    seats::fill(tx, ctx, locked).await?;
    Ok(())
}

async fn refuse(tx: &WriteTx, locked: &Locked, row: enrolment::Model, note: &str) -> Result<()> {
    let state: EnrolmentState = rules::next(row.state, Step::Refuse)?;
    let rounds = row.rounds + 1;
    let row = board::set(
        tx,
        enrolment::ActiveModel {
            id: Set(row.id),
            state: Set(state),
            ended_at: Set(Some(tx.now())),
            end_note: Set(note.to_owned()),
            rounds: Set(rounds),
            ..Default::default()
        },
    )
    .await?;
    let person = people::get(tx.db(), row.person_id).await?;
    let matter = locked.matter();
    let letter = mails::Refused {
        link: Key::of(&row, &person.name),
        note: note.to_owned(),
        matter: matter.clone(),
    };
    mails::send(tx, &row, &person, &matter, Options::default(), &letter).await
}
