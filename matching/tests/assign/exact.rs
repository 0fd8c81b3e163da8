//! The solver and the checker against trying everything, on small problems with all rules together.

use crate::common;

use matching::assign::{Options, solve, verify};
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
