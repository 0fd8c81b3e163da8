//! Minimums of a kind, which leave the network structure.
//!
//! "At least so many technical" is read as "at most so many others", and others are charged: a
//! charge rises until the panel keeps the rule, or falls while it has room to spare. That alone
//! nearly always ends at an optimum. What remains is closed by cases: best bound first, over a pair
//! of a panel whose charge and rule disagree.

use std::collections::BinaryHeap;

use super::certificate::{Certificate, KindPrice, Proof};
use super::model::{Kind, Link, Pair, Pairs, Problem};
use super::network::{NOBODY, Network};
use super::search::Search;
use super::solution::{Seat, Solution};
use super::solver::{self, Failure, Options, Stage};

const KINDS: [Kind; 2] = [Kind::Technical, Kind::Standardization];
/// Rounds over all charges before the rest is left to cases.
const ROUNDS: usize = 60;
/// Cases within cases: what a reader of JSON can nest.
const DEPTH: usize = 50;

/// Whether any request has a minimum.
pub(super) fn binds(problem: &Problem) -> bool {
    problem
        .requests
        .iter()
        .any(|r| r.min_technical + r.min_standardization > 0)
}

/// A network and the places each request leaves to experts who are not of a kind.
#[derive(Clone)]
pub(super) struct Composed {
    pub net: Network,
    pub search: Search,
    rooms: Vec<[usize; 2]>,
    bound_by: Vec<usize>,
}

impl Composed {
    /// The settled network of a problem; `warm` gives prices and charges to start from.
    pub fn new(
        problem: &Problem,
        options: &Options,
        warm: Option<(&[i64], &[[i64; 2]])>,
    ) -> Result<Self, Failure> {
        let mut net = Network::new(problem, options.seed);
        let rooms = rooms(problem);
        for (r, room) in rooms.iter().enumerate() {
            let mut charge = warm.map_or([0; 2], |w| w.1[r]);
            for k in 0..2 {
                if room[k] == 0 {
                    charge[k] = net.closed;
                }
            }
            if charge != [0; 2] {
                net.revalue(r, net.rows[r].weight, charge);
            }
        }
        let mut search = Search::default();
        if let Some((prices, _)) = warm {
            for (e, &price) in prices.iter().enumerate() {
                let i = net.inner[e] as usize;
                net.price[i] = price.max(net.floor(i));
            }
            solver::bid_all(&mut net);
            solver::settle(&mut net, &mut search, options)?;
        } else {
            solver::settle_all(&mut net, &mut search, options)?;
        }
        let binding = |r: &usize| {
            let wanted = &problem.requests[*r];
            wanted.min_technical + wanted.min_standardization > 0
        };
        let bound_by = (0..problem.requests.len()).filter(binding).collect();
        let mut composed = Self {
            net,
            search,
            rooms,
            bound_by,
        };
        composed.charge_all(options)?;
        Ok(composed)
    }

    /// Moves charges until every panel keeps its rule and no charge is idle, or no round helps.
    fn charge_all(&mut self, options: &Options) -> Result<(), Failure> {
        for round in 0..ROUNDS {
            let mut changed = false;
            for i in 0..self.bound_by.len() {
                let r = self.bound_by[i];
                for k in 0..2 {
                    changed |= self.charge(r, k);
                }
            }
            if !changed {
                break;
            }
            options.report(Stage::Exchanges, round, ROUNDS)?;
        }
        Ok(())
    }

    fn others(&self, r: usize, k: usize) -> usize {
        let seated = self.net.panel(r).iter().filter(|p| p.expert != NOBODY);
        seated
            .filter(|p| self.net.kind[p.expert as usize] != KINDS[k])
            .count()
    }

    /// Raises or lowers one charge to where the next exchange becomes worth while.
    fn charge(&mut self, r: usize, k: usize) -> bool {
        let (others, room) = (self.others(r, k), self.rooms[r][k]);
        let mut charge = self.net.rows[r].charge;
        if others > room {
            charge[k] += self.least_loss(r, k, true) + 1;
        } else if others < room && charge[k] > 0 {
            charge[k] -= charge[k].min(self.least_loss(r, k, false) + 1);
        } else {
            return false;
        }
        self.net.revalue(r, self.net.rows[r].weight, charge);
        solver::rebid(&mut self.net, &mut self.search, r);
        true
    }

