//! Small changes after a solution: a decline, an acceptance, a leave, a new request.
//!
//! A [`Session`] keeps prices and panels, so that one event moves only what it must and the result
//! is still the optimum, as if solved anew. How much may move is a matter of price: standing pairs
//! earn `stability_price`, and [`solve_within`] finds the price that keeps changes in bounds.

use super::model::{Link, Pair, Problem, Request};
use super::network::{NOBODY, Network};
use super::search::Search;
use super::solution::{Seat, Solution};
use super::solver::{self, Failure, Options};
use super::{cases, composition};

/// Who left and who came on one panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Index of the request.
    pub request: usize,
    /// Experts who left.
    pub left: Vec<usize>,
    /// Experts who came.
    pub came: Vec<usize>,
}

/// A solved problem that takes events.
///
/// With compositions every event solves anew; without, only its neighbourhood is touched.
pub struct Session {
    problem: Problem,
    seed: u64,
    net: Network,
    search: Search,
    /// Pairs that became impossible, not yet taken out of the problem's rows.
    gone: Vec<Link>,
    /// Experts of each panel, fixed ones included, as last told to the caller.
    told: Vec<Vec<usize>>,
    composed: bool,
}

impl Session {
    /// Solves a problem and stays ready for events.
    ///
    /// # Errors
    /// If the problem cannot be read, or the watcher stops the run.
    pub fn new(problem: Problem, options: &Options) -> Result<Self, Failure> {
        problem.check()?;
        let composed = composition::binds(&problem);
        let mut net = Network::new(&problem, options.seed);
        let mut search = Search::default();
        let told = if composed {
            cases::solve(&problem, options)?.choice()
        } else {
            solver::settle_all(&mut net, &mut search, options)?;
            net.build_columns();
            choice(&solver::panels(&problem, &net).0)
        };
        net.moved.clear();
        let (seed, gone) = (options.seed, Vec::new());
        Ok(Self {
            problem,
            seed,
            net,
            search,
            gone,
            told,
            composed,
        })
    }

    /// The experts of each request, fixed ones included.
    #[must_use]
    pub fn panels(&self) -> &[Vec<usize>] {
        &self.told
    }

    /// The expert will not serve on this request.
    ///
    /// # Errors
    /// If solving anew fails; see [`solver::solve`].
    pub fn decline(&mut self, link: Link) -> Result<Vec<Change>, Failure> {
        let e = self.inner(link)?;
        let accepted = self.problem.fixed.len();
        self.problem.fixed.retain(|l| *l != link);
        self.problem.standing.retain(|l| *l != link);
        self.gone.push(link);
        if self.problem.fixed.len() < accepted {
            return self.anew();
        }
        self.net.forbid(link.request, e);
        solver::rebid(&mut self.net, &mut self.search, link.request);
        self.changes()
    }

    /// The expert accepted: the pair stays from now on. Nothing moves.
    ///
    /// # Errors
    /// If the expert is not on the panel.
    pub fn accept(&mut self, link: Link) -> Result<(), Failure> {
        let e = self.inner(link)?;
        if !self.told[link.request].contains(&link.expert) {
            let Link { request, expert } = link;
            return Err(super::model::Invalid::Unknown { request, expert }.into());
        }
        if !self.problem.fixed.contains(&link) {
            self.problem.fixed.push(link);
            self.net.fix(link.request, e);
        }
        Ok(())
    }

    /// The expert can hold so many places from now on (0 on leave); fixed ones stay.
    ///
    /// # Errors
    /// If the expert does not exist, or solving anew fails.
    pub fn set_capacity(&mut self, expert: usize, capacity: u32) -> Result<Vec<Change>, Failure> {
        let e = self.inner(Link { request: 0, expert })? as usize;
        self.problem.experts[expert].capacity = capacity;
        let fixed = self
            .problem
            .fixed
            .iter()
            .filter(|l| l.expert == expert)
            .count();
        self.net.slots[e].free = (capacity as usize).saturating_sub(fixed);
        self.net.price[e] = self.net.price[e].min(self.net.closed);
        while self.net.overloaded(e) {
            self.search.relieve(&mut self.net, e);
        }
        if self.net.slots[e].free == 0 {
            self.net.price[e] = self.net.closed;
        }
        while self.net.underused(e) {
            self.search.engage(&mut self.net, e);
        }
        self.changes()
    }

