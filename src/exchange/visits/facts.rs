//! What pairing looks at, read at one moment.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use entity::{
    ids::{PersonId, UnitId, VisitOfferId, VisitWishId},
    unit, visit_offer, visit_wish,
};
use sea_orm::ConnectionTrait;

use super::{
    balance::{self, Balance},
    rules, store,
};
use crate::{
    foundation::{calendar::local_to_utc, context::Context, error::Result, ui::dates},
    people, units,
};

/// An offer that has rounds left.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferFacts {
    /// The offer.
    pub row: visit_offer::Model,
    /// Rounds that no visit has taken yet.
    pub left: u32,
}

/// A wish that no visit meets yet.
#[derive(Clone, Debug, PartialEq)]
pub struct WishFacts {
    /// The wish.
    pub row: visit_wish::Model,
    /// Who is to go.
    pub people: Vec<PersonId>,
    /// Days on which one of them has promised something else.
    pub busy: Vec<(NaiveDate, NaiveDate)>,
}

/// Everything that pairing looks at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Offers with rounds left, the oldest first.
    pub offers: Vec<OfferFacts>,
    /// Wishes that are not met, the oldest first.
    pub wishes: Vec<WishFacts>,
    /// All units by id.
    pub units: HashMap<UnitId, unit::Model>,
    /// What units have given and received.
    pub balances: HashMap<UnitId, Balance>,
    /// Pairs that a unit has declined or withdrawn before.
    pub declined: HashSet<(VisitOfferId, VisitWishId)>,
}

impl Facts {
    /// Name of a unit.
    pub fn unit_name(&self, id: UnitId) -> &str {
        self.units.get(&id).map_or("", |unit| &unit.name)
    }
}

/// Reads the facts.
///
/// # Errors
/// When the database fails.
pub async fn facts(ctx: &Context) -> Result<Facts> {
    let db = ctx.store.read();
    let (offers, wishes) = (store::open_offers(db).await?, store::open_wishes(db).await?);
    let offer_ids: Vec<_> = offers.iter().map(|row| row.id).collect();
    let wish_ids: Vec<_> = wishes.iter().map(|row| row.id).collect();
    let visits = store::of_postings(db, &offer_ids, &wish_ids).await?;
    let mut taken: HashMap<VisitOfferId, u32> = HashMap::new();
    let mut met = HashSet::new();
    let mut declined = HashSet::new();
    for visit in &visits {
        if rules::is_live(visit.state) {
            *taken.entry(visit.offer_id).or_default() += 1;
            met.insert(visit.wish_id);
        } else {
            declined.insert((visit.offer_id, visit.wish_id));
        }
    }
    let wishes: Vec<_> = wishes
        .into_iter()
        .filter(|row| !met.contains(&row.id))
        .collect();
    Ok(Facts {
        offers: offers
            .into_iter()
            .map(|row| OfferFacts {
                left: row
                    .rounds
                    .max(0)
                    .unsigned_abs()
                    .saturating_sub(taken.get(&row.id).copied().unwrap_or(0)),
                row,
            })
            .filter(|offer| offer.left > 0)
            .collect(),
        wishes: with_people(ctx, wishes).await?,
        units: units::all(db)
            .await?
            .into_iter()
            .map(|unit| (unit.id, unit))
            .collect(),
        balances: balance::all(db, ctx.today(), ctx.config.exchange.balance_years).await?,
        declined,
    })
}

/// Adds to wishes who is to go, and when they are busy.
async fn with_people(ctx: &Context, rows: Vec<visit_wish::Model>) -> Result<Vec<WishFacts>> {
    let db = ctx.store.read();
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut people: HashMap<VisitWishId, Vec<PersonId>> = HashMap::new();
    for row in store::wish_people(db, &ids).await? {
        people.entry(row.wish_id).or_default().push(row.person_id);
    }
    let everybody: Vec<_> = people.values().flatten().copied().collect();
    let from = rows.iter().map(|row| row.from_date).min();
    let to = rows.iter().map(|row| row.to_date).max();
    let busy = match from.zip(to) {
        Some(span) => busy_days(db, ctx, &everybody, span).await?,
        None => Vec::new(),
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let people = people.remove(&row.id).unwrap_or_default();
            WishFacts {
                busy: busy
                    .iter()
                    .filter(|(person, _)| people.contains(person))
                    .map(|(_, span)| *span)
                    .collect(),
                people,
                row,
            }
        })
        .collect())
}

/// Days on which these people have promised something, within a span of days.
pub(super) async fn busy_days<C: ConnectionTrait>(
    db: &C,
    ctx: &Context,
    people: &[PersonId],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(PersonId, (NaiveDate, NaiveDate))>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let zone = ctx.zone();
    let start = local_to_utc(from.and_time(chrono::NaiveTime::MIN), zone);
    let end = local_to_utc((to + Days::new(1)).and_time(chrono::NaiveTime::MIN), zone);
    Ok(people::commitments::between(db, people, start, end)
        .await?
        .into_iter()
        .map(|row| {
            // What ends at midnight does not take the day that begins then.
            let last = row.to_at - chrono::Duration::microseconds(1);
            let days = (
                dates::local_date(row.from_at, zone),
                dates::local_date(last, zone),
            );
            (row.person_id, days)
        })
        .collect())
}
