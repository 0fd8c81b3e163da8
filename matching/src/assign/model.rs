//! The assignment problem and its answer, as plain data.
//!
//! Experts and requests are numbered from 0; the caller keeps the mapping to its own ids.
//! Every score and price is an integer in millionths.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What an expert is engaged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 技术.
    Technical,
    /// 标准化.
    Standardization,
    /// Neither: counts for no minimum.
    #[default]
    Other,
}

/// One expert of the pool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expert {
    /// Places this expert can hold in this problem, fixed ones included.
    pub capacity: u32,
    /// The unit the expert belongs to; any number that is equal for equal units.
    pub unit: u32,
    /// What the expert is engaged for.
    pub kind: Kind,
    /// Places served before this problem: the load price and ties start from it.
    pub service: u32,
    /// A number that stays with the expert (for example a hash of the id). Ties follow it and the
    /// seed, so that the order of the list decides nothing.
    pub key: u64,
}

/// One request for a panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Places wanted, fixed ones included.
    pub demand: u32,
    /// At most so many experts of one unit.
    pub max_per_unit: u32,
    /// At least so many places are kept for technical experts (an unfilled place counts as kept).
    pub min_technical: u32,
    /// At least so many places are kept for standardization experts.
    pub min_standardization: u32,
    /// What one unfilled place costs; see [`Problem::required_price`] for "must be filled".
    pub unfilled_price: i64,
    /// A number that stays with the request, like [`Expert::key`].
    pub key: u64,
}

/// One allowed expert of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Index of the expert.
    pub expert: u32,
    /// Relevance in millionths.
    pub score: i32,
}

/// The allowed pairs, row by row; a pair that is not listed is forbidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairs {
    starts: Vec<usize>,
    pairs: Vec<Pair>,
}

impl Default for Pairs {
    fn default() -> Self {
        Self {
            starts: vec![0],
            pairs: Vec::new(),
        }
    }
}

impl Pairs {
    /// An empty list with room for `pairs` pairs in `rows` rows.
    #[must_use]
    pub fn with_capacity(rows: usize, pairs: usize) -> Self {
        let mut starts = Vec::with_capacity(rows + 1);
        starts.push(0);
        Self {
            starts,
            pairs: Vec::with_capacity(pairs),
        }
    }

    /// Adds the row of the next request, in any order of experts.
    pub fn push_row(&mut self, row: impl IntoIterator<Item = Pair>) {
        self.pairs.extend(row);
        self.starts.push(self.pairs.len());
    }

    /// Rows from pairs in any order: `(request, pair)`, for `requests` requests. The triples are
    /// walked through twice.
    ///
    /// # Panics
    /// If a request is not below `requests`.
    #[must_use]
    pub fn from_triples(
        requests: usize,
        triples: impl ExactSizeIterator<Item = (u32, Pair)> + Clone,
    ) -> Self {
        let mut pairs = vec![
            Pair {
                expert: 0,
                score: 0
            };
            triples.len()
        ];
        let mut starts = vec![0; requests + 1];
        for (r, _) in triples.clone() {
            starts[r as usize + 1] += 1;
        }
        for r in 0..requests {
            starts[r + 1] += starts[r];
        }
        let mut next = starts.clone();
        for (r, pair) in triples {
            pairs[next[r as usize]] = pair;
            next[r as usize] += 1;
        }
        Self { starts, pairs }
    }

    /// The allowed experts of one request; empty if the row was never pushed.
    #[must_use]
    pub fn row(&self, request: usize) -> &[Pair] {
        match (self.starts.get(request), self.starts.get(request + 1)) {
            (Some(&from), Some(&to)) => &self.pairs[from..to],
            _ => &[],
        }
    }

    /// Rows pushed.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// All pairs of all rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is no pair at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Takes pairs out.
    pub fn remove(&mut self, links: &[Link]) {
        if links.is_empty() {
            return;
        }
        let gone: std::collections::HashSet<Link> = links.iter().copied().collect();
        let mut rest = Self::with_capacity(self.rows(), self.len());
        for request in 0..self.rows() {
            let stays = |p: &&Pair| {
                !gone.contains(&Link {
                    request,
                    expert: p.expert as usize,
                })
            };
            rest.push_row(self.row(request).iter().filter(stays).copied());
        }
        *self = rest;
    }

    /// The score of one pair, if it is allowed.
    #[must_use]
    pub fn score(&self, request: usize, expert: usize) -> Option<i32> {
        let found = self
            .row(request)
            .iter()
            .find(|p| p.expert as usize == expert);
        found.map(|p| p.score)
    }
}

/// Where the pairs of a request come from when they are too many to keep.
pub trait Rows: Sync {
    /// Appends all allowed pairs of a request to `row`, in any order but always the same ones.
    fn row(&self, request: usize, row: &mut Vec<Pair>);
}

/// A request and an expert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Link {
    /// Index of the request.
    pub request: usize,
    /// Index of the expert.
    pub expert: usize,
}

