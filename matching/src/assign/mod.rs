//! Who serves where: an exact solver, its certificates, and a checker that trusts neither.

mod auction;
mod cases;
pub mod certificate;
pub mod chances;
mod composition;
pub mod dense;
pub mod draw;
pub mod explain;
pub mod fair;
mod leximin;
pub mod model;
mod network;
mod panel;
pub mod repair;
pub mod say;
mod search;
pub mod shortage;
pub mod solution;
pub mod solver;
mod ties;
pub mod verify;

pub use certificate::Certificate;
pub use model::{Expert, Invalid, Kind, Link, Pair, Pairs, Problem, Request, Rows};
pub use solution::{Seat, Solution};
pub use solver::{Failure, Options, Progress, Stage, Watch, solve};
pub use verify::{Proved, Violation, verify};
