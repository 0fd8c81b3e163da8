//! Row sources against lists, and stopping a run.

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use matching::assign::dense::solve_rows;
use matching::assign::fair::solve_fair;
use matching::assign::verify::verify_rows;
use matching::assign::{
    Failure, Kind, Link, Options, Pair, Problem, Progress, Rows, solve, verify,
};
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
fn long_rows_with_room_give_the_same_panels_as_all_pairs() {
    for (seed, max_per_unit) in [(0, 1), (1, 1), (2, 3)] {
        let problem = Instance::new(recipe(8, false)).problem(max_per_unit);
        assert!(problem.pairs.len() > 256 * 400, "rows are long");
        let options = Options {
            seed,
            ..Options::default()
        };
        let quick = solve(&problem, &options).unwrap();
        // A standing pair that is worth nothing changes nothing, but every pair is looked at.
        let mut whole = problem.clone();
        let request = 0;
        let expert = quick.panels[0][0].expert;
        whole.standing.push(Link { request, expert });
        let slow = solve(&whole, &options).unwrap();
        assert_eq!(quick.choice(), slow.choice());
        let proved = verify(&problem, &quick.choice(), &quick.certificate).unwrap();
        assert_eq!((proved.gap(), proved.total), (0, slow.total));
    }
}

#[test]
fn a_run_tells_how_far_it_is_and_can_be_stopped_at_any_point() {
    let problem = Instance::new(recipe(5, true)).problem(1);
    let mut composed = problem.clone();
    for (e, expert) in composed.experts.iter_mut().enumerate() {
        expert.kind = [Kind::Technical, Kind::Standardization][e % 2];
    }
    for request in &mut composed.requests {
        request.min_technical = 2;
    }
    type Run = fn(&Problem, &Options) -> Result<(), Failure>;
    let runs: [(&Problem, Run); 3] = [
        (&problem, |p, o| solve(p, o).map(drop)),
        (&problem, |p, o| solve_fair(p, None, o).map(drop)),
        (&composed, |p, o| solve(p, o).map(drop)),
    ];
    for (problem, run) in runs {
        let heard = Mutex::new(Vec::new());
        let listen = |progress: Progress| {
            heard.lock().unwrap().push(progress);
            ControlFlow::Continue(())
        };
        let listening = Options {
            watch: Some(&listen),
            ..Options::default()
        };
        run(problem, &listening).unwrap();
        let heard = heard.into_inner().unwrap();
        assert!(heard.len() > 1);
        assert!(heard.iter().all(|one| one.done <= one.of), "{heard:?}");
        for last in [0, heard.len() / 2, heard.len() - 1] {
            let count = AtomicUsize::new(0);
            let stop = |_| match count.fetch_add(1, Ordering::Relaxed) {
                at if at >= last => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            };
            let stopping = Options {
                watch: Some(&stop),
                ..Options::default()
            };
            assert_eq!(run(problem, &stopping), Err(Failure::Cancelled));
            // Rows are read by several threads; each may be about to report.
            let threads = std::thread::available_parallelism().map_or(1, usize::from);
            assert!(
                count.into_inner() <= last + threads,
                "it went on after the stop"
            );
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