    /// A new request with its allowed pairs; its index is the next one.
    ///
    /// # Errors
    /// If the request or its row cannot be read, or solving anew fails.
    pub fn request(&mut self, request: Request, row: Vec<Pair>) -> Result<Vec<Change>, Failure> {
        let r = self.problem.requests.len();
        while self.problem.pairs.rows() < r {
            self.problem.pairs.push_row([]);
        }
        let mut single = Problem {
            requests: vec![request],
            ..Problem::default()
        };
        single.experts.clone_from(&self.problem.experts);
        single.pairs.push_row(row.iter().copied());
        single.check()?;
        self.composed |= composition::binds(&single);
        self.problem.requests.append(&mut single.requests);
        self.problem.pairs.push_row(row);
        self.told.push(Vec::new());
        if !self.net.ties.still_fit(&self.problem) {
            return self.anew();
        }
        let first = self.net.candidates.len();
        self.net.push_row(&self.problem, r, &[], &[]);
        if let Some(columns) = &mut self.net.columns {
            for p in &self.net.candidates[first..] {
                columns[p.expert as usize].push((r as u32, p.value));
            }
        }
        solver::rebid(&mut self.net, &mut self.search, r);
        self.changes()
    }

    /// The whole answer with its certificate.
    ///
    /// # Errors
    /// If solving anew fails; see [`solver::solve`].
    pub fn solution(&mut self) -> Result<Solution, Failure> {
        self.drop_gone();
        if self.composed {
            let options = Options {
                seed: self.seed,
                ..Options::default()
            };
            return cases::solve(&self.problem, &options);
        }
        Ok(solver::optimal(&self.problem, &self.net))
    }

    /// The problem as it stands after all events.
    pub fn problem(&mut self) -> &Problem {
        self.drop_gone();
        &self.problem
    }

    fn drop_gone(&mut self) {
        self.problem.pairs.remove(&self.gone);
        self.gone.clear();
    }

    fn inner(&self, link: Link) -> Result<u32, Failure> {
        let Link { request, expert } = link;
        let known = request < self.problem.requests.len() || self.problem.requests.is_empty();
        match self.net.inner.get(expert).filter(|_| known) {
            Some(&e) => Ok(e),
            None => Err(super::model::Invalid::Unknown { request, expert }.into()),
        }
    }

    /// Solves the problem as it stands, for events the network cannot take.
    fn anew(&mut self) -> Result<Vec<Change>, Failure> {
        self.drop_gone();
        let options = Options {
            seed: self.seed,
            ..Options::default()
        };
        let mut fresh = Self::new(self.problem.clone(), &options)?;
        std::mem::swap(&mut fresh.told, &mut self.told);
        *self = fresh;
        self.net.moved = (0..self.problem.requests.len() as u32).collect();
        self.changes()
    }

    /// What moved since the caller was last told.
    fn changes(&mut self) -> Result<Vec<Change>, Failure> {
        let mut moved: Vec<usize> = self.net.moved.drain(..).map(|r| r as usize).collect();
        let mut anew = None;
        if self.composed {
            anew = Some(self.solution()?.choice());
            moved = (0..self.told.len()).collect();
        }
        moved.sort_unstable();
        moved.dedup();
        let mut changes = Vec::new();
        for request in moved {
            let now = match &mut anew {
                Some(all) => std::mem::take(&mut all[request]),
                None => self.panel(request),
            };
            let before = std::mem::replace(&mut self.told[request], now);
            let now = &self.told[request];
            let left: Vec<usize> = before
                .iter()
                .copied()
                .filter(|e| !now.contains(e))
                .collect();
            let came: Vec<usize> = now
                .iter()
                .copied()
                .filter(|e| !before.contains(e))
                .collect();
            if !left.is_empty() || !came.is_empty() {
                changes.push(Change {
                    request,
                    left,
                    came,
                });
            }
        }
        Ok(changes)
    }

