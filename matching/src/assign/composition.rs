//! Minimums of a kind, which leave the network structure.
//!
//! "At least so many technical" is read as "at most so many others". While a unit's experts are
//! counted for each kind apart this is still a network, and the panels are solved so. What that
//! leaves out (a unit over its limit with both kinds together) is charged: the charge of a unit at a
//! request rises until the panel keeps the rule, or falls while there is room to spare. That alone
//! nearly always ends at an optimum; the rest is closed by cases, best bound first, over a pair of a
//! panel where a charge and its rule disagree.

use super::model::{Kind, Link, Problem};
use super::network::{self, NEVER, NOBODY, Network, Place, due};
use super::search::Search;
use super::solver::{self, Failure, Options, Stage};

const KINDS: [Kind; 2] = [Kind::Technical, Kind::Standardization];
/// Rounds over all charges before the rest is left to cases.
const ROUNDS: usize = 12;

/// Whether any request has a minimum.
pub(super) fn binds(problem: &Problem) -> bool {
    problem
        .requests
        .iter()
        .any(|r| r.min_technical + r.min_standardization > 0)
}

/// Charges of units at one request.
pub(super) type Charges = Vec<(u32, i64)>;

/// A settled network whose charges make panels keep the rules it does not know.
#[derive(Clone)]
pub(super) struct Composed {
    pub net: Network,
    search: Search,
    /// Places each request leaves to experts who are not of a kind.
    rooms: Vec<[usize; 2]>,
    /// Requests with minimums.
    composed: Vec<usize>,
}

/// A rule a panel may break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// At most the limit of this unit, both kinds together.
    Unit(u32),
    /// At most the room for others than this kind.
    Kind(usize),
}

impl Composed {
    /// The network of a problem; `warm` gives prices and charges to start from.
    pub fn new(
        problem: &Problem,
        options: &Options,
        warm: Option<(&[i64], &[Charges])>,
    ) -> Result<Self, Failure> {
        let mut net = Network::new(problem, options.seed);
        let mut search = Search::default();
        if let Some((prices, charges)) = warm {
            for (r, charges) in charges.iter().enumerate().filter(|(_, c)| !c.is_empty()) {
                net.revalue(r, net.rows[r].weight, charges.clone());
            }
            for (e, &price) in prices.iter().enumerate() {
                let i = net.inner[e] as usize;
                net.price[i] = price.max(net.floor(i));
            }
            solver::bid_all(&mut net);
            solver::settle(&mut net, &mut search, options)?;
        } else {
            solver::settle_all(&mut net, &mut search, options)?;
        }
        let composed = (0..net.rows.len())
            .filter(|&r| net.rows[r].composed)
            .collect();
        let mut all = Self {
            net,
            search,
            rooms: rooms(problem),
            composed,
        };
        all.charge_all(options)?;
        Ok(all)
    }

    /// Moves charges until every panel keeps its rules and no charge is idle, or no round helps.
    fn charge_all(&mut self, options: &Options) -> Result<(), Failure> {
        for round in 0..ROUNDS {
            let mut changed = false;
            for i in 0..self.composed.len() {
                changed |= self.charge(self.composed[i]);
            }
            if !changed {
                break;
            }
            options.report(Stage::Exchanges, round, ROUNDS)?;
        }
        Ok(())
    }

    fn seated(&self, r: usize, counts: impl Fn(u32) -> bool) -> usize {
        let seated = self.net.panel(r).iter().filter(|p| p.expert != NOBODY);
        seated.filter(|p| counts(p.expert)).count()
    }

    /// How many sit on the panel that a rule counts, and how many may.
    fn count(&self, r: usize, rule: Rule) -> (usize, usize) {
        let row = &self.net.rows[r];
        let seated = self.seated(r, |e| self.counts(rule, e));
        match rule {
            Rule::Unit(unit) => {
                let taken = row.taken.iter().filter(|&&u| u == unit).count();
                (seated, row.limit.saturating_sub(taken))
            }
            Rule::Kind(k) => (seated, self.rooms[r][k]),
        }
    }