    /// What it costs least to exchange one of the others for one of the kind or an open place
    /// (`out`), or the other way round.
    fn least_loss(&mut self, r: usize, k: usize, out: bool) -> i64 {
        while self.net.sort_more(r) {}
        let net = &self.net;
        let is_other = |e: u32| e != NOBODY && net.kind[e as usize] != KINDS[k];
        let mut least = i64::MAX / 8;
        for leaver in net.panel(r).iter().filter(|p| is_other(p.expert) == out) {
            let kept = net.net(leaver);
            if out {
                least = least.min(kept - net.rows[r].empty);
            }
            let news = net.sorted(r).iter().filter(|p| is_other(p.expert) != out);
            for new in news {
                let loss = kept - net.net(new);
                if loss < least && net.may_replace(r, leaver, new) {
                    least = loss;
                }
            }
        }
        least.max(0)
    }

    /// Requests whose panel breaks its rule.
    fn broken(&self) -> Vec<(usize, usize)> {
        let all = self.bound_by.iter().flat_map(|&r| [(r, 0), (r, 1)]);
        all.filter(|&(r, k)| self.others(r, k) > self.rooms[r][k])
            .collect()
    }

    /// Forbids, on panels that break their rule, all others but the best allowed, until none does.
    fn restrict(&mut self, options: &Options) -> Result<(), Failure> {
        loop {
            let broken = self.broken();
            if broken.is_empty() {
                return Ok(());
            }
            for (r, k) in broken {
                let mut seated: Vec<(i64, u32)> = Vec::new();
                for p in self.net.panel(r) {
                    if p.expert != NOBODY && self.net.kind[p.expert as usize] != KINDS[k] {
                        seated.push((self.net.net(p), p.expert));
                    }
                }
                seated.sort_unstable_by_key(|s| std::cmp::Reverse(*s));
                seated.truncate(self.rooms[r][k]);
                while self.net.sort_more(r) {}
                let list = self.net.sorted(r).iter().map(|p| p.expert);
                let rest: Vec<u32> = list
                    .filter(|&e| self.net.kind[e as usize] != KINDS[k])
                    .filter(|&e| seated.iter().all(|s| s.1 != e))
                    .collect();
                for e in rest {
                    self.net.forbid(r, e);
                }
                solver::rebid(&mut self.net, &mut self.search, r);
            }
            self.charge_all(options)?;
        }
    }

    /// The pair to distinguish next: on the panel whose charge and rule disagree most.
    fn doubtful(&self) -> Option<Link> {
        let mut worst = None;
        for &r in &self.bound_by {
            for k in 0..2 {
                let (others, room) = (self.others(r, k), self.rooms[r][k]);
                let charge = self.net.rows[r].charge[k];
                let doubt = if others > room {
                    self.net.closed
                } else {
                    charge * (room - others) as i64
                };
                if room > 0 && doubt > worst.map_or(0, |w: (i64, usize, usize)| w.0) {
                    worst = Some((doubt, r, k));
                }
            }
        }
        let (_, request, k) = worst?;
        let seated = self
            .net
            .panel(request)
            .iter()
            .filter(|p| p.expert != NOBODY);
        let key = |p: &&super::network::Place| {
            let other = self.net.kind[p.expert as usize] != KINDS[k];
            (!other, self.net.net(p))
        };
        let on_panel = seated.min_by_key(key).map(|p| p.expert);
        let row = self.net.sorted(request);
        let expert = on_panel.or_else(|| row.first().map(|p| p.expert))?;
        Some(Link {
            request,
            expert: self.net.outer[expert as usize] as usize,
        })
    }

    fn charges(&self) -> Vec<[i64; 2]> {
        self.net.rows.iter().map(|r| r.charge).collect()
    }
}

