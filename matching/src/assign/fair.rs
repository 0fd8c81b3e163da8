//! The fair mode: the weakest request first, then the next, then the total.
//!
//! A request's worth is the sum of its panel's scores. Weights on the scores of weak requests are
//! raised step by step while the network follows; after that weights are lowered again where the
//! total gains and nobody falls below the worst. Small problems are then searched completely
//! (`leximin.rs`); in larger ones the weakest are dealt anew with a few others (`redeal.rs`). What is
//! proved is said.

use serde::Serialize;

use super::leximin;
use super::model::{Link, Problem};
use super::network::{NOBODY, Network};
use super::redeal;
use super::search::Search;
use super::solution::Solution;
use super::solver::{self, Failure, Options, Stage};
use super::verify;

/// Steps of one weight, and what all of them together multiply it by at most.
const STEPS: u32 = 96;
const MOST: i64 = 256;
/// Up to so many requests the search goes on after the worst one.
const LEXICOGRAPHIC: usize = 200;

/// A fair solution with what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fair {
    /// The choice; its certificate's bound is the best total of all, so that the gap is the loss.
    pub solution: Solution,
    /// Worth of each request in millionths.
    pub worths: Vec<i64>,
    /// The smallest worth.
    pub worst: i64,
    /// No choice has a greater smallest worth than this.
    pub worst_bound: i64,
    /// Whether the whole order of worths is proved to be the best.
    pub proved: bool,
    /// The best total of all.
    pub best_total: i64,
}

/// Solves for the worst request first. With `floor`, weights rise only until every request has at
/// least that worth, where possible.
///
/// # Errors
/// See [`solver::solve`].
pub fn solve_fair(
    problem: &Problem,
    floor: Option<i64>,
    options: &Options,
) -> Result<Fair, Failure> {
    let best = solver::solve(problem, options)?;
    let own: Vec<i64> = (0..problem.requests.len())
        .map(|r| own_best(problem, r))
        .collect();
    let mut worst_bound = own.iter().copied().min().unwrap_or(0);
    let goal = floor.unwrap_or(i64::MAX).min(worst_bound);
    let mut choice = best.choice();
    if !super::composition::binds(problem) {
        let mut run = Run::new(problem, options)?;
        run.raise_worst(goal, options)?;
        if run.weakest().is_some_and(|r| run.worths[r] < goal) {
            worst_bound = worst_bound.min(run.bound(problem, options)?);
        }
        run.lower(goal)?;
        if floor.is_none() && problem.requests.len() <= LEXICOGRAPHIC {
            run.raise_all(&own, options)?;
        }
        choice = run.choice(problem);
    }
    choice = redeal::raise(problem, choice, goal.min(worst_bound), options)?;
    let mut proved = false;
    if floor.is_none() && problem.requests.len() <= LEXICOGRAPHIC {
        let found = leximin::search(problem, choice, options)?;
        (choice, proved) = (found.choice, found.complete);
    }
    let worths: Vec<i64> = (0..choice.len())
        .map(|r| worth(problem, r, &choice[r]))
        .collect();
    let worst = worths.iter().copied().min().unwrap_or(0);
    if proved {
        worst_bound = worst;
    }
    let best_total = best.total;
    let solution = with_choice(problem, best, &choice);
    Ok(Fair {
        solution,
        worths,
        worst,
        worst_bound,
        proved,
        best_total,
    })
}

/// What a panel is worth to its request.
pub(super) fn worth(problem: &Problem, request: usize, panel: &[usize]) -> i64 {
    let row = problem.pairs.row(request).iter();
    row.filter(|p| panel.contains(&(p.expert as usize)))
        .map(|p| i64::from(p.score))
        .sum()
}

/// The most a request could have if it were alone.
fn own_best(problem: &Problem, request: usize) -> i64 {
    let fixed = problem.fixed.iter().filter(|l| l.request == request);
    let fixed: Vec<Link> = fixed
        .map(|l| Link {
            request: 0,
            expert: l.expert,
        })
        .collect();
    let mut alone = Problem {
        experts: problem.experts.clone(),
        requests: vec![problem.requests[request].clone()],
        fixed,
        min_relevance: problem.min_relevance,
        ..Problem::default()
    };
    alone.requests[0].unfilled_price = 0;
    alone
        .pairs
        .push_row(problem.pairs.row(request).iter().copied());
    leximin::best_alone(&alone)
}

