//! Who is at fault when places stay open: the smallest set of requests, experts and rules that
//! cannot all be served, and what would help.

use std::collections::BTreeSet;

use serde::Serialize;

use super::model::{Link, Pairs, Problem};
use super::solution::Solution;
use super::solver::{self, Failure, Options};

/// Requests that compete for too few places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shortage {
    /// Requests that cannot all be served; dropping any of them would do.
    pub requests: Vec<usize>,
    /// The experts they could have, all taken among them.
    pub experts: Vec<usize>,
    /// Rules that keep further experts away.
    pub rules: Vec<Rule>,
    /// Places wanted by these requests.
    pub wanted: u64,
    /// Places that can be filled at most.
    pub possible: u64,
    /// Single steps that each fill one place more, cheapest kind of step first.
    pub remedies: Vec<Remedy>,
}

/// A rule at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// A unit has more experts for the request than it may send.
    UnitLimit {
        /// Index of the request.
        request: usize,
        /// The unit.
        unit: u32,
    },
    /// Places of the request are kept for a kind nobody is left of.
    Composition {
        /// Index of the request.
        request: usize,
    },
}

/// One step that helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Remedy {
    /// The request takes one more of each unit.
    UnitLimit {
        /// Index of the request.
        request: usize,
    },
    /// The request keeps no places for a kind.
    Composition {
        /// Index of the request.
        request: usize,
    },
    /// The expert takes one place more.
    Capacity {
        /// Index of the expert.
        expert: usize,
    },
    /// The request wants one expert less.
    Demand {
        /// Index of the request.
        request: usize,
    },
}

/// Up to so many requests a set is reduced to one that cannot be reduced further.
const REDUCED: usize = 100;
/// Up to so many steps of each kind are tried.
const TRIED: usize = 40;

/// Finds the smallest set at fault, or none if every place is filled or nothing but the minimum
/// price of a place keeps it open.
///
/// # Errors
/// See [`solver::solve`].
pub fn shortage(
    problem: &Problem,
    solution: &Solution,
    options: &Options,
) -> Result<Option<Shortage>, Failure> {
    let short = (0..problem.requests.len()).filter(|&r| solution.unfilled[r] > 0);
    let reached = short.map(|r| reach(problem, solution, r));
    let Some(mut requests) = reached.min_by_key(BTreeSet::len) else {
        return Ok(None);
    };
    let open = |requests: &BTreeSet<usize>| -> Result<u64, Failure> {
        unfilled(&narrowed(problem, requests), options)
    };
    if open(&requests)? == 0 {
        return Ok(None);
    }
    if requests.len() <= REDUCED {
        for r in requests.clone() {
            let mut fewer = requests.clone();
            fewer.remove(&r);
            if open(&fewer)? > 0 {
                requests = fewer;
            }
        }
    }
    let core = narrowed(problem, &requests);
    let filled = solver::solve(&core, options)?;
    let missing: u64 = filled.unfilled.iter().map(|&u| u64::from(u)).sum();
    let members: Vec<usize> = requests.iter().copied().collect();
    let (experts, rules) = at_fault(problem, &core, &filled, &members);
    let remedies = remedies(&core, &members, &experts, &rules, missing, options)?;
    let wanted = core.places();
    Ok(Some(Shortage {
        requests: members,
        experts: experts.into_iter().collect(),
        rules,
        wanted,
        possible: wanted - missing,
        remedies,
    }))
}

/// Requests from which a place could be moved to an open one of `start`, were it free.
fn reach(problem: &Problem, solution: &Solution, start: usize) -> BTreeSet<usize> {
    let mut holders = vec![Vec::new(); problem.experts.len()];
    for (r, panel) in solution.panels.iter().enumerate() {
        panel.iter().for_each(|s| holders[s.expert].push(r));
    }
    let mut seen = BTreeSet::from([start]);
    let mut queue = vec![start];
    while let Some(r) = queue.pop() {
        for pair in problem
            .pairs
            .row(r)
            .iter()
            .filter(|p| p.score >= problem.min_relevance)
        {
            for &next in &holders[pair.expert as usize] {
                if seen.insert(next) {
                    queue.push(next);
                }
            }
        }
    }
    seen
}

