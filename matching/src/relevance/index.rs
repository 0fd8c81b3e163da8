//! The index over a pool of experts.

use rustc_hash::FxHashMap;

use super::domains::Domains;
use super::keywords::Keywords;
use super::model::ExpertText;
use super::synonyms::Synonyms;
use super::vectors::Vectors;
use super::weights::Weights;
use crate::text::fold;

/// A pool of experts, ready to be asked. Building is the slow part; asking never changes it.
pub struct Index {
    pub(super) weights: Weights,
    pub(super) synonyms: Synonyms,
    /// An expert's items: the keywords together, each work, the bio.
    pub(super) items: Vectors,
    /// Where each expert's items begin; one more at the end.
    pub(super) first_item: Vec<u32>,
    /// The different units.
    pub(super) units: Vectors,
    pub(super) unit_of: Vec<u32>,
    pub(super) keywords: Keywords,
    pub(super) domains: Domains,
    /// All of an expert's items, folded, one a line: where matched words are looked for.
    pub(super) texts: Vec<String>,
}

impl Index {
    /// Builds the index; an expert is known by the position in `experts` from here on.
    pub fn build(experts: &[ExpertText], weights: &Weights, synonyms: &Synonyms) -> Self {
        let texts: Vec<String> = experts.iter().map(items).collect();
        let mut first_item = Vec::with_capacity(experts.len() + 1);
        let mut count = 0;
        for text in &texts {
            first_item.push(count);
            count += text.lines().count() as u32;
        }
        first_item.push(count);

        let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
        let mut unit_texts: Vec<String> = Vec::new();
        let unit_of = experts
            .iter()
            .map(|expert| {
                *numbers
                    .entry(&expert.unit_scope)
                    .or_insert_with_key(|unit| {
                        unit_texts.push(fold(unit));
                        unit_texts.len() as u32 - 1
                    })
            })
            .collect();

        Self {
            weights: *weights,
            synonyms: synonyms.clone(),
            items: Vectors::build(texts.iter().flat_map(|text| text.lines())),
            first_item,
            units: Vectors::build(unit_texts.iter().map(String::as_str)),
            unit_of,
            keywords: Keywords::build(experts.iter().map(|expert| expert.keywords.as_slice())),
            domains: Domains::build(experts.iter().map(|expert| expert.domains.as_slice())),
            texts,
        }
    }

    /// How many experts the index holds.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether the index holds no expert.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// An expert's items, folded, one a line; empty ones are left out.
fn items(expert: &ExpertText) -> String {
    let keywords = expert.keywords.join("；");
    let all = std::iter::once(&keywords)
        .chain(&expert.works)
        .chain(std::iter::once(&expert.bio));
    all.map(|item| fold(item.trim()).replace(['\n', '\r'], " "))
        .filter(|item| !item.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}
