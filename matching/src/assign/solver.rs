//! The exact solver: bids, a warm start, then shortest exchanges until no price is wrong.

use super::auction;
use super::certificate::{Certificate, Proof};
use super::model::{Invalid, Link, Problem};
use super::network::{NOBODY, Network};
use super::search::Search;
use super::solution::{Seat, Solution};

/// How a run is to be made.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Decides ties that a lighter load leaves open.
    pub seed: u64,
}

/// Solves a problem to its optimum.
///
/// # Errors
/// If the problem cannot be read.
pub fn solve(problem: &Problem, options: &Options) -> Result<Solution, Invalid> {
    problem.check()?;
    let mut network = Network::new(problem, options.seed);
    let mut search = Search::default();
    settle_all(&mut network, &mut search);
    Ok(read(problem, &network))
}

/// Bids for every request, then settles.
pub(super) fn settle_all(net: &mut Network, search: &mut Search) {
    for i in 0..net.order.len() {
        let r = net.order[i] as usize;
        net.bid(r);
    }
    let moves = 64 * net.seats.len() + 4096;
    auction::raise_prices(net, moves);
    for e in 0..net.price.len() {
        while net.overloaded(e) {
            search.relieve(net, e);
        }
    }
    for e in 0..net.price.len() {
        while net.underused(e) {
            search.engage(net, e);
        }
    }
}

/// The answer a settled network stands for.
pub(super) fn read(problem: &Problem, net: &Network) -> Solution {
    let mut panels: Vec<Vec<Seat>> = Vec::with_capacity(problem.requests.len());
    let mut fixed = vec![Vec::new(); problem.requests.len()];
    for link in &problem.fixed {
        fixed[link.request].push(link.expert);
    }
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
    let scale = net.ties.scale;
    let total = total(problem, &panels, &unfilled);
    let experts: Vec<i64> = net.inner.iter().map(|&i| net.price[i as usize]).collect();
    let bound = total;
    let certificate = Certificate {
        total,
        bound,
        scale,
        proof: Proof::Prices {
            experts,
            kinds: Vec::new(),
        },
    };
    Solution {
        panels,
        unfilled,
        total,
        bound,
        certificate,
    }
}

/// The total of panels in millionths.
fn total(problem: &Problem, panels: &[Vec<Seat>], unfilled: &[u32]) -> i64 {
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
