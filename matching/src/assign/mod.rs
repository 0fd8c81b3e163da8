//! Who serves where: an exact solver, its certificates, and a checker that trusts neither.

mod auction;
pub mod certificate;
mod composition;
pub mod dense;
pub mod model;
mod network;
mod search;
pub mod solution;
pub mod solver;
mod ties;
pub mod verify;

pub use certificate::Certificate;
pub use model::{Expert, Invalid, Kind, Link, Pair, Pairs, Problem, Request};
pub use solution::{Seat, Solution};
pub use solver::{Failure, Options, Progress, Stage, Watch, solve};
pub use verify::{Proved, Violation, verify};