    fn panel(&self, request: usize) -> Vec<usize> {
        let fixed = self
            .problem
            .fixed
            .iter()
            .filter(|l| l.request == request)
            .map(|l| l.expert);
        let seated = self
            .net
            .panel(request)
            .iter()
            .filter(|p| p.expert != NOBODY);
        fixed
            .chain(seated.map(|p| self.net.outer[p.expert as usize] as usize))
            .collect()
    }
}

fn choice(panels: &[Vec<Seat>]) -> Vec<Vec<usize>> {
    panels
        .iter()
        .map(|panel| panel.iter().map(|s| s.expert).collect())
        .collect()
}

/// Standing pairs a solution gives up.
#[must_use]
pub fn given_up(problem: &Problem, solution: &Solution) -> usize {
    let lost = |l: &&Link| {
        solution.panels[l.request]
            .iter()
            .all(|s| s.expert != l.expert)
    };
    problem.standing.iter().filter(lost).count()
}

/// Solves a problem so that at most `most` standing pairs are given up where that is possible: the
/// stability price is raised to the least that keeps to it. Returns the price used as well; at this
/// price the solution is an optimum, hence the best of all that give up no more than it does.
///
/// # Errors
/// See [`solver::solve`].
pub fn solve_within(
    problem: &Problem,
    most: usize,
    options: &Options,
) -> Result<(Solution, i64), Failure> {
    let mut priced = problem.clone();
    let mut attempt = |price: i64| -> Result<(Solution, bool), Failure> {
        priced.stability_price = price;
        let solution = solver::solve(&priced, options)?;
        let within = given_up(&priced, &solution) <= most;
        Ok((solution, within))
    };
    let (solution, within) = attempt(problem.stability_price)?;
    if within {
        return Ok((solution, problem.stability_price));
    }
    let (mut low, mut high) = (problem.stability_price, problem.required_price());
    let (mut best, _) = attempt(high)?;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        let (solution, within) = attempt(middle)?;
        if within {
            (best, high) = (solution, middle);
        } else {
            low = middle;
        }
    }
    Ok((best, high))
}

/// An expert who could step in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Reserve {
    /// Index of the expert.
    pub expert: usize,
    /// Relevance of the pair in millionths.
    pub score: i32,
}

/// Reserves of each request in order, at most `most`: allowed experts with a place left whose unit
/// has room on the panel, best score net of load first, then the lighter load, then the seeded order.
#[must_use]
pub fn reserves(
    problem: &Problem,
    solution: &Solution,
    most: usize,
    seed: u64,
) -> Vec<Vec<Reserve>> {
    let mut served = vec![0u32; problem.experts.len()];
    for seat in solution.panels.iter().flatten() {
        served[seat.expert] += 1;
    }
    let mut all = Vec::with_capacity(problem.requests.len());
    for (r, wanted) in problem.requests.iter().enumerate() {
        let panel = &solution.panels[r];
        let mut list: Vec<Reserve> = Vec::new();
        for pair in problem.pairs.row(r) {
            let expert = pair.expert as usize;
            let unit = problem.experts[expert].unit;
            let same = panel
                .iter()
                .filter(|s| problem.experts[s.expert].unit == unit)
                .count();
            if pair.score >= problem.min_relevance
                && panel.iter().all(|s| s.expert != expert)
                && served[expert] < problem.experts[expert].capacity
                && same < wanted.max_per_unit as usize
            {
                list.push(Reserve {
                    expert,
                    score: pair.score,
                });
            }
        }
        list.sort_by_cached_key(|reserve| {
            let expert = &problem.experts[reserve.expert];
            let load = i64::from(expert.service) + i64::from(served[reserve.expert]);
            let worth = i64::from(reserve.score) - problem.load_price * load;
            (
                std::cmp::Reverse(worth),
                load,
                super::ties::mix(expert.key ^ wanted.key ^ seed),
            )
        });
        list.truncate(most);
        all.push(list);
    }
    all
}
