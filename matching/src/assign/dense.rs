//! Problems whose pairs are too many to keep: rows are made when asked for.
//!
//! Each request starts with its best candidates and remembers the best score left out. After
//! solving, a request whose worst place is worth more than anything left out could be is proved
//! without a second look; the others' rows are made again and whoever could improve them joins.
//! When nobody does, the prices prove the answer for all pairs.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

pub use super::model::Rows;
use super::model::{Pair, Pairs, Problem};
use super::network::Network;
use super::search::Search;
use super::solution::Solution;
use super::solver::{self, Failure, Options, Stage};
use super::{cases, composition};

/// Candidates of a request to begin with, and how many may join at a time.
const CANDIDATES: usize = 64;

/// What is kept of a row.
#[derive(Debug, Clone, Default)]
struct Kept {
    candidates: Vec<Pair>,
    /// The best score left out.
    tail: Option<i32>,
}

/// Whether it is quicker to begin with the best candidates of each request than with all pairs: rows
/// are long, and there is so much room that few requests have to look further down.
pub(super) fn pays(problem: &Problem) -> bool {
    let capacity: u64 = problem.experts.iter().map(|e| u64::from(e.capacity)).sum();
    problem.fixed.is_empty()
        && problem.standing.is_empty()
        && problem.pairs.len() > 4 * CANDIDATES * problem.pairs.rows()
        && 20 * problem.places() <= 17 * capacity
}

/// Solves a problem by its own pairs.
pub(super) fn solve_pairs(problem: &Problem, options: &Options) -> Result<Solution, Failure> {
    let frame = Problem {
        pairs: Pairs::default(),
        experts: problem.experts.clone(),
        requests: problem.requests.clone(),
        fixed: Vec::new(),
        standing: Vec::new(),
        ..*problem
    };
    solve_rows(&frame, &problem.pairs, options).map(|(_, solution)| solution)
}

impl Rows for Pairs {
    fn row(&self, request: usize, row: &mut Vec<Pair>) {
        row.extend_from_slice(Self::row(self, request));
    }
}

/// Solves a problem whose pairs come from `rows` (its own list is not looked at). Returns the pairs
/// that were looked at closely, with the solution; the certificate holds for all pairs.
///
/// # Errors
/// See [`solver::solve`].
pub fn solve_rows(
    problem: &Problem,
    rows: &dyn Rows,
    options: &Options,
) -> Result<(Pairs, Solution), Failure> {
    let m = problem.requests.len();
    // With compositions every pair is kept: cases need them all.
    let keep = if composition::binds(problem) {
        usize::MAX
    } else {
        CANDIDATES
    };
    let mut kept = each(m, options, |r, row| {
        rows.row(r, row);
        first(row, problem, keep, r)
    })?;
    let mut priced = problem.clone();
    let mut warm: Option<Vec<i64>> = None;
    loop {
        priced.pairs = Pairs::with_capacity(m, kept.iter().map(|k| k.candidates.len()).sum());
        kept.iter()
            .for_each(|k| priced.pairs.push_row(k.candidates.iter().copied()));
        priced.check()?;
        if keep == usize::MAX {
            let solution = cases::solve(&priced, options)?;
            return Ok((priced.pairs, solution));
        }
        let mut net = Network::new(&priced, options.seed);
        let mut search = Search::default();
        match &warm {
            None => solver::settle_all(&mut net, &mut search, options)?,
            Some(prices) => {
                for (i, &price) in prices.iter().enumerate() {
                    net.price[i] = price.max(net.floor(i));
                }
                solver::bid_all(&mut net);
                solver::settle(&mut net, &mut search, options)?;
            }
        }
        let joining = each(m, options, |r, row| {
            let least = net.panel(r).iter().map(|p| net.net(p)).min();
            let open = least
                .is_some_and(|least| kept[r].tail.is_some_and(|tail| net.ties.most(tail) > least));
            if open {
                rows.row(r, row);
            }
            joins(&net, problem, &kept[r], row, least.unwrap_or(0), r)
        })?;
        if joining.iter().all(Vec::is_empty) {
            let solution = solver::optimal(&priced, &net);
            return Ok((priced.pairs, solution));
        }
        for (kept, joining) in kept.iter_mut().zip(joining) {
            kept.candidates.extend(joining);
        }
        warm = Some(net.price);
    }
}

