//! Dealing the experts of a few panels anew among themselves, to raise the weakest.
//!
//! Weights move all requests along the edge of what whole prices allow; the best choice for the
//! weakest request may lie inside. So the weakest is taken together with a few requests that hold
//! experts it could use, and their experts are dealt again, completely searched within a bound of
//! steps. Every deal makes the order of worths better, so this ends.

use super::fair::worth;
use super::leximin;
use super::model::{Link, Pairs, Problem};
use super::solver::{Failure, Options, Stage};

/// Requests dealt together, and candidates looked at of each.
const TOGETHER: usize = 4;
const CANDIDATES: usize = 24;
/// Steps of one search, and of all.
const STEPS: usize = 30_000;
const WORK: usize = 20_000_000;

struct Table<'a> {
    problem: &'a Problem,
    choice: Vec<Vec<usize>>,
    worths: Vec<i64>,
    holders: Vec<Vec<usize>>,
    /// Pairs of each request, best first.
    rows: Vec<Vec<(i64, usize)>>,
    /// Steps of all searches so far.
    steps: usize,
}

/// Raises the weakest request of a choice again and again, up to `goal`, or until nobody who is
/// weakest can be raised.
pub(super) fn raise(
    problem: &Problem,
    choice: Vec<Vec<usize>>,
    goal: i64,
    options: &Options,
) -> Result<Vec<Vec<usize>>, Failure> {
    let mut table = Table::new(problem, choice);
    while table.steps < WORK {
        let weakest = (0..table.worths.len()).min_by_key(|&r| (table.worths[r], r));
        let Some(r) = weakest.filter(|&r| table.worths[r] < goal) else {
            break;
        };
        options.report(Stage::Fairness, table.steps, WORK)?;
        let groups = table.groups(r);
        let mut raised = false;
        for group in groups {
            if table.deal(&group, options)? {
                raised = true;
                break;
            }
        }
        if !raised {
            break;
        }
    }
    Ok(table.choice)
}

impl<'a> Table<'a> {
    fn new(problem: &'a Problem, choice: Vec<Vec<usize>>) -> Self {
        let m = problem.requests.len();
        let mut holders = vec![Vec::new(); problem.experts.len()];
        for (r, panel) in choice.iter().enumerate() {
            for &e in panel {
                holders[e].push(r);
            }
        }
        let row = |r: usize| {
            let allowed = problem.pairs.row(r).iter();
            let mut row: Vec<(i64, usize)> = allowed
                .filter(|p| p.score >= problem.min_relevance)
                .map(|p| (i64::from(p.score), p.expert as usize))
                .collect();
            row.sort_unstable_by_key(|&(score, e)| {
                (std::cmp::Reverse(score), problem.experts[e].key, e)
            });
            row
        };
        Self {
            worths: (0..m).map(|r| worth(problem, r, &choice[r])).collect(),
            rows: (0..m).map(row).collect(),
            problem,
            choice,
            holders,
            steps: 0,
        }
    }

    fn is_free(&self, e: usize) -> bool {
        self.holders[e].len() < self.problem.experts[e].capacity as usize
    }

    /// Requests to deal together with the weakest: of every expert it could use the holder with most
    /// to lose, in groups that begin with the best experts and then move on.
    fn groups(&self, r: usize) -> Vec<Vec<usize>> {
        let mut donors: Vec<usize> = Vec::new();
        for &(_, e) in self.rows[r].iter().take(4 * CANDIDATES) {
            if self.choice[r].contains(&e) || self.is_free(e) {
                continue;
            }
            let richest = self.holders[e].iter().copied().filter(|&q| q != r);
            let richest = richest.max_by_key(|&q| (self.worths[q], q));
            donors.extend(richest.filter(|q| !donors.contains(q)));
        }
        let mut groups = vec![vec![r]];
        for some in donors.chunks(TOGETHER - 1) {
            groups.push(std::iter::once(r).chain(some.iter().copied()).collect());
        }
        // Whoever gives an expert may need one in turn: a second ring around the richest.
        for &q in donors.iter().take(8) {
            let mut group = vec![r, q];
            for &(_, e) in self.rows[q].iter().take(CANDIDATES) {
                if group.len() == TOGETHER {
                    break;
                }
                let others = self.holders[e].iter().copied();
                let richest = others
                    .filter(|p| !group.contains(p))
                    .max_by_key(|&p| (self.worths[p], p));
                group.extend(
                    richest.filter(|&p| self.worths[p] > self.worths[r] && !self.is_free(e)),
                );
            }
            groups.push(group);
        }
        groups
    }

