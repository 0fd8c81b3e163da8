//! The exact solver: bids, a warm start, then shortest exchanges until no price is wrong.

use std::fmt;
use std::ops::ControlFlow;

use super::certificate::{Certificate, Proof};
use super::model::{Invalid, Link, Problem};
use super::network::{NOBODY, Network};
use super::search::Search;
use super::solution::{Seat, Solution};
use super::{auction, cases, composition, dense};

/// What a long run reports between steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Steps done of this stage.
    pub done: usize,
    /// Steps of this stage, as far as known.
    pub of: usize,
}

/// Stages of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Every request bids for its best panel.
    Bids,
    /// Experts asked for too often are exchanged, one place a step.
    Exchanges,
    /// Cases are distinguished to close the gap that composition leaves.
    Cases,
    /// The weakest requests are raised.
    Fairness,
    /// Rows are read from a source.
    Rows,
}

/// Called now and then; [`ControlFlow::Break`] stops the run.
pub type Watch<'a> = &'a (dyn Fn(Progress) -> ControlFlow<()> + Sync);

/// How a run is to be made.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Decides ties that a lighter load leaves open.
    pub seed: u64,
    /// At most so many cases are distinguished for composition; then the gap is reported. Without
    /// a number, as many as take a second or two.
    pub cases: Option<usize>,
    /// Hears of progress and may stop the run.
    pub watch: Option<Watch<'a>>,
}

impl Options<'_> {
    /// Reports progress.
    pub(super) fn report(&self, stage: Stage, done: usize, of: usize) -> Result<(), Failure> {
        match self.watch {
            Some(watch) if watch(Progress { stage, done, of }).is_break() => {
                Err(Failure::Cancelled)
            }
            _ => Ok(()),
        }
    }
}

/// Why a run has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The problem cannot be read.
    Invalid(Invalid),
    /// The watcher stopped the run.
    Cancelled,
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::Cancelled => write!(f, "stopped"),
        }
    }
}

impl std::error::Error for Failure {}

/// Solves a problem to its optimum, proved by the certificate; with compositions possibly to a gap
/// between total and bound.
///
/// # Errors
/// If the problem cannot be read, or the watcher stops the run.
pub fn solve(problem: &Problem, options: &Options) -> Result<Solution, Failure> {
    problem.check()?;
    if composition::binds(problem) {
        return cases::solve(problem, options);
    }
    if dense::pays(problem) {
        return dense::solve_pairs(problem, options);
    }
    let mut network = Network::new(problem, options.seed);
    settle_all(&mut network, &mut Search::default(), options)?;
    Ok(optimal(problem, &network))
}

/// Bids for every request at the lowest prices, then settles.
pub(super) fn settle_all(
    net: &mut Network,
    search: &mut Search,
    options: &Options,
) -> Result<(), Failure> {
    options.report(Stage::Bids, 0, net.rows.len())?;
    bid_all(net);
    let places = net.seats.len();
    let capacity: usize = net.slots.iter().map(|s| s.free.min(places)).sum();
    // Where nearly all capacity is needed, prices have far to rise: coarse steps first.
    let tight = places as f64 > 0.97 * capacity as f64;
    for part in if tight {
        &[100, 300, 1000][..]
    } else {
        &[0][..]
    } {
        let step = net.largest_value().checked_div(*part).unwrap_or(0);
        auction::raise_prices(net, 64 * places + 4096, step);
        if step > 0 {
            bid_all(net);
        }
    }
    settle(net, search, options)
}

/// Gives every request its best panel at the present prices.
pub(super) fn bid_all(net: &mut Network) {
    for i in 0..net.order.len() {
        let r = net.order[i] as usize;
        net.bid(r);
    }
}

/// Exchanges until no price is wrong. Every panel must be a best bid.
pub(super) fn settle(
    net: &mut Network,
    search: &mut Search,
    options: &Options,
) -> Result<(), Failure> {
    let n = net.price.len();
    for e in 0..n {
        while net.overloaded(e) {
            options.report(Stage::Exchanges, e, n)?;
            search.relieve(net, e);
        }
    }
    for e in 0..n {
        while net.underused(e) {
            options.report(Stage::Exchanges, e, n)?;
            search.engage(net, e);
        }
    }
    Ok(())
}

/// Bids again for one request whose row changed, and settles what that disturbed.
pub(super) fn rebid(net: &mut Network, search: &mut Search, r: usize) {
    let left = net.bid(r);
    let came: Vec<u32> = net
        .panel(r)
        .iter()
        .map(|p| p.expert)
        .filter(|&e| e != NOBODY)
        .collect();
    for e in came {
        while net.overloaded(e as usize) {
            search.relieve(net, e as usize);
        }
    }
    for e in left {
        while net.underused(e as usize) {
            search.engage(net, e as usize);
        }
    }
}

/// The answer of a settled network without compositions: total and bound meet.
pub(super) fn optimal(problem: &Problem, net: &Network) -> Solution {
    let (panels, unfilled) = panels(problem, net);
    let total = total(problem, &panels, &unfilled);
    let proof = Proof::Prices {
        experts: prices(net),
        units: Vec::new(),
    };
    let certificate = Certificate {
        total,
        bound: total,
        scale: net.ties.scale,
        proof,
    };
    Solution {
        panels,
        unfilled,
        total,
        bound: total,
        certificate,
    }
}

/// Prices in the caller's order of experts.
pub(super) fn prices(net: &Network) -> Vec<i64> {
    net.inner.iter().map(|&i| net.price[i as usize]).collect()
}

/// Panels in the caller's numbers, fixed experts included, and the places left open.
pub(super) fn panels(problem: &Problem, net: &Network) -> (Vec<Vec<Seat>>, Vec<u32>) {
    let mut fixed = vec![Vec::new(); problem.requests.len()];
    for link in &problem.fixed {
        fixed[link.request].push(link.expert);
    }
    let mut panels = Vec::with_capacity(problem.requests.len());
    let mut unfilled = Vec::with_capacity(problem.requests.len());
    for (r, fixed) in fixed.iter().enumerate() {
        let chosen = net.panel(r).iter().filter(|p| p.expert != NOBODY);
        let chosen = chosen.map(|p| (net.outer[p.expert as usize] as usize, false));
        let seats = fixed.iter().map(|&e| (e, true)).chain(chosen);
        let mut panel: Vec<Seat> = seats
            .map(|(expert, fixed)| Seat {
                expert,
                score: problem.pairs.score(r, expert).unwrap_or(0),
                fixed,
            })
            .collect();
        panel.sort_by_key(|s| (std::cmp::Reverse(s.score), net.inner[s.expert]));
        unfilled.push(net.panel(r).iter().filter(|p| p.expert == NOBODY).count() as u32);
        panels.push(panel);
    }
    (panels, unfilled)
}

/// The total of panels in millionths.
pub(super) fn total(problem: &Problem, panels: &[Vec<Seat>], unfilled: &[u32]) -> i64 {
    let mut served: Vec<i64> = problem
        .experts
        .iter()
        .map(|e| i64::from(e.service))
        .collect();
    let mut total = 0;
    for (r, panel) in panels.iter().enumerate() {
        for seat in panel {
            total += i64::from(seat.score) - problem.load_price * served[seat.expert];
            served[seat.expert] += 1;
        }
        total -= problem.requests[r].unfilled_price * i64::from(unfilled[r]);
    }
    let keeps = |l: &&Link| {
        panels[l.request]
            .iter()
            .any(|s| s.expert == l.expert && !s.fixed)
    };
    let kept = problem.standing.iter().filter(keeps);
    total + problem.stability_price * kept.count() as i64
}