/// The solution of a choice, with the best one's proof of the bound.
pub(crate) fn with_choice(problem: &Problem, best: Solution, choice: &[Vec<usize>]) -> Solution {
    let mut solution = best;
    for (r, panel) in choice.iter().enumerate() {
        let fixed = |e: usize| {
            problem.fixed.contains(&Link {
                request: r,
                expert: e,
            })
        };
        let seat = |&expert: &usize| super::solution::Seat {
            expert,
            score: problem.pairs.score(r, expert).unwrap_or(0),
            fixed: fixed(expert),
        };
        solution.panels[r] = panel.iter().map(seat).collect();
        solution.panels[r].sort_by_key(|s| std::cmp::Reverse(s.score));
        let open = (problem.requests[r].demand as usize).saturating_sub(panel.len());
        solution.unfilled[r] = open as u32;
    }
    solution.total = verify::total_of(problem, choice).unwrap_or(i64::MIN);
    solution.certificate.total = solution.total;
    solution
}

/// A network whose weights move, and the best panels met.
struct Run {
    net: Network,
    search: Search,
    /// Worth of fixed experts.
    fixed: Vec<i64>,
    worths: Vec<i64>,
    steps: Vec<u32>,
    kept: Option<(Vec<i64>, Network, Vec<u32>)>,
}

impl Run {
    fn new(problem: &Problem, options: &Options) -> Result<Self, Failure> {
        let mut net = Network::with_weights(problem, options.seed, MOST);
        let mut search = Search::default();
        solver::settle_all(&mut net, &mut search, options)?;
        net.moved.clear();
        let m = problem.requests.len();
        let mut fixed = vec![0; m];
        for link in &problem.fixed {
            let score = problem.pairs.score(link.request, link.expert);
            fixed[link.request] += i64::from(score.unwrap_or(0));
        }
        let mut run = Self {
            net,
            search,
            fixed,
            worths: vec![0; m],
            steps: vec![0; m],
            kept: None,
        };
        for r in 0..m {
            run.worths[r] = run.worth(r);
        }
        run.keep();
        Ok(run)
    }

    fn worth(&self, r: usize) -> i64 {
        let seated = self.net.panel(r).iter().filter(|p| p.expert != NOBODY);
        self.fixed[r] + seated.map(|p| self.net.score(r, p)).sum::<i64>()
    }

    /// Moves a weight and lets the network follow.
    fn weigh(&mut self, r: usize, steps: u32) {
        self.steps[r] = steps;
        let factor = (MOST as f64).powf(f64::from(steps) / f64::from(STEPS));
        let weight = (self.net.ties.scale as f64 * factor) as i64;
        self.net.revalue(r, weight, Vec::new());
        solver::rebid(&mut self.net, &mut self.search, r);
        for moved in std::mem::take(&mut self.net.moved) {
            self.worths[moved as usize] = self.worth(moved as usize);
        }
    }

    fn weakest(&self) -> Option<usize> {
        (0..self.worths.len()).min_by_key(|&r| self.worths[r])
    }

    fn order(&self) -> Vec<i64> {
        let mut order = self.worths.clone();
        order.sort_unstable();
        order
    }

    fn keep(&mut self) {
        self.kept = Some((self.order(), self.net.clone(), self.steps.clone()));
    }

    fn restore(&mut self) {
        if let Some((_, net, steps)) = &self.kept {
            (self.net, self.steps) = (net.clone(), steps.clone());
            for r in 0..self.worths.len() {
                self.worths[r] = self.worth(r);
            }
        }
    }

