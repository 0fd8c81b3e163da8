//! What goes into the ranking and what comes out.

use serde::{Deserialize, Serialize};

use super::codes::Code;

/// What is known of an expert, as text and codes. The position in the list is the expert's index.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ExpertText {
    /// Name of the expert's unit and, where known, what the unit deals with.
    pub unit_scope: String,
    /// ICS and CCS codes of the expert.
    pub domains: Vec<Code>,
    /// Free keywords, one each.
    pub keywords: Vec<String>,
    /// Standards, papers, projects, one each.
    pub works: Vec<String>,
    /// A short life.
    pub bio: String,
}

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RequestText {
    /// One line.
    pub title: String,
    /// The description.
    pub body: String,
    /// ICS and CCS codes; may be empty, then codes take no part in the score.
    pub domains: Vec<Code>,
    /// Free keywords; may be empty.
    pub keywords: Vec<String>,
}

/// What each factor brings to a score, in millionths; they add up to the score, unless it was cut
/// off at 0 or 1,000,000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factors {
    /// Likeness of the texts.
    pub text: i32,
    /// Nearness of ICS and CCS codes.
    pub codes: i32,
    /// Keywords of the expert covered by the request.
    pub keywords: i32,
    /// Likeness of the request and the expert's unit.
    pub unit: i32,
    /// Keywords of the expert that stand in the request in another spelling.
    pub variants: i32,
    /// Further scores given by the caller; may be negative.
    pub extra: i32,
}

impl Factors {
    /// The score: the sum, cut to 0..=1,000,000.
    pub fn total(&self) -> u32 {
        let sum = self.text + self.codes + self.keywords + self.unit + self.variants + self.extra;
        sum.clamp(0, 1_000_000).unsigned_abs()
    }
}

/// A code of the request and the expert's nearest one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchedCode {
    /// The request's code.
    pub request: Code,
    /// The expert's code nearest to it.
    pub expert: Code,
    /// Nearness in 0..=1, never 0.
    pub nearness: f32,
}

/// An expert's fit with a request, with the reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// Position of the expert in the list given to [`super::Index::build`].
    pub expert: usize,
    /// Fit in millionths, 0..=1,000,000.
    pub millionths: u32,
    /// What each factor brings to it.
    pub factors: Factors,
    /// Codes that meet, in the order of the request.
    pub matched_codes: Vec<MatchedCode>,
    /// Keywords of the expert that the request covers at least half, best first, as the expert
    /// wrote them.
    pub matched_keywords: Vec<String>,
    /// Words of the request (folded) that stand in the expert's texts, most telling first.
    pub matched_words: Vec<String>,
}
