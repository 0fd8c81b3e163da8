//! The fair mode against trying everything, and on instances with a known best worst request.

use crate::common;

use matching::assign::fair::solve_fair;
use matching::assign::{Options, Problem, verify};
use matching::files::generate::{Instance, Recipe};
use proptest::prelude::*;

fn worths(problem: &Problem, choice: &[Vec<usize>]) -> Vec<i64> {
    let score = |r: usize, e: &usize| i64::from(problem.pairs.score(r, *e).unwrap_or(0));
    let panels = choice.iter().enumerate();
    let mut worths: Vec<i64> = panels
        .map(|(r, panel)| panel.iter().map(|e| score(r, e)).sum())
        .collect();
    worths.sort_unstable();
    worths
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn small_problems_get_the_best_order_of_worths(problem in common::problems(true)) {
        let mut best: Option<(Vec<i64>, i64)> = None;
        common::every_choice(&problem, &mut |choice, total| {
            let order = (worths(&problem, choice), total);
            if best.as_ref().is_none_or(|b| *b < order) {
                best = Some(order);
            }
        });
        let fair = solve_fair(&problem, None, &Options::default()).unwrap();
        let choice = fair.solution.choice();
        let proved = verify(&problem, &choice, &fair.solution.certificate).unwrap();
        prop_assert_eq!(proved.total, fair.solution.total);
        prop_assert_eq!(proved.bound, fair.best_total);
        prop_assert!(fair.proved);
        prop_assert_eq!(Some((worths(&problem, &choice), proved.total)), best);
    }
}

#[test]
fn the_worst_request_reaches_its_bound_at_little_loss() {
    let recipe = Recipe {
        experts: 500,
        requests: 1000,
        demand: 3,
        capacity: 7,
        sparse: true,
        skew: true,
        topics: 32,
        keep: 5,
        seed: 42,
    };
    let problem = Instance::new(recipe).problem(3000);
    for (floor, worst, loss) in [
        (None, 1_579_658, 0.007),
        (Some(1_424_590), 1_424_590, 0.0002),
    ] {
        let fair = solve_fair(&problem, floor, &Options::default()).unwrap();
        assert!(fair.worst >= worst && fair.worst_bound == 1_579_658);
        let lost = (fair.best_total - fair.solution.total) as f64;
        assert!(lost <= loss * fair.best_total as f64, "{lost}");
        verify(
            &problem,
            &fair.solution.choice(),
            &fair.solution.certificate,
        )
        .unwrap();
    }
}
