//! The checker against changed certificates and choices: nothing that breaks optimality passes.

use crate::common;
use matching::assign::certificate::Proof;
use matching::assign::{Options, Violation, solve, verify};
use matching::files::generate::{Instance, Recipe};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever prices are written into a proof, the bound they prove is never below the optimum.
    #[test]
    fn a_changed_price_never_proves_too_much(
        problem in common::problems(true),
        changes in proptest::collection::vec((any::<usize>(), -60i64..60), 1..4),
    ) {
        let (best, _) = common::brute_force(&problem);
        let solution = solve(&problem, &Options::default()).unwrap();
        let mut certificate = solution.certificate.clone();
        let scale = certificate.scale;
        if let Proof::Prices { experts, .. } = &mut certificate.proof {
            for (at, by) in changes {
                let n = experts.len();
                experts[at % n] += by * scale;
            }
        }
        match verify(&problem, &solution.choice(), &certificate) {
            Ok(proved) => prop_assert_eq!((proved.total, proved.bound), (best, best)),
            Err(Violation::Bound { claimed, proved }) => prop_assert!(proved > claimed),
            Err(other) => prop_assert!(false, "{other}"),
        }
        // Even one that claims less is told apart.
        certificate.bound = best - 1;
        let refused = verify(&problem, &solution.choice(), &certificate);
        let is_bound = matches!(refused, Err(Violation::Bound { .. }));
        prop_assert!(is_bound);
    }

    /// A choice changed in one pair is refused, or its gap is exactly reported.
    #[test]
    fn a_changed_pair_is_caught(
        problem in common::problems(true), r in any::<usize>(), at in any::<usize>(), e in any::<usize>(),
    ) {
        let (best, _) = common::brute_force(&problem);
        let solution = solve(&problem, &Options::default()).unwrap();
        let mut choice = solution.choice();
        let r = r % choice.len();
        let e = e % (problem.experts.len() + 1);
        if choice[r].is_empty() || at % 3 == 0 {
            choice[r].push(e);
        } else {
            let at = at % choice[r].len();
            choice[r][at] = e;
        }
        let actual = verify::total_of(&problem, &choice);
        let checked = verify(&problem, &choice, &solution.certificate);
        match (&actual, &checked) {
            (Ok(total), Ok(proved)) => prop_assert_eq!((proved.total, *total), (best, best)),
            (Ok(total), Err(Violation::Total { claimed, actual })) => {
                prop_assert_eq!((*claimed, *actual), (best, *total));
                // Claimed honestly, the gap comes out.
                let mut honest = solution.certificate.clone();
                honest.total = *total;
                prop_assert_eq!(verify(&problem, &choice, &honest).unwrap().gap(), best - total);
            }
            (Err(broken), Err(refused)) => prop_assert_eq!(broken, refused),
            other => prop_assert!(false, "{other:?}"),
        }
    }
}

#[test]
fn known_optima_are_met_and_proved() {
    let cases = [
        (500, 1000, 8, false, 32, 1_831_385_134, 1_830_454_076),
        (500, 1000, 7, true, 32, 1_797_569_343, 1_796_410_883),
        (2000, 3000, 5, true, 64, 5_338_716_165, 5_338_316_976),
    ];
    for (experts, requests, capacity, skew, topics, free, limited) in cases {
        let recipe = Recipe {
            experts,
            requests,
            demand: 3,
            capacity,
            sparse: true,
            skew,
            topics,
            keep: 5,
            seed: 42,
        };
        let instance = Instance::new(recipe);
        for (limit, optimum) in [(u32::MAX, free), (1, limited)] {
            let problem = instance.problem(limit);
            let solution = solve(&problem, &Options::default()).unwrap();
            let mut certificate = solution.certificate.clone();
            let choice = solution.choice();
            let proved = verify(&problem, &choice, &certificate).unwrap();
            assert_eq!((proved.total, proved.bound), (optimum, optimum));
            // A price of someone who serves cannot move by a whole millionth both ways unnoticed.
            let busy = choice[0][0];
            let caught = [-200_000, 200_000].map(|by| {
                let Proof::Prices { experts, .. } = &mut certificate.proof else {
                    return true;
                };
                experts[busy] += by * certificate.scale;
                let refused = verify(&problem, &choice, &certificate).is_err();
                let Proof::Prices { experts, .. } = &mut certificate.proof else {
                    return true;
                };
                experts[busy] -= by * certificate.scale;
                refused
            });
            assert!(caught.contains(&true));
        }
    }
}

#[test]
fn malformed_proofs_are_refused() {
    let recipe = Recipe {
        experts: 60,
        requests: 40,
        demand: 2,
        capacity: 3,
        sparse: false,
        skew: false,
        topics: 8,
        keep: 5,
        seed: 1,
    };
    let problem = Instance::new(recipe).problem(1);
    let solution = solve(&problem, &Options::default()).unwrap();
    let choice = solution.choice();
    let mut short = solution.certificate.clone();
    if let Proof::Prices { experts, .. } = &mut short.proof {
        experts.pop();
    }
    assert_eq!(verify(&problem, &choice, &short), Err(Violation::Malformed));
    let mut flat = solution.certificate.clone();
    flat.scale = 0;
    assert_eq!(verify(&problem, &choice, &flat), Err(Violation::Malformed));
    let text = serde_json::to_string(&solution.certificate).unwrap();
    let back: matching::assign::Certificate = serde_json::from_str(&text).unwrap();
    assert_eq!(back, solution.certificate);
    assert!(verify(&problem, &choice, &back).is_ok());
}