    /// Raises the weakest request again and again until the worst reaches the goal or the weakest
    /// cannot be raised; keeps the best met.
    fn raise_worst(&mut self, goal: i64, options: &Options) -> Result<(), Failure> {
        let limit = 2 * STEPS as usize * self.worths.len() + 1000;
        let mut best = self.weakest().map_or(0, |r| self.worths[r]);
        let mut best_steps = self.steps.clone();
        for step in 0..limit {
            let Some(r) = self.weakest() else { break };
            if self.worths[r] > best {
                best = self.worths[r];
                best_steps.clone_from(&self.steps);
            }
            if best >= goal || self.steps[r] >= STEPS {
                break;
            }
            if step % 64 == 0 {
                options.report(Stage::Fairness, step, limit)?;
            }
            self.weigh(r, self.steps[r] + 1);
        }
        for (r, steps) in best_steps.into_iter().enumerate() {
            if self.steps[r] != steps {
                self.weigh(r, steps);
            }
        }
        self.keep();
        Ok(())
    }

    /// An upper bound of the worst worth: no worst worth is above a weighted mean of worths, and the
    /// best weighted sum is another problem for the network. Raised requests count, others do not.
    fn bound(&self, problem: &Problem, options: &Options) -> Result<i64, Failure> {
        let mut plain = problem.clone();
        (plain.load_price, plain.stability_price) = (0, 0);
        for request in &mut plain.requests {
            request.unfilled_price = 0;
        }
        let mut net = Network::plain(&plain, &self.net.ties);
        let (mut weights, mut sum) = (0i128, 0i128);
        for r in 0..self.steps.len() {
            let weight = self.net.rows[r].weight - self.net.ties.scale;
            net.revalue(r, weight, Vec::new());
            weights += i128::from(weight);
            sum += i128::from(weight) * i128::from(self.fixed[r]);
        }
        if weights == 0 {
            return Ok(i64::MAX);
        }
        solver::settle_all(&mut net, &mut Search::default(), options)?;
        sum += net.dual_value();
        Ok(i64::try_from(sum.div_euclid(weights)).unwrap_or(i64::MAX))
    }

    /// Lowers weights, highest worth first, as long as nobody falls below the worst or the goal.
    fn lower(&mut self, goal: i64) -> Result<(), Failure> {
        let least = self.weakest().map_or(0, |r| self.worths[r]).min(goal);
        let mut raised: Vec<usize> = (0..self.steps.len())
            .filter(|&r| self.steps[r] > 0)
            .collect();
        raised.sort_unstable_by_key(|&r| (std::cmp::Reverse(self.worths[r]), r));
        for r in raised {
            while self.steps[r] > 0 {
                self.weigh(r, self.steps[r] - 1);
                if self.weakest().is_some_and(|w| self.worths[w] < least) {
                    self.weigh(r, self.steps[r] + 1);
                    break;
                }
            }
        }
        if self.weakest().is_some_and(|w| self.worths[w] < least) {
            self.restore();
        } else {
            self.keep();
        }
        Ok(())
    }

    /// Raises one request after the other, weakest first, and keeps every better order.
    fn raise_all(&mut self, own: &[i64], options: &Options) -> Result<(), Failure> {
        let m = self.worths.len();
        let mut tried = vec![false; m];
        let mut rounds = 0;
        loop {
            let open = (0..m).filter(|&r| !tried[r] && self.worths[r] < own[r]);
            let Some(r) = open.min_by_key(|&r| self.worths[r]) else {
                break;
            };
            options.report(Stage::Fairness, rounds, m)?;
            rounds += 1;
            tried[r] = true;
            for steps in self.steps[r] + 1..=STEPS {
                self.weigh(r, steps);
                if self.kept.as_ref().is_some_and(|k| self.order() > k.0) {
                    self.keep();
                    if rounds < 20 * m {
                        tried.fill(false);
                    }
                }
            }
            self.restore();
        }
        Ok(())
    }

    fn choice(&self, problem: &Problem) -> Vec<Vec<usize>> {
        let panels = solver::panels(problem, &self.net).0;
        panels
            .iter()
            .map(|panel| panel.iter().map(|s| s.expert).collect())
            .collect()
    }
}
