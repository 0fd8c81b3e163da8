//! One registration is put together with another: whoever stands in it is carried over, in order. What
//! is carried is the enrolment itself, so its link stays alive and its calendar entry moves.

use entity::{
    enrolment::{self, EnrolmentState},
    ids::{EnrolmentId, PersonId, RegistrationId},
    seat_offer::OfferState,
    sitting,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    board::{self, Locked, STANDING, key},
    change::move_time,
    leave,
    mails::{self, Key},
    matter::Matter,
    owners::{Owners, RegistrationEvent},
    rules::{self, Admission, Phase},
    seats, store,
};
use crate::{
    accounts::audit,
    foundation::{
        context::Context,
        error::Result,
        mail::{self, Options, Template},
        store::WriteTx,
    },
    people,
};

/// Two registrations that become one.
#[derive(Clone, Copy, Debug)]
pub struct Merge<'a> {
    /// The one that will not take place.
    pub from: RegistrationId,
    /// The one that takes the people in.
    pub into: RegistrationId,
    /// Why, in words for those who are carried over.
    pub reason: &'a str,
}

/// Who was carried over, in order; each is told once how they stand now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// With a seat.
    pub seated: Vec<EnrolmentId>,
    /// In the queue, or waiting for their unit.
    pub waiting: Vec<EnrolmentId>,
}

/// Carries the people of a registration into another one of the same owner kind: those with seats
/// first, then the queue, each in its order, behind whoever waits there. Seats are given as far as they
/// are free; the rest wait. Who has promised the new time elsewhere keeps the seat and is told of the
/// clash. Whoever stands or stood in the other one already is left where they are: the owner cancels
/// `from` next, which tells them.
///
/// # Errors
/// The phase's refusal when the other one takes nobody in any more.
pub async fn merge(
    tx: &WriteTx,
    ctx: &Context,
    owners: &Owners,
    by: PersonId,
    merge: Merge<'_>,
) -> Result<Carried> {
    // In the order of ids, so that two merges in opposite directions take turns.
    let (from, mut into) = if merge.from.0 < merge.into.0 {
        let from = Locked::take(tx, merge.from).await?;
        (from, Locked::take(tx, merge.into).await?)
    } else {
        let into = Locked::take(tx, merge.into).await?;
        (Locked::take(tx, merge.from).await?, into)
    };
    match into.phase(tx) {
        Phase::Before => {}
        other => rules::may_enrol(other)?,
    }
    let mut rows = store::standing_at(tx.db(), merge.from, &STANDING).await?;
    rows.sort_by_key(|row| (turn(row.state), row.arrival));
    board::lock_people(tx, rows.iter().map(|row| row.person_id)).await?;
    // A calendar takes the entry only with a higher number than it has seen.
    let sequence = from.row.calendar_sequence.max(into.row.calendar_sequence);
    into.set(tx, |row| row.calendar_sequence = Set(sequence))
        .await?;
    let mut carried = Carried::default();
    for row in rows {
        let there = store::of_person(tx.db(), merge.into, row.person_id).await?;
        if there.is_some() {
            continue;
        }
        let row = carry(tx, ctx, owners, &from, &mut into, row, merge.reason).await?;
        match row.state {
            EnrolmentState::Enrolled => carried.seated.push(row.id),
            _ => carried.waiting.push(row.id),
        }
    }
    audit::record(
        tx,
        audit::Entry {
            actor: Some(by),
            action: "registration.merge",
            subject_kind: "registration",
            subject_id: Some(merge.from.0),
            details: json!({
                "into": merge.into,
                "seated": carried.seated.len(),
                "waiting": carried.waiting.len(),
            }),
        },
    )
    .await?;
    Ok(carried)
}

/// Who is carried over first.
fn turn(state: EnrolmentState) -> u8 {
    match state {
        EnrolmentState::Enrolled => 0,
        EnrolmentState::Offered => 1,
        EnrolmentState::Waiting => 2,
        _ => 3,
    }
}

async fn carry(
    tx: &WriteTx,
    ctx: &Context,
    owners: &Owners,
    from: &Locked,
    into: &mut Locked,
    row: enrolment::Model,
    reason: &str,
) -> Result<enrolment::Model> {
    let had_seat = row.state == EnrolmentState::Enrolled;
    forget(tx, row.id).await?;
    let admission = into.counts(tx).await?.admit(into.limits(), &key(&row));
    let state = match (row.state, admission) {
        (EnrolmentState::AwaitingUnit, _) => EnrolmentState::AwaitingUnit,
        (_, Admission::Seat) => EnrolmentState::Enrolled,
        _ => EnrolmentState::Waiting,
    };
    let clash = retime(tx, from, into, &row, state).await?;
    let arrival = into.arrive(tx).await?;
    let changed = enrolment::ActiveModel {
        id: Set(row.id),
        registration_id: Set(into.row.id),
        state: Set(state),
        arrival: Set(arrival),
        waited: Set(row.waited || state == EnrolmentState::Waiting),
        clash: Set(clash),
        enrolled_at: Set(match state {
            EnrolmentState::Enrolled => row.enrolled_at.or(Some(tx.now())),
            _ => None,
        }),
        rounds: Set(row.rounds + 1),
        ..Default::default()
    };
    let row = board::set(tx, changed).await?;
    tell(tx, &from.matter(), into, &row, had_seat, admission, reason).await?;
    if state == EnrolmentState::Enrolled {
        let event = RegistrationEvent::Enrolled(row.id);
        owners.tell(tx, ctx, &into.row, event).await?;
    }
    Ok(row)
}

/// What was kept for the person, and mails that have not left, are no longer true.
async fn forget(tx: &WriteTx, row: EnrolmentId) -> Result<()> {
    leave::forget_mails(tx, row).await?;
    mail::outbox::cancel(tx, mails::Enrolled::KIND, row.0).await?;
    seats::end_offer(tx, row, OfferState::Withdrawn).await
}

/// Gives the former time back and takes the new one; what clashes, in words.
async fn retime(
    tx: &WriteTx,
    from: &Locked,
    into: &Locked,
    row: &enrolment::Model,
    state: EnrolmentState,
) -> Result<String> {
    let former: &[sitting::Model] = &from.sittings;
    if state == EnrolmentState::Enrolled {
        return move_time(tx, into, former, row).await;
    }
    if row.state == EnrolmentState::Enrolled {
        from.give_time_back(tx, row.person_id).await?;
    }
    Ok(String::new())
}

async fn tell(
    tx: &WriteTx,
    former: &Matter,
    into: &Locked,
    row: &enrolment::Model,
    had_seat: bool,
    admission: Admission,
    reason: &str,
) -> Result<()> {
    let person = people::get(tx.db(), row.person_id).await?;
    let place = store::waiting_before(tx.db(), row).await? + 1;
    let seated = row.state == EnrolmentState::Enrolled;
    let letter = mails::Merged {
        matter: into.matter(),
        former: former.clone(),
        link: Key::of(row, &person.name),
        state: row.state,
        place,
        unit_full: admission == Admission::QueueUnit,
        clash: row.clash.clone(),
        reason: reason.to_owned(),
        // The entry of a seat that is lost goes out of the calendar.
        entry: (seated || had_seat).then(|| into.entry(row.id, !seated)),
    };
    mails::send(
        tx,
        row,
        &person,
        &letter.matter,
        Options::default(),
        &letter,
    )
    .await
}
