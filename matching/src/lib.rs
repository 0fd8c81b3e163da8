//! Matching: how well experts fit a request, and who serves where.

pub mod assign;
pub mod evaluate;
pub mod files;
pub mod pairing;
pub mod relevance;
pub mod text;