fn rooms(problem: &Problem) -> Vec<[usize; 2]> {
    let mut rooms: Vec<[usize; 2]> = problem
        .requests
        .iter()
        .map(|w| [w.min_technical, w.min_standardization].map(|min| (w.demand - min) as usize))
        .collect();
    for link in &problem.fixed {
        for k in 0..2 {
            if problem.experts[link.expert].kind != KINDS[k] {
                let room = &mut rooms[link.request][k];
                *room = room.saturating_sub(1);
            }
        }
    }
    rooms
}

/// The bound that prices and charges prove, without what breaks ties. `fixed` counts the pairs
/// fixed by the problem itself; further ones are cases.
fn bound(
    problem: &Problem,
    fixed: usize,
    net: &Network,
    prices: &[i64],
    charges: &[[i64; 2]],
) -> i64 {
    let mut plain = Network::plain(problem, &net.ties);
    for (e, &price) in prices.iter().enumerate() {
        let i = plain.inner[e] as usize;
        plain.price[i] = price;
    }
    let mut sum = 0i128;
    for (r, room) in rooms(problem).iter().enumerate() {
        plain.revalue(r, plain.rows[r].weight, charges[r]);
        for k in 0..2 {
            sum += i128::from(charges[r][k]) * room[k] as i128;
        }
    }
    solver::bid_all(&mut plain);
    let mut served: Vec<i64> = problem
        .experts
        .iter()
        .map(|e| i64::from(e.service))
        .collect();
    for (i, link) in problem.fixed.iter().enumerate() {
        let mut worth = i64::from(problem.pairs.score(link.request, link.expert).unwrap_or(0));
        if i >= fixed && problem.standing.contains(link) {
            worth += problem.stability_price;
        }
        worth -= problem.load_price * served[link.expert];
        served[link.expert] += 1;
        sum += i128::from(worth) * i128::from(net.ties.scale);
    }
    let scale = i128::from(net.ties.scale);
    i64::try_from((sum + plain.dual_value()).div_euclid(scale)).unwrap_or(i64::MAX)
}

/// One case: the prices that bound it, and the pair that divides it.
struct Case {
    with: Vec<Link>,
    without: Vec<Link>,
    bound: i64,
    prices: Vec<i64>,
    charges: Vec<[i64; 2]>,
    doubtful: Option<Link>,
    children: Option<(usize, usize)>,
}

/// Cases found so far and the best choice met.
struct Tree<'a> {
    problem: &'a Problem,
    options: &'a Options<'a>,
    cases: Vec<Case>,
    best: Option<(i64, Vec<Vec<Seat>>, Vec<u32>)>,
    scale: i64,
}

