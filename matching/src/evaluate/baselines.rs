//! Simple rankings to compare with. Each reads an expert as one text: unit, keywords, works, bio.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::relevance::{ExpertText, RequestText};
use crate::text::{cut_for_search, fold};

/// A way to score all experts for a request.
pub trait Ranker {
    /// One score per expert, higher is better.
    fn scores(&self, request: &RequestText) -> Vec<f64>;
}

fn profile(expert: &ExpertText) -> String {
    let parts = [
        expert.unit_scope.clone(),
        expert.keywords.join("；"),
        expert.works.join("\n"),
    ];
    fold(&[parts.join("\n"), expert.bio.clone()].join("\n"))
}

fn question(request: &RequestText) -> String {
    fold(
        &[
            request.title.as_str(),
            &request.body,
            &request.keywords.join("；"),
        ]
        .join("\n"),
    )
}

/// Cosine over character 1–3-grams with sublinear TF-IDF, as `TfidfVectorizer(analyzer="char",
/// ngram_range=(1, 3), sublinear_tf=True)` computes it.
pub struct CharTfIdf {
    idf: FxHashMap<String, f64>,
    experts: Vec<FxHashMap<String, f64>>,
}

impl CharTfIdf {
    /// Learns document frequencies from the experts.
    pub fn new(experts: &[ExpertText]) -> Self {
        let counts: Vec<_> = experts
            .iter()
            .map(|expert| char_grams(&profile(expert)))
            .collect();
        let mut frequency: FxHashMap<String, f64> = FxHashMap::default();
        for gram in counts.iter().flat_map(FxHashMap::keys) {
            *frequency.entry(gram.clone()).or_default() += 1.0;
        }
        let all = 1.0 + counts.len() as f64;
        let idf = frequency
            .into_iter()
            .map(|(gram, holding)| (gram, (all / (1.0 + holding)).ln() + 1.0))
            .collect();
        let experts = counts
            .into_iter()
            .map(|counts| weigh(counts, &idf))
            .collect();
        Self { idf, experts }
    }
}

fn char_grams(text: &str) -> FxHashMap<String, f64> {
    let characters: Vec<char> = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .collect();
    let mut counts = FxHashMap::default();
    for length in 1..=3 {
        for window in characters.windows(length) {
            *counts.entry(window.iter().collect()).or_default() += 1.0;
        }
    }
    counts
}

fn weigh(counts: FxHashMap<String, f64>, idf: &FxHashMap<String, f64>) -> FxHashMap<String, f64> {
    let mut weights: FxHashMap<String, f64> = counts
        .into_iter()
        .filter_map(|(gram, count)| {
            let weight = (1.0 + count.ln()) * idf.get(&gram)?;
            Some((gram, weight))
        })
        .collect();
    let length = weights
        .values()
        .map(|weight| weight * weight)
        .sum::<f64>()
        .sqrt();
    for weight in weights.values_mut() {
        *weight /= length;
    }
    weights
}

impl Ranker for CharTfIdf {
    fn scores(&self, request: &RequestText) -> Vec<f64> {
        let question = weigh(char_grams(&question(request)), &self.idf);
        let cosine = |expert: &FxHashMap<String, f64>| {
            question
                .iter()
                .map(|(gram, weight)| weight * expert.get(gram).unwrap_or(&0.0))
                .sum()
        };
        self.experts.iter().map(cosine).collect()
    }
}

/// Okapi BM25 (k1 = 1.2, b = 0.75) over words cut for search.
pub struct Bm25 {
    idf: FxHashMap<String, f64>,
    experts: Vec<(FxHashMap<String, f64>, f64)>,
    mean_length: f64,
}

impl Bm25 {
    /// Learns document frequencies and lengths from the experts.
    pub fn new(experts: &[ExpertText]) -> Self {
        let experts: Vec<(FxHashMap<String, f64>, f64)> = experts
            .iter()
            .map(|expert| {
                let mut counts = FxHashMap::default();
                for word in cut_for_search(&profile(expert)) {
                    *counts.entry(word.to_owned()).or_default() += 1.0;
                }
                let length = counts.values().sum();
                (counts, length)
            })
            .collect();
        let mut frequency: FxHashMap<String, f64> = FxHashMap::default();
        for word in experts.iter().flat_map(|(counts, _)| counts.keys()) {
            *frequency.entry(word.clone()).or_default() += 1.0;
        }
        let all = experts.len() as f64;
        let idf = frequency
            .into_iter()
            .map(|(word, holding)| (word, (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln()))
            .collect();
        let mean_length = experts.iter().map(|(_, length)| length).sum::<f64>() / all.max(1.0);
        Self {
            idf,
            experts,
            mean_length,
        }
    }
}

impl Ranker for Bm25 {
    fn scores(&self, request: &RequestText) -> Vec<f64> {
        const K1: f64 = 1.2;
        const B: f64 = 0.75;
        let question = question(request);
        let words: FxHashSet<&str> = cut_for_search(&question).into_iter().collect();
        let score = |(counts, length): &(FxHashMap<String, f64>, f64)| {
            let known = words
                .iter()
                .filter_map(|&word| Some((counts.get(word)?, self.idf[word])));
            known
                .map(|(count, idf)| {
                    let length = 1.0 - B + B * length / self.mean_length;
                    idf * count * (K1 + 1.0) / (count + K1 * length)
                })
                .sum()
        };
        self.experts.iter().map(score).collect()
    }
}

/// Sørensen–Dice over character bigrams of the whole texts.
pub struct Dice {
    experts: Vec<String>,
}

impl Dice {
    /// Keeps the experts' texts.
    pub fn new(experts: &[ExpertText]) -> Self {
        Self {
            experts: experts.iter().map(profile).collect(),
        }
    }
}

impl Ranker for Dice {
    fn scores(&self, request: &RequestText) -> Vec<f64> {
        let question = question(request);
        self.experts
            .iter()
            .map(|expert| strsim::sorensen_dice(expert, &question))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_baseline_puts_the_obvious_expert_first() {
        let expert = |keyword: &str, bio: &str| ExpertText {
            keywords: vec![keyword.into()],
            bio: bio.into(),
            ..ExpertText::default()
        };
        let experts = [
            expert("冷链物流", "研究冷藏运输的温度记录。"),
            expert("配电变压器", "研究配电网过载与扩容。"),
            expert("实验动物", "研究小鼠模型。"),
        ];
        let request = RequestText {
            title: "变压器夏天过载怎么扩容".into(),
            ..RequestText::default()
        };
        let rankers: [Box<dyn Ranker>; 3] = [
            Box::new(CharTfIdf::new(&experts)),
            Box::new(Bm25::new(&experts)),
            Box::new(Dice::new(&experts)),
        ];
        for (number, ranker) in rankers.iter().enumerate() {
            let scores = ranker.scores(&request);
            assert!(
                scores[1] > scores[0] && scores[1] > scores[2],
                "{number}: {scores:?}"
            );
        }
    }

    #[test]
    fn the_cosine_of_a_text_with_itself_is_one() {
        let expert = ExpertText {
            bio: "配电变压器过载".into(),
            ..ExpertText::default()
        };
        let request = RequestText {
            title: "配电变压器过载".into(),
            ..RequestText::default()
        };
        let scores = CharTfIdf::new(&[expert]).scores(&request);
        assert!((scores[0] - 1.0).abs() < 1e-9);
    }
}
