//! How well experts fit what is asked: profiles and questions as the engine reads them.

use matching::relevance::{Code, ExpertText, Index, RequestText, Scored, Synonyms, Weights};

use crate::{experts::PoolExpert, foundation::config::MatchingConfig, panels::facts::PanelFacts};

/// One whole point of relevance, in the engine's unit.
pub const POINT: f64 = 1_000_000.0;

/// Relevance in millionths from a share of the configuration (0–1).
pub fn millionths(share: f64) -> i32 {
    (share.clamp(0.0, 1.0) * POINT).round() as i32
}

/// An index over experts, in the order given.
pub fn index<'a>(
    experts: impl IntoIterator<Item = &'a PoolExpert>,
    config: &MatchingConfig,
) -> Index {
    let texts: Vec<ExpertText> = experts.into_iter().map(expert_text).collect();
    let weights = Weights {
        text: config.text as f32,
        codes: config.codes as f32,
        keywords: config.keywords as f32,
        unit: config.unit as f32,
        ..Weights::default()
    };
    Index::build(&texts, &weights, &Synonyms::starting())
}

/// Scores of all experts with their reasons, by position in the index.
pub fn score(index: &Index, facts: &PanelFacts) -> Vec<Scored> {
    let mut scored = index.rank(&request_text(facts), usize::MAX);
    scored.sort_unstable_by_key(|one| one.expert);
    scored
}

fn expert_text(expert: &PoolExpert) -> ExpertText {
    let scope = expert.unit.as_ref().map_or("", |unit| unit.scope.as_str());
    ExpertText {
        unit_scope: format!("{} {scope}", expert.unit_name),
        domains: codes(&expert.domains),
        keywords: expert.keywords.clone(),
        works: expert.works.clone(),
        bio: expert.bio.clone(),
    }
}

fn request_text(facts: &PanelFacts) -> RequestText {
    RequestText {
        title: facts.title.clone(),
        body: format!("{}\n{}", facts.text, facts.standard_name),
        domains: codes(&facts.domains),
        keywords: facts.keywords.clone(),
    }
}

/// Codes that can be read; others, which no form lets through, say nothing.
pub fn codes(texts: &[String]) -> Vec<Code> {
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}
