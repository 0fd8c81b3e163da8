//! The complete search for the fair order of small problems.
//!
//! Requests are filled one after the other; a branch is left when even the best panels for all
//! requests still open could not give a better order of worths. The number of steps is bounded, and
//! the result says whether the search was complete.

use super::fair::worth;
use super::model::{Kind, Problem};
use super::solver::{Failure, Options, Stage};
use super::verify;

/// Requests ordered anew over all steps.
const WORK: usize = 20_000_000;

/// The best choice met, and whether there is no better one.
pub(super) struct Found {
    pub choice: Vec<Vec<usize>>,
    pub complete: bool,
    /// Steps it took.
    pub steps: usize,
}

struct Search<'a> {
    problem: &'a Problem,
    options: &'a Options<'a>,
    /// Allowed experts of each request who are not fixed, best score first.
    rows: Vec<Vec<(i64, usize)>>,
    fixed: Vec<Vec<usize>>,
    order: Vec<usize>,
    /// Worth of finished requests, and the best possible of the others.
    hope: Vec<i64>,
    free: Vec<i64>,
    panels: Vec<Vec<usize>>,
    best: (Vec<i64>, i64),
    choice: Vec<Vec<usize>>,
    steps: usize,
    most: usize,
}

/// Improves a choice to the best order of worths if the steps suffice.
pub(super) fn search(
    problem: &Problem,
    choice: Vec<Vec<usize>>,
    options: &Options,
) -> Result<Found, Failure> {
    let most = WORK / problem.requests.len().max(1);
    search_within(problem, choice, most, options)
}

/// The same with at most so many steps.
pub(super) fn search_within(
    problem: &Problem,
    choice: Vec<Vec<usize>>,
    most: usize,
    options: &Options,
) -> Result<Found, Failure> {
    let mut search = Search::new(problem, options);
    search.most = most;
    let m = problem.requests.len();
    let mut order: Vec<i64> = (0..m).map(|r| worth(problem, r, &choice[r])).collect();
    order.sort_unstable();
    search.best = (
        order,
        verify::total_of(problem, &choice).unwrap_or(i64::MIN),
    );
    search.choice = choice;
    for r in 0..m {
        search.hope[r] = search.alone(r);
    }
    // Those with the least hope decide the order: fill them first.
    search.order.sort_by_key(|&r| search.hope[r]);
    search.fill(0, 0)?;
    Ok(Found {
        choice: search.choice,
        complete: search.steps < search.most,
        steps: search.steps,
    })
}

/// The most the only request of a problem can be worth, or an upper bound of it.
pub(super) fn best_alone(problem: &Problem) -> i64 {
    Search::new(problem, &Options::default()).alone(0)
}

impl<'a> Search<'a> {
    fn new(problem: &'a Problem, options: &'a Options<'a>) -> Self {
        let (n, m) = (problem.experts.len(), problem.requests.len());
        let mut free: Vec<i64> = problem
            .experts
            .iter()
            .map(|e| i64::from(e.capacity))
            .collect();
        let mut fixed = vec![Vec::new(); m];
        for link in &problem.fixed {
            free[link.expert] -= 1;
            fixed[link.request].push(link.expert);
        }
        let mut rows = Vec::with_capacity(m);
        for (r, fixed) in fixed.iter().enumerate() {
            let allowed = problem.pairs.row(r).iter().filter(|p| {
                let e = p.expert as usize;
                p.score >= problem.min_relevance && !fixed.contains(&e) && free[e] > 0
            });
            let mut row: Vec<(i64, usize)> = allowed
                .map(|p| (i64::from(p.score), p.expert as usize))
                .collect();
            row.sort_unstable_by_key(|&(score, e)| {
                (std::cmp::Reverse(score), problem.experts[e].key, e)
            });
            rows.push(row);
        }
        debug_assert_eq!(free.len(), n);
        Self {
            problem,
            options,
            rows,
            panels: fixed.clone(),
            fixed,
            order: (0..m).collect(),
            hope: vec![0; m],
            free,
            best: (Vec::new(), i64::MIN),
            choice: Vec::new(),
            steps: 0,
            most: WORK / m.max(1),
        }
    }

    /// Most worth of a request alone, kinds aside: the best of each unit, of those the best.
    fn alone(&self, r: usize) -> i64 {
        let mut panel = self.fixed[r].clone();
        let mut sum = worth(self.problem, r, &panel);
        for &(score, e) in self.rows[r].iter().take_while(|p| p.0 > 0) {
            if self.may_sit(r, e, &panel, false) {
                panel.push(e);
                sum += score;
            }
        }
        sum
    }

    fn may_sit(&self, r: usize, e: usize, panel: &[usize], kinds: bool) -> bool {
        let wanted = &self.problem.requests[r];
        let experts = &self.problem.experts;
        let same = panel
            .iter()
            .filter(|&&p| experts[p].unit == experts[e].unit)
            .count();
        let fits = panel.len() < wanted.demand as usize && same < wanted.max_per_unit as usize;
        let minimums = [
            (Kind::Technical, wanted.min_technical),
            (Kind::Standardization, wanted.min_standardization),
        ];
        fits && (!kinds
            || minimums.iter().all(|&(kind, minimum)| {
                let others = panel.iter().filter(|&&p| experts[p].kind != kind).count();
                experts[e].kind == kind || others < (wanted.demand - minimum) as usize
            }))
    }

    /// Whether the hopes make a better order than the best choice met.
    fn hopeful(&self) -> bool {
        let mut order = self.hope.clone();
        order.sort_unstable();
        order >= self.best.0
    }

    fn fill(&mut self, at: usize, from: usize) -> Result<(), Failure> {
        if self.steps >= self.most {
            return Ok(());
        }
        self.steps += 1;
        if self.steps.is_multiple_of(1 << 14) {
            self.options
                .report(Stage::Fairness, self.steps, self.most)?;
        }
        let Some(&r) = self.order.get(at) else {
            let mut order = self.hope.clone();
            order.sort_unstable();
            let total = verify::total_of(self.problem, &self.panels).unwrap_or(i64::MIN);
            if (&order, total) > (&self.best.0, self.best.1) {
                self.best = (order, total);
                self.choice.clone_from(&self.panels);
            }
            return Ok(());
        };
        let hoped = self.hope[r];
        let now = worth(self.problem, r, &self.panels[r]);
        for i in from..self.rows[r].len() {
            let (score, e) = self.rows[r][i];
            let left = (self.problem.requests[r].demand as usize)
                .saturating_sub(self.panels[r].len()) as i64;
            if left == 0 {
                break;
            }
            // The rest of the row is no better than this one.
            self.hope[r] = hoped.min(now + left * score.max(0));
            if !self.hopeful() {
                break;
            }
            if self.free[e] > 0 && self.may_sit(r, e, &self.panels[r], true) {
                self.free[e] -= 1;
                self.panels[r].push(e);
                self.fill(at, i + 1)?;
                self.panels[r].pop();
                self.free[e] += 1;
            }
        }
        // The panel as it stands, with the places left open.
        self.hope[r] = now;
        if self.hopeful() {
            self.fill(at + 1, 0)?;
        }
        self.hope[r] = hoped;
        Ok(())
    }
}
