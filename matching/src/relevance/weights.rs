//! The weights of the factors, as configuration.

use serde::{Deserialize, Serialize};

/// How much each factor counts. Only the proportions between the factor weights matter: a score is
/// the weighted mean over the factors a request can be judged by (codes only if it names any).
///
/// The defaults were chosen by `examples/tune_weights.rs` on the tuning half of the labelled
/// requests, inside the flat stretch of each weight rather than at its best value: keywords 0.02
/// to 0.1, unit 0 to 0.1, codes 0.2 to 0.5, title 1.5 to 3, synonyms 0 to 1 differ by less than
/// the evaluation can tell. No labelled request is misspelt, so the weight of variants is a
/// judgement: enough to break ties.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// Likeness of the texts: cosine over character n-grams, mean of the expert's best items.
    pub text: f32,
    /// Nearness of ICS and CCS codes.
    pub codes: f32,
    /// Coverage of the expert's keywords by the request.
    pub keywords: f32,
    /// Likeness of the request and the unit's name and scope.
    pub unit: f32,
    /// Keywords found in another spelling.
    pub variants: f32,
    /// Further scores of the caller: how many standard deviations of the score one standard
    /// deviation of theirs is worth.
    pub extra: f32,
    /// How often a word of the title (or a keyword of the request) counts against one of the body.
    pub title: f32,
    /// How much an expansion from the synonym table counts against a word that was written.
    pub synonyms: f32,
    /// How many of an expert's best items are averaged.
    pub best_items: usize,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            text: 1.0,
            codes: 0.25,
            keywords: 0.1,
            unit: 0.05,
            variants: 0.05,
            extra: 1.0,
            title: 2.0,
            synonyms: 0.5,
            best_items: 3,
        }
    }
}