    fn counts(&self, rule: Rule, e: u32) -> bool {
        match rule {
            Rule::Unit(unit) => self.net.unit[e as usize] == unit,
            Rule::Kind(k) => self.net.kind[e as usize] != KINDS[k],
        }
    }

    /// Rules of a request that matter: units on the panel or charged, and both kinds.
    fn rules(&self, r: usize) -> Vec<Rule> {
        let seated = self
            .net
            .panel(r)
            .iter()
            .filter(|p| p.expert != NOBODY)
            .map(Place::unit);
        let charged = self.net.rows[r].charges.iter().map(|c| c.0);
        let mut units: Vec<u32> = seated.chain(charged).collect();
        units.sort_unstable();
        units.dedup();
        let kinds = [Rule::Kind(0), Rule::Kind(1)];
        units.into_iter().map(Rule::Unit).chain(kinds).collect()
    }

    /// Moves the charges of one request to where the next exchange becomes worth while.
    fn charge(&mut self, r: usize) -> bool {
        let mut changed = false;
        for rule in self.rules(r) {
            let Rule::Unit(unit) = rule else { continue };
            // Prices of experts may follow a charge and undo it: then larger steps are needed.
            let (mut step, mut before) = (1, None);
            loop {
                let (seated, limit) = self.count(r, rule);
                let charge = due(&self.net.rows[r].charges, unit);
                let up = seated > limit;
                let idle = seated < limit && charge > 0;
                if (!up && !idle) || before.is_some_and(|was| was != up) {
                    break;
                }
                let least = (self.least_loss(r, rule, up) + 1).max(step);
                let new = if up {
                    charge.saturating_add(least)
                } else {
                    charge - charge.min(least)
                };
                // Above this nobody of the unit can come at all.
                let new = new.min(self.net.closed);
                if new == charge {
                    break;
                }
                let mut charges = self.net.rows[r].charges.clone();
                charges.retain(|c| c.0 != unit);
                if new > 0 {
                    charges.push((unit, new));
                }
                self.net.revalue(r, self.net.rows[r].weight, charges);
                solver::rebid(&mut self.net, &mut self.search, r);
                (step, before, changed) = (step.saturating_mul(2), Some(up), true);
            }
        }
        changed
    }

    /// What it costs least to exchange somebody the rule counts for somebody it does not or an open
    /// place (`out`), or the other way round.
    fn least_loss(&mut self, r: usize, rule: Rule, out: bool) -> i64 {
        while self.net.sort_more(r) {}
        let net = &self.net;
        let counted = |p: &Place| p.expert != NOBODY && self.counts(rule, p.expert);
        let mut least = NEVER / 2;
        for leaver in net.panel(r).iter().filter(|p| counted(p) == out) {
            let kept = net.net(leaver);
            if out {
                least = least.min(kept - net.rows[r].empty);
            }
            for new in net.sorted(r).iter().filter(|p| counted(p) != out) {
                let loss = kept - net.net(new);
                if loss < least && net.may_replace(r, leaver, new) {
                    least = loss;
                }
            }
        }
        least.max(0)
    }

    /// The first broken rule of each panel that breaks one.
    pub fn broken(&self) -> Vec<(usize, Rule)> {
        let mut broken = Vec::new();
        for &r in &self.composed {
            let breaks = |rule: &Rule| {
                let (seated, most) = self.count(r, *rule);
                seated > most
            };
            broken.extend(self.rules(r).into_iter().find(breaks).map(|rule| (r, rule)));
        }
        broken
    }

    /// Sends one expert off a panel, with those of the unit and kind who could come instead, and
    /// drops the unit's charge there.
    fn without(&mut self, r: usize, rule: Rule, leaver: &Place) {
        let row = &self.net.rows[r];
        let all = &self.net.candidates[row.start..row.start + row.len];
        let gone = all.iter().filter(|p| {
            let stays = self.net.panel(r).iter().any(|s| s.expert == p.expert);
            p.expert == leaver.expert || (p.group == leaver.group && !stays)
        });
        for e in gone.map(|p| p.expert).collect::<Vec<_>>() {
            self.net.forbid(r, e);
        }
        if let Rule::Unit(unit) = rule {
            let mut charges = self.net.rows[r].charges.clone();
            charges.retain(|c| c.0 != unit);
            self.net.revalue(r, self.net.rows[r].weight, charges);
        }
        solver::rebid(&mut self.net, &mut self.search, r);
    }

