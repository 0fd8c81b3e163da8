//! A kept seat: taken, declined, or lapsed.

use entity::{
    enrolment::{self, EnrolmentState},
    ids::{EnrolmentId, PersonId, RegistrationId},
    seat_offer::{self, OfferState},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    board::{self, Locked},
    leave,
    mails::{self, Key},
    owners::Owners,
    rules::{self, Step},
    seats, store,
};
use crate::{
    accounts::audit,
    foundation::{
        context::Context,
        error::{Refusal, Result},
        mail::Options,
        store::WriteTx,
        ui::dates,
    },
    people,
};

/// Takes or declines the seat that is kept for an enrolment. Saying the same again changes nothing.
/// `by` is the contact or member of the group who answers for the person; none for the person.
///
/// # Errors
/// `registration.offer_lapsed` when the time ran out, with the instant; `registration.no_offer`; the
/// conflict `people.taken`.
pub async fn answer_offer(
    ctx: &Context,
    owners: &Owners,
    id: EnrolmentId,
    takes: bool,
    by: Option<PersonId>,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let (mut locked, row) = Locked::of_enrolment(&tx, id).await?;
    if takes && row.state == EnrolmentState::Enrolled
        || !takes && row.state == EnrolmentState::Cancelled
    {
        return Ok(());
    }
    if takes {
        take(&tx, ctx, owners, &mut locked, row).await?;
    } else {
        let note = "放弃候补名额";
        rules::next(row.state, Step::Decline)?;
        leave::leave_within(&tx, ctx, owners, &mut locked, row, Step::Decline, note).await?;
    }
    audit::record(
        &tx,
        audit::Entry {
            actor: by,
            action: "registration.answer_offer",
            subject_kind: "enrolment",
            subject_id: Some(id.0),
            details: serde_json::json!({ "takes": takes }),
        },
    )
    .await?;
    tx.commit().await
}

async fn take(
    tx: &WriteTx,
    ctx: &Context,
    owners: &Owners,
    locked: &mut Locked,
    row: enrolment::Model,
) -> Result<()> {
    let offer = store::last_offer(tx.db(), row.id).await?;
    let lapsed = offer.as_ref().is_some_and(|offer| {
        offer.state == OfferState::Lapsed
            || offer.state == OfferState::Open && offer.until <= tx.now()
    });
    if let (true, Some(offer)) = (lapsed, &offer) {
        let until = dates::deadline(offer.until, ctx.zone());
        return Err(Refusal::new("registration.offer_lapsed")
            .with("until", until)
            .into());
    }
    rules::next(row.state, Step::Take)?;
    seats::end_offer(tx, row.id, OfferState::Taken).await?;
    seats::seat(tx, ctx, owners, locked, row).await?;
    Ok(())
}

/// Lets offers lapse whose time is over, and offers the seats to the next. Returns how many lapsed.
///
/// # Errors
/// When the database fails.
pub async fn lapse_offers(ctx: &Context) -> Result<usize> {
    let due = seat_offer::Entity::find()
        .filter(seat_offer::Column::State.eq(OfferState::Open))
        .filter(seat_offer::Column::Until.lte(ctx.now()))
        .order_by_asc(seat_offer::Column::Until)
        .all(ctx.store.read())
        .await?;
    let mut registrations: Vec<RegistrationId> =
        due.iter().map(|offer| offer.registration_id).collect();
    registrations.sort();
    registrations.dedup();
    let mut lapsed = 0;
    for id in registrations {
        let tx = ctx.store.begin().await?;
        let locked = Locked::take(&tx, id).await?;
        for offer in store::offers(tx.db(), id).await? {
            if offer.state == OfferState::Open && offer.until <= tx.now() {
                lapse(&tx, &locked, &offer).await?;
                lapsed += 1;
            }
        }
        seats::fill(&tx, ctx, &locked).await?;
        tx.commit().await?;
    }
    Ok(lapsed)
}

async fn lapse(tx: &WriteTx, locked: &Locked, offer: &seat_offer::Model) -> Result<()> {
    let row = store::enrolment(tx.db(), offer.enrolment_id).await?;
    let state = rules::next(row.state, Step::Lapse)?;
    seats::end_offer(tx, row.id, OfferState::Lapsed).await?;
    let rounds = row.rounds + 1;
    let row = board::set(
        tx,
        enrolment::ActiveModel {
            id: Set(row.id),
            state: Set(state),
            ended_at: Set(Some(tx.now())),
            rounds: Set(rounds),
            ..Default::default()
        },
    )
    .await?;
    let person = people::get(tx.db(), row.person_id).await?;
    let matter = locked.matter();
    let letter = mails::Lapsed {
        link: Key::of(&row, &person.name),
        matter: matter.clone(),
    };
    mails::send(tx, &row, &person, &matter, Options::default(), &letter).await
}
