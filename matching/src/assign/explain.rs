//! Why this expert and why not that one, and what a run came to: as data.
//!
//! How far a pair is from being chosen is exact: the problem is solved once more with the pair
//! forced, and the difference of the totals is what its score lacks.

use serde::Serialize;

use super::model::{Link, Problem};
use super::solution::Solution;
use super::solver::{self, Failure, Options};

/// A pair the caller left out of the problem, and by which rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recusal {
    /// The pair.
    pub pair: Link,
    /// The caller's code of the rule, for example `own_unit`.
    pub code: String,
}

/// Where an expert stands with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Standing {
    /// On the panel.
    Assigned {
        /// Place by score, from 1.
        rank: usize,
        /// Whether fixed beforehand.
        fixed: bool,
    },
    /// Left out by the caller.
    Recused {
        /// The caller's code of the rule.
        rule: String,
    },
    /// No pair was given, and no reason.
    NotListed,
    /// Below the minimum relevance.
    BelowMinimum {
        /// The pair's score.
        score: i32,
        /// The minimum.
        minimum: i32,
    },
    /// Has no place at all (on leave, or at the limit by earlier service).
    NoPlaces,
    /// All places are taken by these requests.
    Full {
        /// Requests served instead.
        serves: Vec<usize>,
        /// Points short, in millionths.
        short: i64,
    },
    /// The unit already sends as many as it may.
    UnitOnPanel {
        /// Those of the unit on the panel.
        seated: Vec<usize>,
        /// Points short, in millionths.
        short: i64,
    },
    /// Others are better, all things considered.
    Short {
        /// Points short, in millionths.
        short: i64,
    },
}

/// The smallest change after which the expert would sit on the panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Flip {
    /// The expert takes so many places.
    Capacity {
        /// How many, instead of the capacity.
        to: u32,
    },
    /// The request takes so many of a unit.
    UnitLimit {
        /// How many, instead of the limit.
        to: u32,
    },
    /// The score rises by so many millionths.
    Score {
        /// How much.
        by: i64,
    },
    /// The minimum relevance falls by so many millionths.
    Minimum {
        /// How much.
        by: i32,
    },
    /// The rule of recusal would have to be lifted; no score helps.
    LiftRecusal,
}

/// One expert and one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The pair.
    pub pair: Link,
    /// Where it stands.
    pub standing: Standing,
    /// What would change that; none for those on the panel.
    pub flip: Option<Flip>,
}

/// Explains one pair of a solution.
///
/// # Errors
/// See [`solver::solve`]; and if the pair does not exist.
pub fn explain(
    problem: &Problem,
    solution: &Solution,
    recusals: &[Recusal],
    pair: Link,
    options: &Options,
) -> Result<Explanation, Failure> {
    let Link { request, expert } = pair;
    if request >= problem.requests.len() || expert >= problem.experts.len() {
        return Err(super::model::Invalid::Unknown { request, expert }.into());
    }
    let (standing, flip) = stand(problem, solution, recusals, pair, options)?;
    Ok(Explanation {
        pair,
        standing,
        flip,
    })
}

