//! The solver and the checker against trying everything, on small problems with all rules together.

use crate::common;

use matching::assign::{Expert, Kind, Link, Options, Pair, Pairs, Problem, Request, solve, verify};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn network_problems_are_solved_to_a_proved_optimum(
        problem in common::problems(false), seed in any::<u64>(),
    ) {
        let (best, _) = common::brute_force(&problem);
        let solution = solve(&problem, &Options { seed, ..Options::default() }).unwrap();
        let proved = verify(&problem, &solution.choice(), &solution.certificate).unwrap();
        prop_assert_eq!((proved.total, proved.bound), (best, best));
    }

    #[test]
    fn all_rules_together_are_solved_to_a_proved_optimum(
        problem in common::problems(true), seed in any::<u64>(),
    ) {
        let (best, _) = common::brute_force(&problem);
        let solution = solve(&problem, &Options { seed, ..Options::default() }).unwrap();
        let proved = verify(&problem, &solution.choice(), &solution.certificate).unwrap();
        prop_assert_eq!((proved.total, proved.bound), (best, best));
    }
}

/// Units that send both kinds, experts of neither, and minimums that leave no room: every case of
/// the case distinction is needed here.
#[test]
fn awkward_compositions_are_closed_by_cases() {
    use Kind::{Other, Standardization, Technical};
    let build = |experts: &[(u32, u32, Kind, u32)],
                 requests: &[(u32, u32, u32, i64)],
                 rows: &[&[(u32, i32)]],
                 standing: (usize, usize, i64),
                 load_price: i64| {
        let mut pairs = Pairs::default();
        for row in rows {
            pairs.push_row(row.iter().map(|&(expert, score)| Pair { expert, score }));
        }
        let expert = |(i, &(capacity, unit, kind, service)): (usize, _)| Expert {
            capacity,
            unit,
            kind,
            service,
            key: i as u64,
        };
        let request = |&(max_per_unit, min_technical, min_standardization, unfilled_price): &_| {
            let demand = 3.min(1 + min_technical + min_standardization);
            let demand = if (min_technical, min_standardization) == (1, 0) {
                1
            } else {
                demand
            };
            Request {
                demand,
                max_per_unit,
                min_technical,
                min_standardization,
                unfilled_price,
                key: 7,
            }
        };
        Problem {
            experts: experts.iter().enumerate().map(expert).collect(),
            requests: requests.iter().map(request).collect(),
            pairs,
            standing: vec![Link {
                request: standing.0,
                expert: standing.1,
            }],
            stability_price: standing.2,
            load_price,
            ..Problem::default()
        }
    };
    let first = build(
        &[
            (2, 1, Other, 2),
            (1, 0, Other, 0),
            (2, 1, Technical, 0),
            (1, 1, Standardization, 0),
        ],
        &[(1, 2, 1, 2), (1, 1, 2, 20), (1, 1, 0, 14)],
        &[&[(0, 17), (1, 13), (3, 3)], &[(1, 2), (2, 2)], &[]],
        (0, 1, 2),
        1,
    );
    let second = build(
        &[(1, 1, Other, 1), (2, 0, Other, 1), (3, 0, Technical, 1)],
        &[(2, 0, 2, 6), (2, 2, 1, 18), (1, 1, 2, 2)],
        &[&[(0, 5), (2, 10)], &[(1, 0)], &[(0, 9), (1, 15), (2, 0)]],
        (2, 0, 5),
        0,
    );
    for problem in [first, second] {
        let (best, _) = common::brute_force(&problem);
        for seed in 0..20 {
            let solution = solve(
                &problem,
                &Options {
                    seed,
                    ..Options::default()
                },
            )
            .unwrap();
            let proved = verify(&problem, &solution.choice(), &solution.certificate).unwrap();
            assert_eq!((proved.total, proved.bound), (best, best));
        }
    }
}