    /// Deals again among a group. Whether the order of worths became better.
    fn deal(&mut self, group: &[usize], options: &Options) -> Result<bool, Failure> {
        let (small, experts) = self.small(group);
        let inner = |e: &usize| experts.iter().position(|known| known == e);
        let now: Vec<Vec<usize>> = group
            .iter()
            .map(|&r| self.choice[r].iter().filter_map(inner).collect())
            .collect();
        let found = leximin::search_within(&small, now.clone(), STEPS, options)?;
        self.steps += found.steps;
        let found = found.choice;
        let order = |choice: &[Vec<usize>]| {
            let mut order: Vec<i64> = (0..group.len())
                .map(|r| worth(&small, r, &choice[r]))
                .collect();
            order.sort_unstable();
            order
        };
        let seated = |choice: &[Vec<usize>]| choice.iter().map(Vec::len).sum::<usize>();
        if seated(&found) < seated(&now) || order(&found) <= order(&now) {
            return Ok(false);
        }
        for (&r, panel) in group.iter().zip(&found) {
            for &e in &self.choice[r] {
                self.holders[e].retain(|&q| q != r);
            }
            self.choice[r] = panel.iter().map(|&e| experts[e]).collect();
            for &e in &self.choice[r] {
                self.holders[e].push(r);
            }
            self.worths[r] = worth(self.problem, r, &self.choice[r]);
        }
        Ok(true)
    }

    /// The problem of a group alone, with what the others leave; and who its experts are.
    fn small(&self, group: &[usize]) -> (Problem, Vec<usize>) {
        let held = |e: usize| {
            let here = self.holders[e].iter().filter(|q| group.contains(q));
            here.count()
        };
        let room = |e: usize| {
            let capacity = self.problem.experts[e].capacity as usize;
            (capacity + held(e)).saturating_sub(self.holders[e].len())
        };
        let mut experts: Vec<usize> = Vec::new();
        let mut rows: Vec<Vec<(i64, usize)>> = Vec::new();
        for &r in group {
            let open = self.rows[r].iter().filter(|(_, e)| room(*e) > 0);
            let mut row: Vec<(i64, usize)> = open.take(CANDIDATES).copied().collect();
            for pair in &self.rows[r] {
                if self.choice[r].contains(&pair.1) && !row.contains(pair) {
                    row.push(*pair);
                }
            }
            experts.extend(row.iter().map(|p| p.1));
            experts.extend(&self.choice[r]);
            rows.push(row);
        }
        experts.sort_unstable();
        experts.dedup();
        let inner = |e: usize| experts.binary_search(&e).unwrap_or(0);
        let mut pairs = Pairs::default();
        for row in rows {
            pairs.push_row(row.into_iter().map(|(score, e)| super::model::Pair {
                expert: inner(e) as u32,
                score: score as i32,
            }));
        }
        let fixed = self.problem.fixed.iter().filter_map(|link| {
            let request = group.iter().position(|&r| r == link.request)?;
            let expert = inner(link.expert);
            Some(Link { request, expert })
        });
        let small = Problem {
            experts: experts
                .iter()
                .map(|&e| {
                    let mut expert = self.problem.experts[e].clone();
                    expert.capacity = room(e) as u32;
                    expert
                })
                .collect(),
            requests: group
                .iter()
                .map(|&r| self.problem.requests[r].clone())
                .collect(),
            fixed: fixed.collect(),
            min_relevance: self.problem.min_relevance,
            pairs,
            ..Problem::default()
        };
        (small, experts)
    }
}
