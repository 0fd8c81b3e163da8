//! A pair becomes a visit, with terms that wait for the approval of both units.

use std::collections::BTreeSet;

use entity::{
    ids::{PersonId, VisitId, VisitOfferId, VisitWishId},
    visit::{self, VisitState},
    visit_offer::{self, PostingState},
    visit_terms::{self, TermsState},
    visit_wish, visitor,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::{facts, mails, matter, rules, store, terms::Terms};
use crate::{
    exchange::events,
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        numbers,
        store::WriteTx,
    },
    units,
};

/// A pair to be proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedPair {
    /// The offer.
    pub offer: VisitOfferId,
    /// The wish.
    pub wish: VisitWishId,
    /// Why, in lines of office words.
    pub reasons: Vec<String>,
}

/// Proposes pairs, all of them or none. Every rule is looked at again under the locks of the
/// postings, and the days are those that fit now.
///
/// # Errors
/// A conflict `exchange.pair_stale` that names the pair which no longer fits; `exchange.own_unit`.
pub async fn propose(ctx: &Context, by: PersonId, pairs: &[ProposedPair]) -> Result<Vec<VisitId>> {
    let tx = ctx.store.begin().await?;
    // Always in the same order, so that two who propose at once do not wait for each other.
    let offers: BTreeSet<_> = pairs.iter().map(|pair| pair.offer).collect();
    let wishes: BTreeSet<_> = pairs.iter().map(|pair| pair.wish).collect();
    for offer in offers {
        store::lock_offer(&tx, offer).await?;
    }
    for wish in wishes {
        store::lock_wish(&tx, wish).await?;
    }
    let mut visits = Vec::with_capacity(pairs.len());
    for pair in pairs {
        visits.push(propose_one(ctx, &tx, by, pair).await?);
    }
    tx.commit().await?;
    Ok(visits)
}

async fn propose_one(
    ctx: &Context,
    tx: &WriteTx,
    by: PersonId,
    pair: &ProposedPair,
) -> Result<VisitId> {
    let offer = store::offer(tx.db(), pair.offer).await?;
    let wish = store::wish(tx.db(), pair.wish).await?;
    let people = store::wish_people(tx.db(), &[wish.id]).await?;
    let persons: Vec<_> = people.iter().map(|row| row.person_id).collect();
    let days = stay(ctx, tx, &offer, &wish, &persons).await?;
    let id: VisitId = tx.id();
    let year = ctx.year();
    let number = numbers::next(tx, "visit", year).await?;
    let visit = visit::ActiveModel {
        id: Set(id),
        number: Set(format!("HF-{year}-{number:04}")),
        offer_id: Set(offer.id),
        wish_id: Set(wish.id),
        sending_unit_id: Set(wish.unit_id),
        host_unit_id: Set(offer.unit_id),
        state: Set(VisitState::Proposed),
        title: Set(wish.title.clone()),
        reasons: Set(json!(pair.reasons)),
        agreed_version: Set(None),
        calendar_sequence: Set(0),
        left_on: Set(None),
        back_on: Set(None),
        returned_at: Set(None),
        report_due: Set(None),
        end_note: Set(String::new()),
        ended_by_unit: Set(None),
        closed_at: Set(None),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
    }
    .insert(tx.db())
    .await?;
    let mut named = Vec::with_capacity(people.len());
    for row in people {
        let visitor = visitor::Model {
            id: tx.id(),
            visit_id: id,
            person_id: row.person_id,
            position: row.position,
            generation: 1,
            coming: false,
            departed_at: None,
            arrived_at: None,
        };
        named.push(visitor.id);
        visitor::Entity::insert(visitor::ActiveModel::from(visitor))
            .exec_without_returning(tx.db())
            .await?;
    }
    let mut first = visit_terms::ActiveModel {
        id: Set(tx.id()),
        visit_id: Set(id),
        version: Set(1),
        state: Set(TermsState::Pending),
        visitors: Set(json!(named)),
        reason: Set(String::new()),
        proposed_by: Set(Some(by)),
        proposed_unit: Set(None),
        proposed_at: Set(tx.now()),
        sending_by: Set(None),
        sending_at: Set(None),
        host_by: Set(None),
        host_at: Set(None),
        ..Default::default()
    };
    Terms::first(&offer, &wish, days).set(&mut first);
    let terms = first.insert(tx.db()).await?;
    let event = events::note(tx, matter(id), Some(by), "exchange.proposed", "").await?;
    let facts = mails::Facts::of(tx.db(), &visit, &terms).await?;
    mails::to_unit::<mails::Proposed>(tx, &facts, visit.sending_unit_id, event, &[]).await?;
    mails::to_unit::<mails::Proposed>(tx, &facts, visit.host_unit_id, event, &[]).await?;
    Ok(id)
}

/// The days of a pair, when it fits now.
async fn stay(
    ctx: &Context,
    tx: &WriteTx,
    offer: &visit_offer::Model,
    wish: &visit_wish::Model,
    people: &[PersonId],
) -> Result<(chrono::NaiveDate, chrono::NaiveDate)> {
    if offer.unit_id == wish.unit_id {
        let unit = units::get(tx.db(), offer.unit_id).await?.name;
        return Err(Refusal::new("exchange.own_unit").with("unit", unit).into());
    }
    let visits = store::of_postings(tx.db(), &[offer.id], &[wish.id]).await?;
    let live = |visit: &&visit::Model| rules::is_live(visit.state);
    let of_offer = visits
        .iter()
        .filter(live)
        .filter(|row| row.offer_id == offer.id);
    let open = [offer.state, wish.state] == [PostingState::Open; 2];
    let room = i32::try_from(of_offer.count()).is_ok_and(|used| used < offer.rounds);
    let free = !visits.iter().filter(live).any(|row| row.wish_id == wish.id);
    let places = i32::try_from(people.len()).is_ok_and(|heads| heads <= offer.places);
    let busy: Vec<_> = facts::busy_days(tx.db(), ctx, people, (wish.from_date, wish.to_date))
        .await?
        .into_iter()
        .map(|(_, span)| span)
        .collect();
    let days = rules::earliest_stay(
        [
            (offer.from_date, offer.to_date),
            (wish.from_date, wish.to_date),
        ],
        wish.days,
        ctx.today(),
        &busy,
        &ctx.calendar(),
    );
    match days {
        Some(days) if open && room && free && places => Ok(days),
        _ => Err(Error::Conflict(
            Refusal::new("exchange.pair_stale")
                .with("wish", &wish.number)
                .with("offer", &offer.number),
        )),
    }
}
