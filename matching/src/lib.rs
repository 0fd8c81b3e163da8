//! Matching.
pub mod assign;
pub mod files;