impl Tree<'_> {
    /// The problem of a case, with pairs taken as fixed and pairs left out.
    fn narrowed(&self, with: &[Link], without: &[Link]) -> Problem {
        let mut problem = self.problem.clone();
        problem.fixed.extend_from_slice(with);
        if !without.is_empty() {
            let mut pairs = Pairs::with_capacity(problem.requests.len(), problem.pairs.len());
            for request in 0..problem.requests.len() {
                let keep = |p: &&Pair| {
                    !without.contains(&Link {
                        request,
                        expert: p.expert as usize,
                    })
                };
                pairs.push_row(problem.pairs.row(request).iter().filter(keep).copied());
            }
            problem.pairs = pairs;
        }
        problem
    }

    fn open(
        &mut self,
        with: Vec<Link>,
        without: Vec<Link>,
        parent: Option<usize>,
    ) -> Result<usize, Failure> {
        let problem = self.narrowed(&with, &without);
        let warm = parent.map(|p| &self.cases[p]);
        let warm = warm.map(|c| (c.prices.as_slice(), c.charges.as_slice()));
        let composed = Composed::new(&problem, self.options, warm)?;
        self.scale = composed.net.ties.scale;
        let mut prices = solver::prices(&composed.net);
        let mut charges = composed.charges();
        let fixed = self.problem.fixed.len();
        let mut bound_here = bound(&problem, fixed, &composed.net, &prices, &charges);
        if let Some(parent) = parent.map(|p| &self.cases[p]) {
            if parent.bound < bound_here {
                prices.clone_from(&parent.prices);
                charges.clone_from(&parent.charges);
                bound_here = parent.bound;
            }
        }
        let doubtful = composed.doubtful();
        if self.best.as_ref().is_none_or(|b| b.0 < bound_here) {
            let mut allowed = composed;
            allowed.restrict(self.options)?;
            let narrowed = Problem {
                standing: self.problem.standing.clone(),
                ..problem
            };
            let (panels, unfilled) = solver::panels(&narrowed, &allowed.net);
            self.meet(panels, unfilled);
        }
        let case = Case {
            with,
            without,
            bound: bound_here,
            prices,
            charges,
            doubtful,
            children: None,
        };
        self.cases.push(case);
        Ok(self.cases.len() - 1)
    }

    /// Keeps a choice if it is the best so far.
    fn meet(&mut self, mut panels: Vec<Vec<Seat>>, unfilled: Vec<u32>) {
        for (request, panel) in panels.iter_mut().enumerate() {
            for seat in panel {
                let link = Link {
                    request,
                    expert: seat.expert,
                };
                seat.fixed = self.problem.fixed.contains(&link);
            }
        }
        let total = solver::total(self.problem, &panels, &unfilled);
        if self.best.as_ref().is_none_or(|b| b.0 < total) {
            self.best = Some((total, panels, unfilled));
        }
    }

    fn divide(&mut self) -> Result<(), Failure> {
        let root = self.open(Vec::new(), Vec::new(), None)?;
        let mut queue = BinaryHeap::from([(self.cases[root].bound, std::cmp::Reverse(root))]);
        let mut divided = 0;
        while let Some((bound, std::cmp::Reverse(at))) = queue.pop() {
            let best = self.best.as_ref().map_or(i64::MIN, |b| b.0);
            if bound <= best || divided >= self.options.cases {
                break;
            }
            let case = &self.cases[at];
            let (with, without) = (case.with.clone(), case.without.clone());
            let Some(pair) = case.doubtful.filter(|_| with.len() + without.len() < DEPTH) else {
                continue;
            };
            self.options
                .report(Stage::Cases, divided, self.options.cases)?;
            divided += 1;
            let mut taken = with.clone();
            taken.push(pair);
            let mut left = without.clone();
            left.push(pair);
            let first = self.open(taken, without, Some(at))?;
            let second = self.open(with, left, Some(at))?;
            self.cases[at].doubtful = Some(pair);
            self.cases[at].children = Some((first, second));
            for child in [first, second] {
                queue.push((self.cases[child].bound, std::cmp::Reverse(child)));
            }
        }
        Ok(())
    }

    fn proof(&self, at: usize) -> (i64, Proof) {
        let case = &self.cases[at];
        if let (Some((with, without)), Some(pair)) = (case.children, case.doubtful) {
            let (first, with) = self.proof(with);
            let (second, without) = self.proof(without);
            let Link { request, expert } = pair;
            let (with, without) = (Box::new(with), Box::new(without));
            return (
                first.max(second),
                Proof::Cases {
                    request,
                    expert,
                    with,
                    without,
                },
            );
        }
        let listed = case
            .charges
            .iter()
            .enumerate()
            .filter(|(_, c)| **c != [0; 2]);
        let kinds = listed
            .map(
                |(request, &[not_technical, not_standardization])| KindPrice {
                    request,
                    not_technical,
                    not_standardization,
                },
            )
            .collect();
        (
            case.bound,
            Proof::Prices {
                experts: case.prices.clone(),
                kinds,
            },
        )
    }
}

/// Solves a problem with compositions: to a proved optimum, or to a gap when the cases run out.
pub(super) fn solve(problem: &Problem, options: &Options) -> Result<Solution, Failure> {
    let mut tree = Tree {
        problem,
        options,
        cases: Vec::new(),
        best: None,
        scale: 1,
    };
    tree.divide()?;
    let (bound, proof) = tree.proof(0);
    let (total, panels, unfilled) = tree.best.unwrap_or_default();
    let certificate = Certificate {
        total,
        bound,
        scale: tree.scale,
        proof,
    };
    Ok(Solution {
        panels,
        unfilled,
        total,
        bound,
        certificate,
    })
}