/// Who may serve where, and at what price.
///
/// The total to maximise is: scores of all pairs chosen, plus `stability_price` for each standing
/// pair kept that is not fixed, minus `load_price × (service + i)` for an expert's place number `i` (from 0), minus
/// each request's `unfilled_price` for each place left open. Fixed pairs take an expert's first places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problem {
    /// The pool.
    pub experts: Vec<Expert>,
    /// The panels wanted.
    pub requests: Vec<Request>,
    /// The allowed pairs, one row a request.
    pub pairs: Pairs,
    /// Pairs that stay whatever happens (accepted or pinned), exempt from every rule; a fixed pair
    /// need not be listed in `pairs` and then scores 0.
    pub fixed: Vec<Link>,
    /// Pairs proposed earlier and not yet accepted.
    pub standing: Vec<Link>,
    /// What keeping one standing pair is worth.
    pub stability_price: i64,
    /// Price of each place an expert already serves, charged on the next one.
    pub load_price: i64,
    /// Pairs below this score are not chosen.
    pub min_relevance: i32,
}

/// Why a problem cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Invalid {
    /// A pair, fixed pair or standing pair names an expert or a request that does not exist.
    Unknown {
        /// Index of the request.
        request: usize,
        /// Index of the expert.
        expert: usize,
    },
    /// A pair, fixed pair or standing pair is listed twice.
    Twice {
        /// Index of the request.
        request: usize,
        /// Index of the expert.
        expert: usize,
    },
    /// The minimums of a request are more than its demand.
    Composition {
        /// Index of the request.
        request: usize,
    },
    /// A price is negative or above [`MAX_PRICE`].
    Price {
        /// Index of the request, if it is a request's price.
        request: Option<usize>,
    },
    /// There are more rows than requests.
    Rows,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { request, expert } => {
                write!(
                    f,
                    "request {request}, expert {expert}: no such pair of indices"
                )
            }
            Self::Twice { request, expert } => {
                write!(f, "request {request}, expert {expert}: listed twice")
            }
            Self::Composition { request } => {
                write!(
                    f,
                    "request {request}: the minimums are more than the demand"
                )
            }
            Self::Price { request: Some(r) } => write!(f, "request {r}: price out of range"),
            Self::Price { request: None } => write!(f, "load or stability price out of range"),
            Self::Rows => write!(f, "more rows of pairs than requests"),
        }
    }
}

impl std::error::Error for Invalid {}

/// The largest price, in millionths (a million whole points).
pub const MAX_PRICE: i64 = 1_000_000_000_000;

impl Problem {
    /// Places wanted by all requests.
    #[must_use]
    pub fn places(&self) -> u64 {
        self.requests.iter().map(|r| u64::from(r.demand)).sum()
    }

    /// A price so high that as many places as possible are filled before any score counts.
    #[must_use]
    pub fn required_price(&self) -> i64 {
        let rows = (0..self.pairs.rows()).flat_map(|r| self.pairs.row(r));
        let best = rows.map(|p| i64::from(p.score).abs()).max().unwrap_or(0);
        let step = best + self.stability_price + self.load_price;
        let places = i64::try_from(self.places()).unwrap_or(i64::MAX);
        step.saturating_mul(places.saturating_add(1))
            .clamp(1, MAX_PRICE)
    }

    /// Checks indices, duplicates, minimums and prices; every entry point calls it first.
    ///
    /// # Errors
    /// The first thing wrong.
    pub fn check(&self) -> Result<(), Invalid> {
        let (n, m) = (self.experts.len(), self.requests.len());
        if self.pairs.rows() > m {
            return Err(Invalid::Rows);
        }
        for price in [self.load_price, self.stability_price] {
            if !(0..=MAX_PRICE).contains(&price) {
                return Err(Invalid::Price { request: None });
            }
        }
        let served = |e: &Expert| i64::from(e.service) + i64::from(e.capacity);
        let most = self.experts.iter().map(served).max().unwrap_or(0);
        if self.load_price.saturating_mul(most) > MAX_PRICE {
            return Err(Invalid::Price { request: None });
        }
        let mut seen = vec![u32::MAX; n];
        for (request, wanted) in self.requests.iter().enumerate() {
            let minimums = u64::from(wanted.min_technical) + u64::from(wanted.min_standardization);
            if minimums > u64::from(wanted.demand) {
                return Err(Invalid::Composition { request });
            }
            if !(0..=MAX_PRICE).contains(&wanted.unfilled_price) {
                return Err(Invalid::Price {
                    request: Some(request),
                });
            }
            for pair in self.pairs.row(request) {
                let expert = pair.expert as usize;
                match seen.get_mut(expert) {
                    None => return Err(Invalid::Unknown { request, expert }),
                    Some(last) if *last == request as u32 => {
                        return Err(Invalid::Twice { request, expert });
                    }
                    Some(last) => *last = request as u32,
                }
            }
        }
        for links in [&self.fixed, &self.standing] {
            let mut sorted = links.clone();
            sorted.sort_unstable();
            if let Some(w) = sorted.windows(2).find(|w| w[0] == w[1]) {
                let Link { request, expert } = w[0];
                return Err(Invalid::Twice { request, expert });
            }
            if let Some(l) = links.iter().find(|l| l.request >= m || l.expert >= n) {
                let Link { request, expert } = *l;
                return Err(Invalid::Unknown { request, expert });
            }
        }
        Ok(())
    }
}
