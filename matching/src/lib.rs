//! Matching.
pub mod assign;