/// The problem of these requests alone, where only filling counts.
fn narrowed(problem: &Problem, requests: &BTreeSet<usize>) -> Problem {
    let mut core = Problem {
        experts: problem.experts.clone(),
        ..Problem::default()
    };
    let mut pairs = Pairs::default();
    for (i, &r) in requests.iter().enumerate() {
        core.requests.push(problem.requests[r].clone());
        let row = problem
            .pairs
            .row(r)
            .iter()
            .filter(|p| p.score >= problem.min_relevance);
        pairs.push_row(row.map(|p| super::model::Pair { score: 0, ..*p }));
        let fixed = problem.fixed.iter().filter(|l| l.request == r);
        core.fixed.extend(fixed.map(|l| Link {
            request: i,
            expert: l.expert,
        }));
    }
    // Places accepted by others are gone.
    for link in problem
        .fixed
        .iter()
        .filter(|l| !requests.contains(&l.request))
    {
        let expert = &mut core.experts[link.expert];
        expert.capacity = expert.capacity.saturating_sub(1);
    }
    core.requests.iter_mut().for_each(|r| r.unfilled_price = 1);
    core.pairs = pairs;
    core
}

fn unfilled(core: &Problem, options: &Options) -> Result<u64, Failure> {
    let open = solver::solve(core, options)?.unfilled;
    Ok(open.iter().map(|&u| u64::from(u)).sum())
}

/// Experts the members share, and rules that keep experts with free places away.
fn at_fault(
    problem: &Problem,
    core: &Problem,
    filled: &Solution,
    members: &[usize],
) -> (BTreeSet<usize>, Vec<Rule>) {
    let mut served = vec![0; core.experts.len()];
    filled
        .panels
        .iter()
        .flatten()
        .for_each(|s| served[s.expert] += 1);
    let (mut experts, mut rules) = (BTreeSet::new(), Vec::new());
    for (i, &request) in members.iter().enumerate() {
        for pair in core.pairs.row(i) {
            let expert = pair.expert as usize;
            let spare = served[expert] < core.experts[expert].capacity;
            let seated = filled.panels[i].iter().any(|s| s.expert == expert);
            if seated || !spare {
                experts.insert(expert);
                continue;
            }
            let unit = problem.experts[expert].unit;
            let of_unit = filled.panels[i].iter();
            let of_unit = of_unit
                .filter(|s| problem.experts[s.expert].unit == unit)
                .count();
            let rule = if of_unit >= problem.requests[request].max_per_unit as usize {
                Rule::UnitLimit { request, unit }
            } else if filled.unfilled[i] > 0 {
                Rule::Composition { request }
            } else {
                continue;
            };
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
    }
    (experts, rules)
}

fn remedies(
    core: &Problem,
    members: &[usize],
    experts: &BTreeSet<usize>,
    rules: &[Rule],
    missing: u64,
    options: &Options,
) -> Result<Vec<Remedy>, Failure> {
    let at = |request: usize| members.iter().position(|&m| m == request).unwrap_or(0);
    let mut steps: Vec<(Remedy, Problem)> = Vec::new();
    let mut limits = BTreeSet::new();
    let mut kinds = BTreeSet::new();
    for rule in rules {
        match rule {
            Rule::UnitLimit { request, .. } => limits.insert(*request),
            Rule::Composition { request } => kinds.insert(*request),
        };
    }
    for request in limits.into_iter().take(TRIED) {
        let mut changed = core.clone();
        changed.requests[at(request)].max_per_unit += 1;
        steps.push((Remedy::UnitLimit { request }, changed));
    }
    for request in kinds.into_iter().take(TRIED) {
        let mut changed = core.clone();
        let wanted = &mut changed.requests[at(request)];
        (wanted.min_technical, wanted.min_standardization) = (0, 0);
        steps.push((Remedy::Composition { request }, changed));
    }
    for &expert in experts.iter().take(TRIED) {
        let mut changed = core.clone();
        changed.experts[expert].capacity += 1;
        steps.push((Remedy::Capacity { expert }, changed));
    }
    for &request in members.iter().take(TRIED) {
        let mut changed = core.clone();
        let wanted = &mut changed.requests[at(request)];
        if wanted.min_technical + wanted.min_standardization < wanted.demand {
            wanted.demand -= 1;
            steps.push((Remedy::Demand { request }, changed));
        }
    }
    let mut helpful = Vec::new();
    for (remedy, changed) in steps {
        if unfilled(&changed, options)? < missing {
            helpful.push(remedy);
        }
    }
    Ok(helpful)
}
