//! Opening a registration, and its way to the end. Owners call these in their own write.

use entity::{
    enrolment,
    ids::{PersonId, RegistrationId},
    registration::{self, RegistrationState},
    seat_offer::OfferState,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    board::{self, Locked, STANDING},
    change,
    facts::NewRegistration,
    leave, mails,
    rules::{self, Step},
    seats, store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Refusal, Result},
        mail::Options,
        store::WriteTx,
    },
    people,
};

/// Opens a registration as a draft.
///
/// # Errors
/// What [`rules::check`] refuses.
pub async fn open(tx: &WriteTx, _: &Context, new: &NewRegistration) -> Result<RegistrationId> {
    rules::check(&new.facts, &new.sittings)?;
    let id: RegistrationId = tx.id();
    let (starts_at, ends_at) = change::span(&new.facts, &new.sittings);
    let mut row = registration::ActiveModel {
        id: Set(id),
        owner_kind: Set(new.owner_kind.to_owned()),
        owner_id: Set(new.owner_id),
        state: Set(RegistrationState::Draft),
        starts_at: Set(starts_at),
        ends_at: Set(ends_at),
        arrivals: Set(0),
        calendar_sequence: Set(0),
        created_at: Set(tx.now()),
        published_at: Set(None),
        ..Default::default()
    };
    new.facts.set(&mut row)?;
    registration::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    change::add_sittings(tx, id, &new.sittings).await?;
    Ok(id)
}

/// Shows it: people enrol within its window. Twice changes nothing.
///
/// # Errors
/// `registration.no_sittings` while nobody knows when people sit; `registration.window_past` when
/// nobody could enrol any more; `registration.cancelled`, `registration.ended`.
pub async fn publish(tx: &WriteTx, id: RegistrationId) -> Result<()> {
    let mut locked = Locked::take(tx, id).await?;
    match locked.row.state {
        RegistrationState::Open => return Ok(()),
        RegistrationState::Draft | RegistrationState::Closed => {}
        RegistrationState::Ended => return Err(Refusal::new("registration.ended").into()),
        RegistrationState::Cancelled => return Err(Refusal::new("registration.cancelled").into()),
    }
    if locked.sittings.is_empty() {
        return Err(Refusal::new("registration.no_sittings").into());
    }
    if locked.row.closes_at <= tx.now() {
        return Err(Refusal::new("registration.window_past").into());
    }
    let first = locked.row.published_at.unwrap_or(tx.now());
    locked
        .set(tx, |row| {
            row.state = Set(RegistrationState::Open);
            row.published_at = Set(Some(first));
        })
        .await
}

/// Ends its window before the time. Twice changes nothing.
///
/// # Errors
/// `registration.not_open_yet`, `registration.ended`, `registration.cancelled`.
pub async fn close(tx: &WriteTx, id: RegistrationId) -> Result<()> {
    let mut locked = Locked::take(tx, id).await?;
    match locked.row.state {
        RegistrationState::Open => {
            locked
                .set(tx, |row| row.state = Set(RegistrationState::Closed))
                .await
        }
        RegistrationState::Closed => Ok(()),
        RegistrationState::Draft => Err(Refusal::new("registration.not_open_yet").into()),
        RegistrationState::Ended => Err(Refusal::new("registration.ended").into()),
        RegistrationState::Cancelled => Err(Refusal::new("registration.cancelled").into()),
    }
}

/// Notes that it has taken place. Attendance can still be corrected. Twice changes nothing.
///
/// # Errors
/// `registration.not_over` before the last sitting has begun, `registration.cancelled`.
pub async fn end(tx: &WriteTx, id: RegistrationId) -> Result<()> {
    let mut locked = Locked::take(tx, id).await?;
    if locked.row.state == RegistrationState::Cancelled {
        return Err(Refusal::new("registration.cancelled").into());
    }
    let last = locked.sittings.last().map(|sitting| sitting.from_at);
    if last.is_none_or(|last| last > tx.now()) {
        return Err(Refusal::new("registration.not_over").into());
    }
    locked
        .set(tx, |row| row.state = Set(RegistrationState::Ended))
        .await
}

/// It will not take place: everybody who stands in it is told, and has their time back. Twice
/// changes nothing.
///
/// # Errors
/// `registration.ended`.
pub async fn cancel(
    tx: &WriteTx,
    id: RegistrationId,
    by: Option<PersonId>,
    note: &str,
) -> Result<()> {
    let mut locked = Locked::take(tx, id).await?;
    match locked.row.state {
        RegistrationState::Cancelled => return Ok(()),
        RegistrationState::Ended => return Err(Refusal::new("registration.ended").into()),
        _ => {}
    }
    locked.next_sequence(tx).await?;
    locked
        .set(tx, |row| row.state = Set(RegistrationState::Cancelled))
        .await?;
    let standing = store::standing_at(tx.db(), id, &STANDING).await?;
    board::lock_people(tx, standing.iter().map(|row| row.person_id)).await?;
    for row in standing {
        call_off(tx, &locked, row, note).await?;
    }
    crate::accounts::audit::record(
        tx,
        crate::accounts::audit::Entry {
            actor: by,
            action: "registration.cancel",
            subject_kind: "registration",
            subject_id: Some(id.0),
            details: serde_json::json!({ "note": note }),
        },
    )
    .await?;
    Ok(())
}

/// Takes one person off a registration that is cancelled as a whole.
async fn call_off(tx: &WriteTx, locked: &Locked, row: enrolment::Model, note: &str) -> Result<()> {
    let seated = row.state == entity::enrolment::EnrolmentState::Enrolled;
    leave::forget_mails(tx, row.id).await?;
    seats::end_offer(tx, row.id, OfferState::Withdrawn).await?;
    if seated {
        locked.give_time_back(tx, row.person_id).await?;
    }
    let state = rules::next(row.state, Step::Cancel)?;
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
    let letter = mails::Cancelled {
        link: mails::Key::of(&row, &person.name),
        note: note.to_owned(),
        entry: seated.then(|| locked.entry(row.id, true)),
        matter: matter.clone(),
    };
    mails::send(tx, &row, &person, &matter, Options::default(), &letter).await
}
