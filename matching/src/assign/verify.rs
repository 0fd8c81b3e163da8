//! The checker: proves an answer from the problem and a certificate, and believes neither.
//!
//! It shares nothing with the solver but the plain data types. The argument is one line: whatever
//! prices `v` are given, no choice is worth more than
//! `Σ experts: best (k·v − cost of k places)  +  Σ requests: best panel when each expert costs v`,
//! because a choice pays its prices to the experts and gets them back. One pass over the pairs
//! computes it.

mod bound;
mod choice;

use std::fmt;

use serde::Serialize;

use bound::Checker;
use choice::total_from;

use super::certificate::Certificate;
use super::model::{Invalid, Kind, Link, Pair, Problem, Request, Rows};

/// What a checked certificate proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Proved {
    /// The total of the choice, recomputed, in millionths.
    pub total: i64,
    /// No choice has a greater total, recomputed, in millionths.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Violation {
    /// The problem itself cannot be read.
    Problem {
        /// What is wrong with it.
        reason: Invalid,
    },
    /// The choice has not one panel a request.
    Panels {
        /// Panels given.
        given: usize,
        /// Requests of the problem.
        wanted: usize,
    },
    /// An expert does not exist, is not allowed, or is below the minimum relevance.
    NotAllowed {
        /// The pair.
        pair: Link,
    },
    /// An expert sits twice on one panel.
    Twice {
        /// The pair.
        pair: Link,
    },
    /// A fixed pair is missing.
    FixedMissing {
        /// The pair.
        pair: Link,
    },
    /// A panel has more experts than the request wants.
    Demand {
        /// Index of the request.
        request: usize,
    },
    /// A panel has too many experts of one unit.
    Unit {
        /// Index of the request.
        request: usize,
        /// The unit.
        unit: u32,
    },
    /// A panel keeps too few places for a kind.
    Composition {
        /// Index of the request.
        request: usize,
        /// The kind that is short.
        kind: Kind,
    },
    /// An expert serves more places than the capacity.
    Capacity {
        /// Index of the expert.
        expert: usize,
        /// Places served.
        served: u32,
        /// Places the expert can hold.
        capacity: u32,
    },
    /// The certificate claims another total than the choice has.
    Total {
        /// The total claimed.
        claimed: i64,
        /// The total of the choice.
        actual: i64,
    },
    /// The proof has not one price an expert, a scale below 1, or a unit price below 0.
    Malformed,
    /// The prices prove only a weaker bound than claimed.
    Bound {
        /// The bound claimed.
        claimed: i64,
        /// The bound the prices prove.
        proved: i64,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem { reason } => reason.fmt(f),
            Self::Panels { given, wanted } => write!(f, "{given} panels for {wanted} requests"),
            Self::NotAllowed { pair } => {
                write!(
                    f,
                    "request {}: expert {} is not allowed",
                    pair.request, pair.expert
                )
            }
            Self::Twice { pair } => {
                write!(
                    f,
                    "request {}: expert {} sits twice",
                    pair.request, pair.expert
                )
            }
            Self::FixedMissing { pair } => {
                write!(
                    f,
                    "request {}: fixed expert {} is missing",
                    pair.request, pair.expert
                )
            }
            Self::Demand { request } => write!(f, "request {request}: more experts than wanted"),
            Self::Unit { request, unit } => {
                write!(f, "request {request}: too many experts of unit {unit}")
            }
            Self::Composition { request, kind } => {
                write!(f, "request {request}: too few places kept for {kind:?}")
            }
            Self::Capacity {
                expert,
                served,
                capacity,
            } => {
                write!(f, "expert {expert}: {served} places, capacity {capacity}")
            }
            Self::Total { claimed, actual } => {
                write!(f, "the total is {actual}, not {claimed} as claimed")
            }
            Self::Malformed => write!(f, "the proof is malformed"),
            Self::Bound { claimed, proved } => {
                write!(
                    f,
                    "the prices prove a bound of {proved} only, not {claimed} as claimed"
                )
            }
        }
    }
}

impl std::error::Error for Violation {}

/// Checks a choice (experts of each request, fixed ones included, any order) and its certificate.
///
/// # Errors
/// The first violated condition. A choice that is allowed but not best is no error: see [`Proved::gap`].
pub fn verify(
    problem: &Problem,
    panels: &[Vec<usize>],
    certificate: &Certificate,
) -> Result<Proved, Violation> {
    check(problem, Source::Listed, panels, certificate)
}

/// The same for pairs that are made by a row source; the problem's own list is not looked at.
///
/// # Errors
/// Like [`verify`].
pub fn verify_rows(
    problem: &Problem,
    rows: &dyn Rows,
    panels: &[Vec<usize>],
    certificate: &Certificate,
) -> Result<Proved, Violation> {
    check(problem, Source::Made(rows), panels, certificate)
}

/// The total of a choice in millionths, if it keeps every rule.
///
/// # Errors
/// The first rule it breaks.
pub fn total_of(problem: &Problem, panels: &[Vec<usize>]) -> Result<i64, Violation> {
    total_from(problem, Source::Listed, panels)
}

/// Where pairs come from.
#[derive(Clone, Copy)]
enum Source<'a> {
    Listed,
    Made(&'a dyn Rows),
}

impl Source<'_> {
    fn row<'b>(self, problem: &'b Problem, r: usize, made: &'b mut Vec<Pair>) -> &'b [Pair] {
        match self {
            Self::Listed => problem.pairs.row(r),
            Self::Made(rows) => {
                made.clear();
                rows.row(r, made);
                made
            }
        }
    }
}

fn check(
    problem: &Problem,
    source: Source,
    panels: &[Vec<usize>],
    certificate: &Certificate,
) -> Result<Proved, Violation> {
    problem
        .check()
        .map_err(|reason| Violation::Problem { reason })?;
    let total = total_from(problem, source, panels)?;
    if total != certificate.total {
        return Err(Violation::Total {
            claimed: certificate.total,
            actual: total,
        });
    }
    let bound = Checker::new(problem, source, certificate.scale)?.bound(&certificate.proof)?;
    if bound > certificate.bound {
        return Err(Violation::Bound {
            claimed: certificate.bound,
            proved: bound,
        });
    }
    Ok(Proved { total, bound })
}

fn minimums(wanted: &Request) -> [(Kind, u32); 2] {
    [
        (Kind::Technical, wanted.min_technical),
        (Kind::Standardization, wanted.min_standardization),
    ]
}

fn load_cost(problem: &Problem, expert: usize, place: u32) -> i128 {
    let before = u64::from(problem.experts[expert].service) + u64::from(place);
    i128::from(problem.load_price) * i128::from(before)
}
