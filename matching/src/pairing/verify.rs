//! The checker: proves an answer from the problem and its prices, and believes neither.
//!
//! Whatever price `p` a visit has for each party and `q ≥ 0` a round of each offer, no choice is
//! worth more than
//! `Σ parties: best (p·n − cost of the balance after n more)  +  Σ wishes: best pair net of prices  +  Σ offers: rounds·q`,
//! because what receivers pay, givers get.

use std::fmt;

use super::model::{Prices, Problem};

/// What checked prices prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proved {
    /// What the choice is worth.
    pub total: i64,
    /// No choice is worth more.
    pub bound: i64,
}

impl Proved {
    /// How much a better choice could gain at most; 0 means proved optimal.
    #[must_use]
    pub fn gap(&self) -> i64 {
        self.bound - self.total
    }
}

/// The first condition that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Violation {
    /// The problem cannot be read.
    Problem,
    /// A choice or a price is missing, or a price of an offer is below nothing.
    Malformed,
    /// A wish is met by an offer that cannot meet it.
    Wish(usize),
    /// An offer meets more wishes than it has rounds.
    Offer(usize),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem => write!(f, "the problem cannot be read"),
            Self::Malformed => write!(f, "a choice or price is missing"),
            Self::Wish(wish) => write!(f, "wish {wish} is met by an offer that cannot"),
            Self::Offer(offer) => write!(f, "offer {offer} meets more than it has rounds"),
        }
    }
}

impl std::error::Error for Violation {}

/// Checks a choice and the prices that are to prove it.
///
/// # Errors
/// The first violated condition. A choice that is allowed but not best is no error: see
/// [`Proved::gap`].
pub fn verify(
    problem: &Problem,
    chosen: &[Option<usize>],
    prices: &Prices,
) -> Result<Proved, Violation> {
    problem.check().map_err(|_| Violation::Problem)?;
    let complete = chosen.len() == problem.wishes.len()
        && prices.parties.len() == problem.parties.len()
        && prices.offers.len() == problem.offers.len();
    if !complete || prices.offers.iter().any(|price| *price < 0) {
        return Err(Violation::Malformed);
    }
    let mut met = vec![0; problem.offers.len()];
    for (wish, choice) in chosen.iter().enumerate() {
        if let Some(offer) = choice {
            let pairs = &problem.wishes[wish].pairs;
            if !pairs.iter().any(|pair| pair.offer == *offer) {
                return Err(Violation::Wish(wish));
            }
            met[*offer] += 1;
        }
    }
    let over = |offer: &usize| met[*offer] > problem.offers[*offer].rounds;
    if let Some(offer) = (0..met.len()).find(over) {
        return Err(Violation::Offer(offer));
    }
    Ok(Proved {
        total: total(problem, chosen),
        bound: bound(problem, prices),
    })
}

/// What a choice is worth.
pub(super) fn total(problem: &Problem, chosen: &[Option<usize>]) -> i64 {
    let mut balances: Vec<i64> = problem.parties.iter().map(|row| row.balance).collect();
    let mut total = 0;
    for (wish, choice) in problem.wishes.iter().zip(chosen) {
        let pair = choice.and_then(|offer| wish.pairs.iter().find(|pair| pair.offer == offer));
        match pair {
            Some(pair) => {
                total += pair.score;
                balances[wish.party] += 1;
                balances[problem.offers[pair.offer].party] -= 1;
            }
            None => total -= problem.unmet_price,
        }
    }
    total - balances.iter().map(|b| problem.cost(*b)).sum::<i64>()
}

fn bound(problem: &Problem, prices: &Prices) -> i64 {
    let mut receives = vec![0; problem.parties.len()];
    let mut gives = vec![0; problem.parties.len()];
    let mut bound = 0;
    for (offer, row) in problem.offers.iter().enumerate() {
        gives[row.party] += i64::from(row.rounds);
        bound += i64::from(row.rounds) * prices.offers[offer];
    }
    for wish in &problem.wishes {
        receives[wish.party] += 1;
        let net = |pair: &super::Pair| {
            let giver = problem.offers[pair.offer].party;
            pair.score - prices.parties[wish.party] + prices.parties[giver]
                - prices.offers[pair.offer]
        };
        let best = wish.pairs.iter().map(net).max().unwrap_or(i64::MIN);
        bound += best.max(-problem.unmet_price);
    }
    for (party, row) in problem.parties.iter().enumerate() {
        let price = prices.parties[party];
        let worth = |n: i64| price * n - problem.cost(row.balance + n);
        bound += (-gives[party]..=receives[party])
            .map(worth)
            .max()
            .unwrap_or(0);
    }
    bound
}
