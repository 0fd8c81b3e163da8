//! Who visits whom: wishes brought together with offers, so that what each party gives and what it
//! receives come out even in the course of time.
//!
//! The whole is a circulation: a visit flows from the party that receives it through its wish and
//! the offer to the party that gives it, and what a party receives more than it gives is bought at a
//! price that rises with every unit. [`solve`] adds one wish after the other along shortest paths and
//! is exact; its prices prove it, and [`verify`] checks the proof in one pass over the pairs without
//! believing the solver.
//!
//! ```
//! use matching::pairing::{Offer, Pair, Party, Problem, Wish, solve, verify};
//!
//! let problem = Problem {
//!     parties: vec![Party { balance: 0 }, Party { balance: 3 }, Party { balance: 0 }],
//!     offers: vec![Offer { party: 0, rounds: 1 }],
//!     // Both would like to go; the one that has received less goes first.
//!     wishes: vec![
//!         Wish { party: 1, pairs: vec![Pair { offer: 0, score: 300_000 }] },
//!         Wish { party: 2, pairs: vec![Pair { offer: 0, score: 290_000 }] },
//!     ],
//!     unmet_price: 10_000_000,
//!     balance_price: 20_000,
//! };
//! let solution = solve(&problem).unwrap();
//! assert_eq!(solution.chosen, [None, Some(0)]);
//! assert_eq!(verify(&problem, &solution.chosen, &solution.prices).unwrap().gap(), 0);
//! ```

mod model;
mod network;
mod solver;
mod verify;

pub use model::{Invalid, LIMIT, Offer, Pair, Party, Prices, Problem, Solution, Wish};
pub use solver::solve;
pub use verify::{Proved, Violation, verify};
