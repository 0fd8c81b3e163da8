//! Solving a prepared problem. The engine knows no time of day, so an expert may come out on two
//! panels that meet at the same time; such a pair of places is told apart here by trying both ways,
//! best first, as long as there are few.

use std::{cmp::Reverse, collections::BinaryHeap};

use matching::assign::{
    Failure, Link, Options, Pairs, Problem, Seat, Solution, Violation, fair::solve_fair, solve,
    verify,
};

use super::{draw::Draws, problem::Prepared, rules, snapshot::Snapshot};

/// With more clashes than these, or after so many ways tried, each expert keeps the better of two
/// places at one time and the other is given up, all at once. So it is in the fair mode, where the total
/// does not tell which way is better.
const FEW_CLASHES: usize = 4;
const MOST_TRIES: usize = 32;

/// Up to so many panels the fair order is searched to its end; beyond, only the worst panel is raised
/// as far as it goes, which takes a fraction of the time.
const WHOLE_ORDER: usize = 20;

/// What cannot happen with a sound engine, and is not stored if it does.
#[derive(Debug, thiserror::Error)]
pub enum Unsolved {
    /// The engine refuses the problem.
    #[error("the problem is refused: {0}")]
    Failure(Failure),
    /// The checker refuses the answer.
    #[error("the answer breaks a rule: {0}")]
    Violation(#[from] Violation),
}

/// What is to be best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The total.
    Best,
    /// The worst panel, then the next, then the total.
    Fair,
}

/// An answer that the checker has accepted.
#[derive(Clone, Debug)]
pub struct Solved {
    /// The answer.
    pub solution: Solution,
    /// No choice has a greater total.
    pub bound: i64,
    /// Whether the checker has proved that there is no better choice.
    pub proved: bool,
    /// The draws, where the choice was drawn.
    pub draws: Draws,
}

/// Solves a problem in one of the modes.
///
/// # Errors
/// When the engine or the checker refuses.
pub fn solve_by(
    mode: Mode,
    prepared: &Prepared,
    snapshot: &Snapshot,
    seed: u64,
) -> Result<Solved, Unsolved> {
    let options = Options {
        seed,
        ..Options::default()
    };
    let floor = (prepared.problem.requests.len() > WHOLE_ORDER).then_some(i64::MAX);
    let run = |banned: &[Link]| -> Result<Way, Unsolved> {
        let problem = without(&prepared.problem, banned);
        let (solution, best) = match mode {
            Mode::Best => (solve(&problem, &options), true),
            Mode::Fair => match solve_fair(&problem, floor, &options) {
                Ok(fair) => (Ok(fair.solution), fair.proved),
                Err(failure) => (Err(failure), false),
            },
        };
        let solution = solution.map_err(Unsolved::Failure)?;
        Ok(Way {
            total: solution.total,
            order: Reverse(banned.len()),
            banned: banned.to_vec(),
            best,
            solution,
        })
    };
    let first = run(&[])?;
    let bound = first.solution.bound;
    let mut ways = BinaryHeap::from([first]);
    let mut tries = 1;
    while let Some(way) = ways.pop() {
        let clashes = clashes(prepared, snapshot, &way.solution);
        let Some(first) = clashes.first() else {
            return checked(mode, prepared, way, bound);
        };
        let many = tries >= MOST_TRIES || clashes.len() > FEW_CLASHES;
        if many || mode == Mode::Fair {
            ways.clear();
            let mut banned = way.banned;
            banned.extend(clashes.iter().map(|clash| clash.lesser));
            banned.sort();
            banned.dedup();
            ways.push(run(&banned)?);
            continue;
        }
        for link in [Some(first.lesser), first.better].into_iter().flatten() {
            let mut banned = way.banned.clone();
            banned.push(link);
            ways.push(run(&banned)?);
            tries += 1;
        }
    }
    Err(Unsolved::Failure(Failure::Cancelled))
}

/// The answer, once the checker has accepted it. The greatest total is proved by the prices alone; for
/// the fair order the engine has searched it completely, without a pair ruled out by time.
fn checked(mode: Mode, prepared: &Prepared, way: Way, bound: i64) -> Result<Solved, Unsolved> {
    let problem = without(&prepared.problem, &way.banned);
    let proof = verify(&problem, &way.solution.choice(), &way.solution.certificate)?;
    Ok(Solved {
        proved: match mode {
            Mode::Best => proof.gap() == 0 && proof.total == bound,
            Mode::Fair => way.best && way.banned.is_empty(),
        },
        solution: way.solution,
        bound,
        draws: Draws::default(),
    })
}

/// A way to tell clashes apart, with its answer; the greatest total is the first to be looked at.
struct Way {
    total: i64,
    order: Reverse<usize>,
    banned: Vec<Link>,
    /// Whether the engine says that it is the best of its kind.
    best: bool,
    solution: Solution,
}

impl Ord for Way {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.total, self.order)
            .cmp(&(other.total, other.order))
            .then_with(|| other.banned.cmp(&self.banned))
    }
}

impl PartialOrd for Way {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Way {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Way {}

/// An expert on two panels at the same time.
struct Clash {
    /// The place of less relevance, or the one that is not fixed.
    lesser: Link,
    /// The other place, unless it is fixed.
    better: Option<Link>,
}

/// Experts on two panels at the same time; two fixed places stay as they are.
fn clashes(prepared: &Prepared, snapshot: &Snapshot, solution: &Solution) -> Vec<Clash> {
    let mut serves: Vec<Vec<(usize, Seat)>> = vec![Vec::new(); prepared.problem.experts.len()];
    let mut found = Vec::new();
    for (request, panel) in solution.panels.iter().enumerate() {
        for seat in panel {
            for (other, theirs) in &serves[seat.expert] {
                let same_time = rules::overlap(&snapshot.panels[request], &snapshot.panels[*other]);
                if !same_time || (seat.fixed && theirs.fixed) {
                    continue;
                }
                let mut both = [(request, *seat), (*other, *theirs)];
                both.sort_by_key(|(request, seat)| (seat.fixed, seat.score, *request));
                let [lesser, better] = both.map(|(request, seat)| Link {
                    request,
                    expert: seat.expert,
                });
                found.push(Clash {
                    lesser,
                    better: (!both[1].1.fixed).then_some(better),
                });
            }
            serves[seat.expert].push((request, *seat));
        }
    }
    found
}

/// The problem without some of its pairs.
fn without(problem: &Problem, banned: &[Link]) -> Problem {
    if banned.is_empty() {
        return problem.clone();
    }
    let mut pairs = Pairs::default();
    for request in 0..problem.requests.len() {
        let row = problem.pairs.row(request).iter().copied();
        pairs.push_row(row.filter(|pair| {
            let expert = pair.expert as usize;
            !banned.contains(&Link { request, expert })
        }));
    }
    Problem {
        pairs,
        ..problem.clone()
    }
}
