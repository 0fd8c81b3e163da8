//! Bringing wishes and offers together: relevance by domains and words, days that fit, and the exact
//! pairing that keeps what units give and receive even.

use std::collections::HashMap;

use chrono::NaiveDate;
use matching::{
    pairing::{self, Offer, Pair, Party, Problem, Wish},
    relevance::{ExpertText, Index, RequestText, Scored, Synonyms, Weights},
};

use super::{
    facts::{Facts, OfferFacts, WishFacts},
    rules,
};
use crate::{
    foundation::{
        calendar::WorkingCalendar,
        config::{ExchangeConfig, MatchingConfig},
        error::{Error, Result},
    },
    panels::texts,
};

/// One point of relevance in the engine's unit.
const POINT: f64 = 1_000_000.0;
/// What a wish that is left costs: more than any gain in relevance or evenness could outweigh, so as
/// many wishes as possible are met.
const UNMET_PRICE: i64 = 1_000_000_000;

/// A wish with the offer that is to meet it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Position of the wish in the facts.
    pub wish: usize,
    /// Position of the offer.
    pub offer: usize,
    /// First and last day.
    pub days: (NaiveDate, NaiveDate),
    /// How well they fit, with the reasons.
    pub scored: Scored,
}

/// Why no offer is proposed for a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// No other unit offers anything.
    NoOffers,
    /// Offers there are, none about this.
    NoDomain,
    /// Offers about this there are, so many, none with days or places that fit.
    NoDays(usize),
    /// All that would fit, so many, go to others.
    Taken(usize),
}

/// The result of pairing.
#[derive(Clone, Debug, PartialEq)]
pub struct Pairing {
    /// What is proposed, in the order of the wishes.
    pub proposals: Vec<Proposal>,
    /// Wishes without a proposal, by position, with the reason.
    pub unmet: Vec<(usize, Unmet)>,
}

/// Pairs everything that is there. The result is checked by prices before it is given out: no other
/// pairing is worth more.
///
/// # Errors
/// [`Error::Internal`] when the check fails.
pub fn pair(
    facts: &Facts,
    today: NaiveDate,
    calendar: &WorkingCalendar,
    exchange: &ExchangeConfig,
    matching: &MatchingConfig,
) -> Result<Pairing> {
    let least = (exchange.min_relevance * POINT) as u32;
    let index = index(facts, matching);
    let mut sights = Vec::with_capacity(facts.wishes.len());
    for wish in &facts.wishes {
        let scores = index.scores(&request(wish));
        sights.push(Sight::of(facts, wish, &scores, least, today, calendar));
    }
    let (problem, parties) = problem(facts, &sights, exchange);
    let solution = pairing::solve(&problem).map_err(Error::internal)?;
    let proved =
        pairing::verify(&problem, &solution.chosen, &solution.prices).map_err(Error::internal)?;
    if proved.gap() != 0 {
        return Err(Error::internal(format!(
            "the pairing of {} units is {} short of its bound",
            parties,
            proved.gap()
        )));
    }
    let mut result = Pairing {
        proposals: Vec::new(),
        unmet: Vec::new(),
    };
    for (wish, choice) in solution.chosen.iter().enumerate() {
        let proposal = choice.and_then(|offer| {
            let days = sights[wish]
                .fitting
                .iter()
                .find(|one| one.offer == offer)?
                .days;
            let scored = index.explain(&request(&facts.wishes[wish]), offer)?;
            Some(Proposal {
                wish,
                offer,
                days,
                scored,
            })
        });
        match proposal {
            Some(proposal) => result.proposals.push(proposal),
            None => result.unmet.push((wish, sights[wish].unmet())),
        }
    }
    Ok(result)
}

/// An offer that can meet a wish.
struct Fit {
    offer: usize,
    score: u32,
    days: (NaiveDate, NaiveDate),
}

/// What a wish sees of the offers.
#[derive(Default)]
struct Sight {
    fitting: Vec<Fit>,
    foreign: usize,
    relevant: usize,
}