    /// Makes every panel keep its rules, sending off whoever costs least each time.
    pub fn restrict(&mut self, options: &Options) -> Result<(), Failure> {
        loop {
            let broken = self.broken();
            if broken.is_empty() {
                return Ok(());
            }
            for (r, rule) in broken {
                let (seated, most) = self.count(r, rule);
                if seated <= most {
                    continue;
                }
                let counted = self.net.panel(r).iter().filter(|p| p.expert != NOBODY);
                let counted = counted.filter(|p| self.counts(rule, p.expert)).copied();
                let mut best: Option<(i128, Self)> = None;
                for leaver in counted.collect::<Vec<_>>() {
                    let mut trial = self.clone();
                    trial.without(r, rule, &leaver);
                    let worth = trial.net.dual_value();
                    if best.as_ref().is_none_or(|b| b.0 < worth) {
                        best = Some((worth, trial));
                    }
                }
                if let Some((_, trial)) = best {
                    *self = trial;
                }
            }
            self.charge_all(options)?;
        }
    }

    /// The pair to distinguish next, if a charge and its rule disagree anywhere: on the panel where
    /// they disagree most, or else wherever a pair is still open.
    pub fn doubtful(&self) -> Option<Link> {
        let mut doubts: Vec<(i64, usize, Rule)> = Vec::new();
        for &r in &self.composed {
            for rule in self.rules(r) {
                let (seated, most) = self.count(r, rule);
                let doubt = match rule {
                    _ if seated > most => self.net.closed,
                    Rule::Unit(unit) => {
                        due(&self.net.rows[r].charges, unit) * (most - seated) as i64
                    }
                    Rule::Kind(_) => 0,
                };
                if doubt > 0 {
                    doubts.push((doubt, r, rule));
                }
            }
        }
        doubts.sort_by_key(|d| std::cmp::Reverse(d.0));
        let worst = doubts
            .iter()
            .find_map(|&(_, r, rule)| self.open_pair(r, Some(rule)));
        let any = || (0..self.net.rows.len()).find_map(|r| self.open_pair(r, None));
        worst.or_else(|| any().filter(|_| !doubts.is_empty()))
    }

    /// A pair of a request not decided yet: somebody on the panel, first of all one the rule counts,
    /// or somebody who may sit there. A pair taken as fixed is asked no further, so it must be allowed.
    fn open_pair(&self, r: usize, rule: Option<Rule>) -> Option<Link> {
        let row = &self.net.rows[r];
        let counted = |p: &Place| rule.is_some_and(|rule| self.counts(rule, p.expert));
        let seated = self.net.panel(r).iter().filter(|p| p.expert != NOBODY);
        let least = seated.min_by_key(|p| (!counted(p), self.net.net(p)));
        let may_sit = |p: &&Place| {
            let taken = row.taken.iter().filter(|&&u| u == p.unit()).count();
            row.size > 0
                && row.rooms[p.class()] > 0
                && taken < row.limit
                && self.net.slots[p.expert as usize].free > 0
        };
        let mut all = self.net.candidates[row.start..row.start + row.len].iter();
        let expert = least.or_else(|| all.find(may_sit))?.expert;
        Some(Link {
            request: r,
            expert: self.net.outer[expert as usize] as usize,
        })
    }

    pub fn charges(&self) -> Vec<Charges> {
        self.net.rows.iter().map(|r| r.charges.clone()).collect()
    }
}

/// The room each request leaves to others than each kind.
fn rooms(problem: &Problem) -> Vec<[usize; 2]> {
    let mut fixed = vec![Vec::new(); problem.requests.len()];
    for link in &problem.fixed {
        fixed[link.request].push(problem.experts[link.expert].kind);
    }
    let both = problem.requests.iter().zip(&fixed);
    both.map(|(wanted, fixed)| network::rooms(wanted, fixed.iter().copied()))
        .collect()
}
