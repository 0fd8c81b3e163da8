//! Row sources against lists, and stopping a run.

use std::ops::ControlFlow;

use matching::assign::dense::solve_rows;
use matching::assign::verify::verify_rows;
use matching::assign::{Failure, Options, Pair, Problem, Rows, solve, verify};
use matching::files::generate::{Instance, Recipe};
use proptest::prelude::*;

use crate::common;

/// A listed problem played as a row source.
struct Listed<'a>(&'a Problem);

impl Rows for Listed<'_> {
    fn row(&self, request: usize, row: &mut Vec<Pair>) {
        row.extend_from_slice(self.0.pairs.row(request));
    }
}

fn recipe(capacity: u32, skew: bool) -> Recipe {
    Recipe {
        experts: 300,
        requests: 400,
        demand: 3,
        capacity,
        sparse: false,
        skew,
        topics: 6,
        keep: 5,
        seed: 9,
    }
}

#[test]
fn candidates_and_pricing_end_at_the_optimum_of_all_pairs() {
    for (capacity, skew) in [(6, false), (5, true), (4, true)] {
        let instance = Instance::new(recipe(capacity, skew));
        let problem = instance.problem_without_pairs(1);
        let (pairs, solution) = solve_rows(&problem, &instance, &Options::default()).unwrap();
        let whole = instance.problem(1);
        assert!(pairs.len() < whole.pairs.len(), "nothing was left out");
        let best = solve(&whole, &Options::default()).unwrap();
        let choice = solution.choice();
        let proved = verify_rows(&problem, &instance, &choice, &solution.certificate).unwrap();
        assert_eq!(proved.gap(), 0);
        assert_eq!(solution.unfilled, best.unfilled);
        if solution.unfilled.iter().sum::<u32>() == 0 {
            assert_eq!(proved.total, best.total);
        }
    }
}

#[test]
fn a_watcher_stops_a_run() {
    let instance = Instance::new(recipe(5, true));
    let stop = |_| ControlFlow::Break(());
    let options = Options {
        watch: Some(&stop),
        ..Options::default()
    };
    assert_eq!(
        solve(&instance.problem(1), &options),
        Err(Failure::Cancelled)
    );
    let problem = instance.problem_without_pairs(1);
    assert!(solve_rows(&problem, &instance, &options).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn small_row_sources_are_solved_with_all_rules(problem in common::problems(true)) {
        let (best, _) = common::brute_force(&problem);
        let rows = Listed(&problem);
        let bare = Problem { pairs: matching::assign::Pairs::default(), ..problem.clone() };
        let (_, solution) = solve_rows(&bare, &rows, &Options::default()).unwrap();
        let choice = solution.choice();
        let proved = verify_rows(&bare, &rows, &choice, &solution.certificate).unwrap();
        prop_assert_eq!((proved.total, proved.bound), (best, best));
        prop_assert_eq!(verify(&problem, &choice, &solution.certificate), Ok(proved));
    }
}