/// Does the work of each request on all cores; results are in the order of requests.
fn each<T: Send + Default + Clone>(
    m: usize,
    options: &Options,
    work: impl Fn(usize, &mut Vec<Pair>) -> T + Sync,
) -> Result<Vec<T>, Failure> {
    const BATCH: usize = 64;
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let done: Mutex<Vec<T>> = Mutex::new(vec![T::default(); m]);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                let mut row = Vec::new();
                loop {
                    let from = next.fetch_add(BATCH, Ordering::Relaxed);
                    if from >= m || stopped.load(Ordering::Relaxed) {
                        return;
                    }
                    if options.report(Stage::Rows, from, m).is_err() {
                        stopped.store(true, Ordering::Relaxed);
                    }
                    let batch: Vec<T> = (from..m.min(from + BATCH))
                        .map(|r| {
                            row.clear();
                            work(r, &mut row)
                        })
                        .collect();
                    if let Ok(mut done) = done.lock() {
                        for (r, result) in (from..).zip(batch) {
                            done[r] = result;
                        }
                    }
                }
            });
        }
    });
    match done.into_inner() {
        Ok(done) if !stopped.into_inner() => Ok(done),
        _ => Err(Failure::Cancelled),
    }
}

/// The best of a row, fixed pairs always among them.
fn first(row: &mut Vec<Pair>, problem: &Problem, keep: usize, r: usize) -> Kept {
    let fixed = |p: &Pair| {
        let mut links = problem.fixed.iter();
        links.any(|l| l.request == r && l.expert == p.expert as usize)
    };
    let standing = |p: &Pair| {
        let mut links = problem.standing.iter();
        links.any(|l| l.request == r && l.expert == p.expert as usize)
    };
    let mut always: Vec<Pair> = Vec::new();
    if !problem.fixed.is_empty() || !problem.standing.is_empty() {
        always = row
            .iter()
            .filter(|p| fixed(p) || standing(p))
            .copied()
            .collect();
        row.retain(|p| !fixed(p) && !standing(p));
    }
    row.retain(|p| p.score >= problem.min_relevance);
    let best_first = |p: &Pair| (std::cmp::Reverse(p.score), p.expert);
    let mut tail = None;
    if keep < row.len() {
        let (_, next, _) = row.select_nth_unstable_by_key(keep, best_first);
        tail = Some(next.score);
        row.truncate(keep);
    }
    row.sort_unstable_by_key(|p| p.expert);
    always.extend_from_slice(row);
    Kept {
        candidates: always,
        tail,
    }
}

/// Pairs left out so far that are worth more than the worst place of the panel, best first.
fn joins(
    net: &Network,
    problem: &Problem,
    kept: &Kept,
    row: &[Pair],
    least: i64,
    r: usize,
) -> Vec<Pair> {
    if row.is_empty() {
        return Vec::new();
    }
    let part = net.ties.row(problem.requests[r].key);
    let mut better: Vec<(i64, Pair)> = Vec::new();
    for pair in row.iter().filter(|p| p.score >= problem.min_relevance) {
        let e = net.inner[pair.expert as usize] as usize;
        let value = i64::from(pair.score) * net.ties.scale + net.ties.of(part, net.key[e]);
        if value - net.price[e] > least {
            better.push((value - net.price[e], *pair));
        }
    }
    // Most of them are candidates already, whom the panel's rules keep out.
    let mut known: Vec<u32> = kept.candidates.iter().map(|p| p.expert).collect();
    known.sort_unstable();
    better.retain(|b| known.binary_search(&b.1.expert).is_err());
    better.sort_unstable_by_key(|b| (std::cmp::Reverse(b.0), b.1.expert));
    better.truncate(CANDIDATES);
    better.into_iter().map(|b| b.1).collect()
}
