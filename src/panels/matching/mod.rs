//! Matching: one run over all open panels, or the chosen ones, fills their places with the best
//! experts who may serve, proves that there is no better choice, and says why. A run is prepared by
//! one person and approved by another; only an approved run asks anybody.

mod coverage;
mod problem;
mod relevance;
mod rules;
mod snapshot;
mod store;

pub use coverage::{Coverage, CoverageQuestion, DomainCoverage, Kinds, Verdict, coverage};
