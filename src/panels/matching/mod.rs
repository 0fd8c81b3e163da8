//! Matching: one run over all open panels, or the chosen ones, fills their places with the best
//! experts who may serve, proves that there is no better choice, and says why. A run is prepared by
//! one person and approved by another; only an approved run asks anybody.

mod adjust;
mod approve;
mod compare;
mod coverage;
mod draw;
mod draw_view;
mod hand_in;
mod home;
mod lists;
mod next_best;
pub mod pages;
mod problem;
mod reason;
mod recheck;
mod record;
mod relevance;
mod report;
mod rules;
mod run_match;
mod separation;
mod snapshot;
mod solve;
mod stale;
mod store;
mod view;
mod words;

pub use adjust::{Adjustment, adjust};
pub use approve::{approve, give_back};
pub use coverage::{Coverage, CoverageQuestion, DomainCoverage, Kinds, Verdict, coverage};
pub use draw_view::{DrawOutcome, OutcomeRow, outcome};
pub use hand_in::hand_in;
pub use home::RunsHome;
pub use next_best::next_best;
pub(super) use recheck::recused;
pub use recheck::{recheck, recheck_again};
pub use record::{record, record_of};
pub use run_match::run_match;
pub(super) use snapshot::loads;