fn stand(
    problem: &Problem,
    solution: &Solution,
    recusals: &[Recusal],
    pair: Link,
    options: &Options,
) -> Result<(Standing, Option<Flip>), Failure> {
    let Link { request, expert } = pair;
    let panel = &solution.panels[request];
    if let Some(at) = panel.iter().position(|s| s.expert == expert) {
        return Ok((
            Standing::Assigned {
                rank: at + 1,
                fixed: panel[at].fixed,
            },
            None,
        ));
    }
    if let Some(recusal) = recusals.iter().find(|r| r.pair == pair) {
        let rule = recusal.code.clone();
        return Ok((Standing::Recused { rule }, Some(Flip::LiftRecusal)));
    }
    let Some(score) = problem.pairs.score(request, expert) else {
        return Ok((Standing::NotListed, None));
    };
    if score < problem.min_relevance {
        let minimum = problem.min_relevance;
        let by = minimum - score;
        return Ok((
            Standing::BelowMinimum { score, minimum },
            Some(Flip::Minimum { by }),
        ));
    }
    if problem.experts[expert].capacity == 0 {
        let held = problem.fixed.iter().filter(|l| l.expert == expert).count();
        return Ok((
            Standing::NoPlaces,
            Some(Flip::Capacity {
                to: held as u32 + 1,
            }),
        ));
    }
    let mut forced = problem.clone();
    forced.fixed.push(pair);
    // A fixed pair earns no stability price, but a chosen one would.
    let bonus = if problem.standing.contains(&pair) {
        problem.stability_price
    } else {
        0
    };
    let short = (solution.total - solver::solve(&forced, options)?.total - bonus).max(0);
    let sits = |changed: &Problem| -> Result<bool, Failure> {
        let panels = solver::solve(changed, options)?.panels;
        Ok(panels[request].iter().any(|s| s.expert == expert))
    };
    let by_score = Flip::Score { by: short + 1 };
    let unit = problem.experts[expert].unit;
    let of_unit = panel
        .iter()
        .map(|s| s.expert)
        .filter(|&e| problem.experts[e].unit == unit);
    let seated: Vec<usize> = of_unit.collect();
    if seated.len() >= problem.requests[request].max_per_unit as usize {
        let mut wider = problem.clone();
        let to = seated.len() as u32 + 1;
        wider.requests[request].max_per_unit = to;
        let flip = if sits(&wider)? {
            Flip::UnitLimit { to }
        } else {
            by_score
        };
        return Ok((Standing::UnitOnPanel { seated, short }, Some(flip)));
    }
    let panels = solution.panels.iter().enumerate();
    let served = panels.filter(|(_, p)| p.iter().any(|s| s.expert == expert));
    let serves: Vec<usize> = served.map(|(r, _)| r).collect();
    if serves.len() >= problem.experts[expert].capacity as usize {
        let mut wider = problem.clone();
        let to = serves.len() as u32 + 1;
        wider.experts[expert].capacity = to;
        let flip = if sits(&wider)? {
            Flip::Capacity { to }
        } else {
            by_score
        };
        return Ok((Standing::Full { serves, short }, Some(flip)));
    }
    Ok((Standing::Short { short }, Some(by_score)))
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The total in millionths, prices included.
    pub total: i64,
    /// No choice has a greater total.
    pub bound: i64,
    /// Sum of the scores alone.
    pub relevance: i64,
    /// Places wanted, and places left open.
    pub places: u64,
    /// Places left open.
    pub unfilled: u64,
    /// The request whose panel is worth least, and how much.
    pub worst: Option<(usize, i64)>,
    /// Experts by places served in this run: `loads[k]` serve `k`.
    pub loads: Vec<usize>,
}

/// Sums a solution up.
#[must_use]
pub fn summary(problem: &Problem, solution: &Solution) -> Summary {
    let mut served = vec![0usize; problem.experts.len()];
    for seat in solution.panels.iter().flatten() {
        served[seat.expert] += 1;
    }
    let mut loads = vec![0; served.iter().max().map_or(0, |most| most + 1)];
    served.iter().for_each(|&k| loads[k] += 1);
    let worth = |r: usize| {
        solution.panels[r]
            .iter()
            .map(|s| i64::from(s.score))
            .sum::<i64>()
    };
    let worths = (0..solution.panels.len()).map(|r| (r, worth(r)));
    Summary {
        total: solution.total,
        bound: solution.bound,
        relevance: worths.clone().map(|w| w.1).sum(),
        places: problem.places(),
        unfilled: solution.unfilled.iter().map(|&u| u64::from(u)).sum(),
        worst: worths.min_by_key(|w| w.1),
        loads,
    }
}
