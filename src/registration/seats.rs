//! Seats given and kept: what happens to an enrolment when the rules have decided.

use chrono::TimeDelta;
use entity::{
    enrolment::{self, EnrolmentState},
    ids::{EnrolmentId, OfferId, PersonId},
    person,
    seat_offer::{self, OfferState},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    board::{self, Locked, key},
    mails::{self, Key},
    owners::{Owners, RegistrationEvent},
    rules::{self, Admission, OfferSpans, Phase, Step},
    store,
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

/// Gives a seat to an enrolment that stands in the registration already: its time is taken, the
/// person told, the owner told.
///
/// # Errors
/// The conflict `people.taken`.
pub(super) async fn seat(
    tx: &WriteTx,
    ctx: &Context,
    owners: &Owners,
    locked: &mut Locked,
    row: enrolment::Model,
) -> Result<enrolment::Model> {
    locked.take_time(tx, row.person_id).await?;
    locked.next_sequence(tx).await?;
    let rounds = row.rounds + 1;
    let row = board::set(
        tx,
        enrolment::ActiveModel {
            id: Set(row.id),
            state: Set(EnrolmentState::Enrolled),
            enrolled_at: Set(Some(tx.now())),
            ended_at: Set(None),
            end_note: Set(String::new()),
            rounds: Set(rounds),
            ..Default::default()
        },
    )
    .await?;
    let person = people::get(tx.db(), row.person_id).await?;
    tell_enrolled(tx, locked, &row, &person).await?;
    owners
        .tell(tx, ctx, &locked.row, RegistrationEvent::Enrolled(row.id))
        .await?;
    Ok(row)
}

/// Mails the seat with its calendar entry.
pub(super) async fn tell_enrolled(
    tx: &WriteTx,
    locked: &Locked,
    row: &enrolment::Model,
    person: &person::Model,
) -> Result<()> {
    let matter = locked.matter();
    let letter = mails::Enrolled {
        link: Key::of(row, &person.name),
        entry: locked.entry(row.id, false),
        matter: matter.clone(),
    };
    mails::send(tx, row, person, &matter, Options::default(), &letter).await
}

/// Mails the place in the queue, and why.
pub(super) async fn tell_waiting(
    tx: &WriteTx,
    locked: &Locked,
    row: &enrolment::Model,
    person: &person::Model,
    why: Admission,
    before: i64,
) -> Result<()> {
    let matter = locked.matter();
    let letter = mails::Waiting {
        link: Key::of(row, &person.name),
        place: before + 1,
        unit_full: why == Admission::QueueUnit,
        matter: matter.clone(),
    };
    mails::send(tx, row, person, &matter, Options::default(), &letter).await
}

/// Offers free seats to those who wait, in the order of arrival, while people enrol. After the
/// closing nothing is offered by itself.
pub(super) async fn fill(tx: &WriteTx, ctx: &Context, locked: &Locked) -> Result<usize> {
    if locked.phase(tx) != Phase::Open {
        return Ok(0);
    }
    let mut counts = locked.counts(tx).await?;
    if counts.free(locked.limits()) == 0 || counts.at(EnrolmentState::Waiting) == 0 {
        return Ok(0);
    }
    let mut queue = store::standing_at(tx.db(), locked.row.id, &[EnrolmentState::Waiting]).await?;
    let mut made = 0;
    while let Some(next) = counts.next(locked.limits(), &queue, key).cloned() {
        queue.retain(|row| row.id != next.id);
        counts.moved(
            &key(&next),
            EnrolmentState::Waiting,
            EnrolmentState::Offered,
        );
        offer(tx, ctx, locked, next, None).await?;
        made += 1;
    }
    Ok(made)
}

/// Keeps a seat for somebody who waits.
///
/// # Errors
/// `registration.not_waiting`; `registration.begun` when no time is left.
pub(super) async fn offer(
    tx: &WriteTx,
    ctx: &Context,
    locked: &Locked,
    row: enrolment::Model,
    by: Option<PersonId>,
) -> Result<seat_offer::Model> {
    let state = rules::next(row.state, Step::Offer)?;
    let calendar = ctx.calendar();
    let hours = ctx.office_hours();
    let day: TimeDelta = hours.close - hours.open;
    let lasts = &ctx.config.registration;
    let spans = OfferSpans {
        usual: day * lasts.offer_working_days,
        late: TimeDelta::hours(lasts.late_offer_office_hours),
    };
    let until = rules::offer_until(
        &ctx.office(&calendar)?,
        spans,
        tx.now(),
        locked.phase(tx),
        locked.row.starts_at,
    );
    if until.value <= tx.now() {
        return Err(Refusal::new("registration.begun").into());
    }
    let offer = seat_offer::Model {
        id: tx.id::<OfferId>(),
        registration_id: locked.row.id,
        enrolment_id: row.id,
        state: OfferState::Open,
        made_at: tx.now(),
        until: until.value,
        provisional: until.provisional,
        made_by: by,
        ended_at: None,
    };
    seat_offer::Entity::insert(seat_offer::ActiveModel::from(offer.clone()))
        .exec_without_returning(tx.db())
        .await?;
    let rounds = row.rounds + 1;
    let row = board::set(
        tx,
        enrolment::ActiveModel {
            id: Set(row.id),
            state: Set(state),
            rounds: Set(rounds),
            ..Default::default()
        },
    )
    .await?;
    let person = people::get(tx.db(), row.person_id).await?;
    let matter = locked.matter();
    let letter = mails::Offer {
        link: Key::of(&row, &person.name),
        until: offer.until,
        provisional: offer.provisional,
        matter: matter.clone(),
    };
    let options = Options {
        urgent: locked.phase(tx) == Phase::After,
        expires_at: Some(offer.until),
        ..Options::default()
    };
    mails::send(tx, &row, &person, &matter, options, &letter).await?;
    Ok(offer)
}

/// Ends the offer that stands for an enrolment, if any, and takes back its mail.
pub(super) async fn end_offer(
    tx: &WriteTx,
    enrolment: EnrolmentId,
    state: OfferState,
) -> Result<()> {
    if let Some(offer) = store::open_offer(tx.db(), enrolment).await? {
        seat_offer::Entity::update(seat_offer::ActiveModel {
            id: Set(offer.id),
            state: Set(state),
            ended_at: Set(Some(tx.now())),
            ..Default::default()
        })
        .exec(tx.db())
        .await?;
    }
    Ok(())
}
