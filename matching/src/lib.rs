//! Matching.

pub mod evaluate;
pub mod relevance;
pub mod text;
