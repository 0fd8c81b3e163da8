//! What happens by the clock. The jobs are in the bodies; here is when each is due, that it runs
//! once however many instances there are, and a ledger of what it did.

mod claim;
mod job;
mod ledger;
mod plan;
mod timetable;

pub use job::{CatchUp, Job, Outcome, Rule, Slot};
pub use ledger::{Ran, forget, pass_over, run, run_again, tick};
pub use plan::Schedule;
pub use timetable::Timetable;
