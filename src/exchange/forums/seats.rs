//! The seats of a forum are a registration: what it is told.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use entity::{enrolment::EnrolmentState, forum, ids::RegistrationId};

use super::keep::Filing;
use crate::{
    foundation::{calendar::local_to_utc, context::Context, error::Result, store::WriteTx},
    registration::{self, Facts, NewRegistration, NewSitting, Participant},
};

/// The `owner_kind` of the registrations of forums.
pub(super) const FORUM: &str = "forum";

/// An instant by the office's clocks.
pub(super) fn at(ctx: &Context, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    local_to_utc(day.and_time(time), ctx.zone())
}

/// What the registration says: one sitting, from the first part of the programme to the last.
fn facts(
    ctx: &Context,
    row: &forum::Model,
    filing: &Filing,
    opens_at: DateTime<Utc>,
) -> (Facts, Vec<NewSitting>) {
    let first = filing.programme.iter().map(|part| part.from).min();
    let last = filing.programme.iter().map(|part| part.to).max();
    let sitting = |(from, to)| NewSitting {
        owner_ref: row.id.0,
        label: filing.title.clone(),
        from: at(ctx, filing.on, from),
        to: at(ctx, filing.on, to),
        place: filing.place.clone(),
    };
    let facts = Facts {
        title: filing.title.clone(),
        capacity: filing.capacity,
        per_unit: filing.per_unit,
        opens_at,
        closes_at: at(ctx, filing.closes_on + Days::new(1), NaiveTime::MIN),
        needs_unit_approval: false,
        open_form: true,
        questions: Vec::new(),
        place: filing.place.clone(),
        zone: ctx.zone(),
        contact: format!("{} {}", filing.contact_name, filing.contact_phone),
    };
    (facts, first.zip(last).map(sitting).into_iter().collect())
}

/// Opens the seats and shows them.
pub(super) async fn open(
    ctx: &Context,
    tx: &WriteTx,
    row: &forum::Model,
    filing: &Filing,
) -> Result<RegistrationId> {
    let (facts, sittings) = facts(ctx, row, filing, tx.now());
    let new = NewRegistration {
        owner_kind: FORUM,
        owner_id: row.id.0,
        facts,
        sittings,
    };
    let id = registration::open(tx, ctx, &new).await?;
    registration::publish(tx, id).await?;
    Ok(id)
}

/// Seats, times and place as they are from now on; whoever is concerned is told by the registration.
pub(super) async fn change(
    ctx: &Context,
    tx: &WriteTx,
    id: RegistrationId,
    row: &forum::Model,
    filing: &Filing,
) -> Result<()> {
    let known = registration::get(tx.db(), id).await?;
    let (facts, sittings) = facts(ctx, row, filing, known.opens_at);
    registration::change(tx, ctx, id, &facts, &sittings).await
}

/// Everybody who has a seat or waits for one.
pub(super) async fn concerned(tx: &WriteTx, id: RegistrationId) -> Result<Vec<Participant>> {
    let mut all = registration::participants(tx.db(), id, tx.now()).await?;
    all.retain(|one| {
        matches!(
            one.state,
            EnrolmentState::Enrolled | EnrolmentState::Waiting | EnrolmentState::Offered
        )
    });
    Ok(all)
}
