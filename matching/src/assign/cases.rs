//! Cases: what charges cannot decide is divided by a pair on a panel or not, best bound first.

use std::collections::BinaryHeap;

use super::certificate::{Certificate, Proof, UnitPrice};
use super::composition::{Charges, Composed};
use super::model::{Link, Problem};
use super::network::Network;
use super::solution::{Seat, Solution};
use super::solver::{self, Failure, Options, Stage};

/// Pairs looked at over all cases, where the caller gives no number of cases.
const CASE_WORK: usize = 1_000_000;
/// Cases within cases: what a reader of JSON can nest.
const DEPTH: usize = 50;

/// The bound that prices and charges prove, without what breaks ties. `fixed` counts the pairs
/// fixed by the problem itself; further ones are cases.
fn bound(
    problem: &Problem,
    fixed: usize,
    net: &Network,
    prices: &[i64],
    charges: &[Charges],
) -> i64 {
    let mut plain = Network::plain(problem, &net.ties);
    for (e, &price) in prices.iter().enumerate() {
        let i = plain.inner[e] as usize;
        plain.price[i] = price;
    }
    let mut sum = 0i128;
    for (r, charges) in charges.iter().enumerate().filter(|(_, c)| !c.is_empty()) {
        let row = &plain.rows[r];
        for &(unit, charge) in charges {
            let taken = row.taken.iter().filter(|&&u| u == unit).count();
            sum += i128::from(charge) * row.limit.saturating_sub(taken) as i128;
        }
        plain.revalue(r, row.weight, charges.clone());
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
    charges: Vec<Charges>,
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
    /// The caller's unit of each inner one.
    units: Vec<u32>,
}

impl Tree<'_> {
    /// The problem of a case, with pairs taken as fixed and pairs left out.
    fn narrowed(&self, with: &[Link], without: &[Link]) -> Problem {
        let mut problem = self.problem.clone();
        problem.fixed.extend_from_slice(with);
        problem.pairs.remove(without);
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
        self.units.clone_from(&composed.net.units);
        let mut prices = solver::prices(&composed.net);
        let mut charges = composed.charges();
        let fixed = self.problem.fixed.len();
        let mut bound_here = bound(&problem, fixed, &composed.net, &prices, &charges);
        let parent_case = parent.map(|p| &self.cases[p]);
        if let Some(parent) = parent_case.filter(|c| c.bound < bound_here) {
            prices.clone_from(&parent.prices);
            charges.clone_from(&parent.charges);
            bound_here = parent.bound;
        }
        let doubtful = composed.doubtful();
        // A choice is worth making where few rules are broken, and once at the root.
        let near = parent.is_none() || composed.broken().len() <= 8;
        if near && self.best.as_ref().is_none_or(|b| b.0 < bound_here) {
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
        let affordable = CASE_WORK / self.problem.pairs.len().max(1);
        let cases = self.options.cases.unwrap_or(affordable.clamp(4, 400));
        let mut divided = 0;
        while let Some((bound, std::cmp::Reverse(at))) = queue.pop() {
            let best = self.best.as_ref().map_or(i64::MIN, |b| b.0);
            if bound <= best || divided >= cases {
                break;
            }
            let case = &self.cases[at];
            let (with, without) = (case.with.clone(), case.without.clone());
            let Some(pair) = case.doubtful.filter(|_| with.len() + without.len() < DEPTH) else {
                continue;
            };
            self.options.report(Stage::Cases, divided, cases)?;
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
        let mut units = Vec::new();
        for (request, charges) in case.charges.iter().enumerate() {
            let priced = charges.iter().map(|&(unit, price)| UnitPrice {
                request,
                unit: self.units[unit as usize],
                price,
            });
            units.extend(priced);
        }
        (
            case.bound,
            Proof::Prices {
                experts: case.prices.clone(),
                units,
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
        units: Vec::new(),
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
