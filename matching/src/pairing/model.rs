//! The pairing problem and its answer, as plain data. Parties, offers and wishes are numbered from 0;
//! every score and price is an integer in millionths.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Somebody who gives and receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Party {
    /// Visits received less visits given before this problem.
    pub balance: i64,
}

/// What a party gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Whose it is.
    pub party: usize,
    /// How many wishes it can meet.
    pub rounds: u32,
}

/// What a party would like to receive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Whose it is.
    pub party: usize,
    /// The offers that can meet it; what is not listed cannot.
    pub pairs: Vec<Pair>,
}

/// An offer that can meet a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Index of the offer.
    pub offer: usize,
    /// How well it does.
    pub score: i64,
}

/// Who may visit whom, and at what price.
///
/// The total to maximise is: scores of the pairs chosen, minus `unmet_price` for each wish that is
/// left, minus `balance_price × b²` for each party, `b` being its balance with the pairs chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problem {
    /// Who gives and receives.
    pub parties: Vec<Party>,
    /// What is given.
    pub offers: Vec<Offer>,
    /// What is asked for.
    pub wishes: Vec<Wish>,
    /// What a wish that is left costs: high, and as many as possible are met before anything else.
    pub unmet_price: i64,
    /// What the square of a party's balance costs.
    pub balance_price: i64,
}

/// The proof of an optimum: prices, and nothing that a checker would have to believe.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Prices {
    /// What one visit more costs each party that receives it, and earns the one that gives it.
    pub parties: Vec<i64>,
    /// What a round of each offer costs; not negative.
    pub offers: Vec<i64>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// The offer that meets each wish.
    pub chosen: Vec<Option<usize>>,
    /// What it is worth.
    pub total: i64,
    /// The proof that nothing is worth more.
    pub prices: Prices,
}

/// Why a problem cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// An offer names a party that is not there.
    Offer(usize),
    /// A wish names a party or an offer that is not there, an offer of its own party, or one twice.
    Wish(usize),
    /// A price, score or balance is negative or beyond [`LIMIT`].
    Number,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offer(offer) => write!(f, "offer {offer}: no such party"),
            Self::Wish(wish) => write!(f, "wish {wish}: no such party, or a pair that cannot be"),
            Self::Number => write!(f, "a number is out of range"),
        }
    }
}

impl std::error::Error for Invalid {}

/// No score or price is greater, so that no sum overflows.
pub const LIMIT: i64 = 1_000_000_000_000;
/// No balance is greater, either way.
const MOST_BALANCE: i64 = 100_000;

impl Problem {
    /// Checks indices and numbers; every entry point calls it first.
    ///
    /// # Errors
    /// The first thing wrong.
    pub fn check(&self) -> Result<(), Invalid> {
        let parties = self.parties.len();
        let priced = [self.unmet_price, self.balance_price];
        let balances = self.parties.iter().map(|party| party.balance.abs());
        if priced.iter().any(|price| !(0..=LIMIT).contains(price))
            || self.balance_price > LIMIT / MOST_BALANCE
            || balances.max().unwrap_or(0) > MOST_BALANCE
        {
            return Err(Invalid::Number);
        }
        for (number, offer) in self.offers.iter().enumerate() {
            if offer.party >= parties {
                return Err(Invalid::Offer(number));
            }
        }
        let mut seen = vec![usize::MAX; self.offers.len()];
        for (number, wish) in self.wishes.iter().enumerate() {
            if wish.party >= parties {
                return Err(Invalid::Wish(number));
            }
            for pair in &wish.pairs {
                let sound = self
                    .offers
                    .get(pair.offer)
                    .is_some_and(|offer| offer.party != wish.party);
                if !sound || seen[pair.offer] == number {
                    return Err(Invalid::Wish(number));
                }
                if !(0..=LIMIT).contains(&pair.score) {
                    return Err(Invalid::Number);
                }
                seen[pair.offer] = number;
            }
        }
        Ok(())
    }

    /// What a balance costs.
    pub(super) fn cost(&self, balance: i64) -> i64 {
        self.balance_price * balance * balance
    }
}
