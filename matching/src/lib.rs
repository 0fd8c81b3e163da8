//! Matching.

pub mod relevance;
pub mod text;
