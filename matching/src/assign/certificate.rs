//! The proof that travels with an answer: prices, and nothing a checker would have to believe.

use serde::{Deserialize, Serialize};

/// The price of sitting on a request's panel for experts of one unit: needed where a composition
/// lets experts of both kinds come from the same unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitPrice {
    /// Index of the request.
    pub request: usize,
    /// The unit, as in the problem.
    pub unit: u32,
    /// Charged on every expert of the unit, in `1/scale` millionths; never negative.
    pub price: i64,
}

/// One proof, or a case distinction over a pair with a proof for each side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Proof {
    /// With these prices no choice can be worth more than their bound.
    Prices {
        /// One price a place of each expert, in `1/scale` millionths.
        experts: Vec<i64>,
        /// Prices of units at requests with a composition, where not zero.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        units: Vec<UnitPrice>,
    },
    /// Either the expert is on this request's panel or not.
    Cases {
        /// Index of the request.
        request: usize,
        /// Index of the expert.
        expert: usize,
        /// Bound of all choices with the pair.
        with: Box<Proof>,
        /// Bound of all choices without it.
        without: Box<Proof>,
    },
}

/// What is claimed of a choice, and the proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The total of the choice, in millionths.
    pub total: i64,
    /// No choice has a greater total than this.
    pub bound: i64,
    /// Prices in the proof count `1/scale` millionths, so that ties can be broken below the last digit.
    pub scale: i64,
    /// The proof of the bound.
    pub proof: Proof,
}
