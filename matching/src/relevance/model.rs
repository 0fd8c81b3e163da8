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

/// What each factor brings to a score, in millionths; together they are the score, unless that was
/// cut off at 1,000,000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factors {
    /// Likeness of the texts.
    pub text: u32,
    /// Nearness of ICS and CCS codes.
    pub codes: u32,
    /// Keywords of the expert covered by the request.
    pub keywords: u32,
    /// Likeness of the request and the expert's unit.
    pub unit: u32,
    /// Keywords of the expert that stand in the request in another spelling.
    pub variants: u32,
    /// Further scores given by the caller, counted from the lowest in the pool.
    pub extra: u32,
}

impl Factors {
    /// The score: the sum, at most 1,000,000.
    pub fn total(&self) -> u32 {
        let sum = self.text + self.codes + self.keywords + self.unit + self.variants + self.extra;
        sum.min(1_000_000)
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