impl Sight {
    fn of(
        facts: &Facts,
        wish: &WishFacts,
        scores: &[u32],
        least: u32,
        today: NaiveDate,
        calendar: &WorkingCalendar,
    ) -> Self {
        let mut sight = Self::default();
        for (number, offer) in facts.offers.iter().enumerate() {
            if offer.row.unit_id == wish.row.unit_id {
                continue;
            }
            sight.foreign += 1;
            if scores[number] < least {
                continue;
            }
            sight.relevant += 1;
            if let Some(days) = stay(facts, offer, wish, today, calendar) {
                sight.fitting.push(Fit {
                    offer: number,
                    score: scores[number],
                    days,
                });
            }
        }
        sight
    }

    fn unmet(&self) -> Unmet {
        match (self.foreign, self.relevant, self.fitting.len()) {
            (0, ..) => Unmet::NoOffers,
            (_, 0, _) => Unmet::NoDomain,
            (_, relevant, 0) => Unmet::NoDays(relevant),
            (_, _, fitting) => Unmet::Taken(fitting),
        }
    }
}

/// The days on which people of a wish could stay by an offer; none when it cannot be.
fn stay(
    facts: &Facts,
    offer: &OfferFacts,
    wish: &WishFacts,
    today: NaiveDate,
    calendar: &WorkingCalendar,
) -> Option<(NaiveDate, NaiveDate)> {
    let declined = facts.declined.contains(&(offer.row.id, wish.row.id));
    let fits = usize::try_from(offer.row.places).is_ok_and(|places| wish.people.len() <= places);
    if declined || !fits {
        return None;
    }
    rules::earliest_stay(
        [
            (offer.row.from_date, offer.row.to_date),
            (wish.row.from_date, wish.row.to_date),
        ],
        wish.row.days,
        today,
        &wish.busy,
        calendar,
    )
}

fn problem(facts: &Facts, sights: &[Sight], exchange: &ExchangeConfig) -> (Problem, usize) {
    let mut numbers = HashMap::new();
    let mut parties = Vec::new();
    let mut party = |unit| {
        *numbers.entry(unit).or_insert_with(|| {
            let balance = facts.balances.get(&unit).copied().unwrap_or_default();
            parties.push(Party {
                balance: balance.received - balance.given,
            });
            parties.len() - 1
        })
    };
    let offers = facts
        .offers
        .iter()
        .map(|offer| Offer {
            party: party(offer.row.unit_id),
            rounds: offer.left,
        })
        .collect();
    let wishes = facts
        .wishes
        .iter()
        .zip(sights)
        .map(|(wish, sight)| Wish {
            party: party(wish.row.unit_id),
            pairs: sight
                .fitting
                .iter()
                .map(|fit| Pair {
                    offer: fit.offer,
                    score: i64::from(fit.score),
                })
                .collect(),
        })
        .collect();
    let count = parties.len();
    let problem = Problem {
        parties,
        offers,
        wishes,
        unmet_price: UNMET_PRICE,
        balance_price: (exchange.balance_price * POINT) as i64,
    };
    (problem, count)
}

fn index(facts: &Facts, config: &MatchingConfig) -> Index {
    let texts: Vec<_> = facts
        .offers
        .iter()
        .map(|offer| ExpertText {
            unit_scope: facts
                .units
                .get(&offer.row.unit_id)
                .map(|unit| format!("{} {}", unit.name, unit.scope))
                .unwrap_or_default(),
            domains: codes(&offer.row.domains),
            keywords: texts(&offer.row.keywords),
            works: vec![offer.row.title.clone(), offer.row.description.clone()],
            bio: String::new(),
        })
        .collect();
    let weights = Weights {
        text: config.text as f32,
        codes: config.codes as f32,
        keywords: config.keywords as f32,
        unit: config.unit as f32,
        ..Weights::default()
    };
    Index::build(&texts, &weights, &Synonyms::starting())
}

fn request(wish: &WishFacts) -> RequestText {
    RequestText {
        title: wish.row.title.clone(),
        body: wish.row.description.clone(),
        domains: codes(&wish.row.domains),
        keywords: texts(&wish.row.keywords),
    }
}

fn codes(list: &serde_json::Value) -> Vec<matching::relevance::Code> {
    texts(list)
        .iter()
        .filter_map(|text| text.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests;
