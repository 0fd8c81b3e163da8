//! What a run returns.

use serde::Serialize;

use super::certificate::Certificate;

/// One expert on a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Seat {
    /// Index of the expert.
    pub expert: usize,
    /// Relevance of the pair in millionths.
    pub score: i32,
    /// Whether the pair was fixed beforehand.
    pub fixed: bool,
}

/// The answer to a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Solution {
    /// Each request's experts, best score first.
    pub panels: Vec<Vec<Seat>>,
    /// Places left open, by request.
    pub unfilled: Vec<u32>,
    /// The total as defined at [`super::model::Problem`], in millionths.
    pub total: i64,
    /// No choice has a greater total; equal to `total` when proved optimal.
    pub bound: i64,
    /// The proof of the bound.
    pub certificate: Certificate,
}

impl Solution {
    /// The experts of each request, as [`super::verify::verify`] takes them.
    #[must_use]
    pub fn choice(&self) -> Vec<Vec<usize>> {
        let experts = |panel: &Vec<Seat>| panel.iter().map(|s| s.expert).collect();
        self.panels.iter().map(experts).collect()
    }
}
