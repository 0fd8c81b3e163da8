//! From factors to scores.

use std::cmp::Reverse;

use super::codes::Code;
use super::index::Index;
use super::keywords::Coverage;
use super::model::{Factors, MatchedCode, RequestText, Scored};
use super::query::Query;
use crate::text::words;

const MILLION: f32 = 1_000_000.0;
/// A word that stands in more than this share of all items says nothing about an expert.
const TELLING_UP_TO: f32 = 0.15;
/// More matched words than these are not read.
const WORDS_SHOWN: usize = 8;

/// A request met with the whole pool.
struct Met {
    query: Query,
    items: Vec<f32>,
    units: Vec<f32>,
    coverage: Coverage,
}

impl Index {
    /// Scores of all experts in millionths, by position.
    pub fn scores(&self, request: &RequestText) -> Vec<u32> {
        self.scores_with(request, &[])
    }

    /// As [`Index::scores`], with further scores of the caller: each a slice of one score per
    /// expert on any scale (one of another length is left out). Their standardised mean is added.
    pub fn scores_with(&self, request: &RequestText, extra: &[&[f32]]) -> Vec<u32> {
        self.factors(request, extra)
            .0
            .iter()
            .map(Factors::total)
            .collect()
    }

    /// The best `limit` experts with their reasons, best first; equal scores in order of position.
    pub fn rank(&self, request: &RequestText, limit: usize) -> Vec<Scored> {
        self.rank_with(request, limit, &[])
    }

    /// As [`Index::rank`], with further scores as in [`Index::scores_with`].
    pub fn rank_with(&self, request: &RequestText, limit: usize, extra: &[&[f32]]) -> Vec<Scored> {
        let (factors, met) = self.factors(request, extra);
        let mut order: Vec<(Reverse<u32>, usize)> = factors
            .iter()
            .enumerate()
            .map(|(expert, factors)| (Reverse(factors.total()), expert))
            .collect();
        if limit < order.len() {
            order.select_nth_unstable(limit);
            order.truncate(limit);
        }
        order.sort_unstable();
        let words = self.telling_words(&met.query);
        order
            .into_iter()
            .map(|(_, expert)| self.reasons(request, &met, &words, expert, factors[expert]))
            .collect()
    }

    /// One expert's score and reasons; none if there is no such expert.
    pub fn explain(&self, request: &RequestText, expert: usize) -> Option<Scored> {
        let (factors, met) = self.factors(request, &[]);
        let words = self.telling_words(&met.query);
        Some(self.reasons(request, &met, &words, expert, *factors.get(expert)?))
    }

    fn factors(&self, request: &RequestText, extra: &[&[f32]]) -> (Vec<Factors>, Met) {
        let query = Query::new(request, &self.weights, &self.synonyms);
        let met = Met {
            items: self.items.cosines(&query.grams),
            units: self.units.cosines(&query.grams),
            coverage: self.keywords.cover(&query),
            query,
        };
        let weights = &self.weights;
        let codes_weight = if request.domains.is_empty() {
            0.0
        } else {
            weights.codes
        };
        let whole =
            weights.text + codes_weight + weights.keywords + weights.unit + weights.variants;
        let points = |weight: f32, value: f32| {
            if whole > 0.0 {
                (weight / whole * value * MILLION).round() as i32
            } else {
                0
            }
        };
        let mut factors: Vec<Factors> = (0..self.len())
            .map(|expert| Factors {
                text: points(weights.text, self.likeness(&met.items, expert)),
                codes: points(
                    codes_weight,
                    code_nearness(&request.domains, &self.domains[expert]),
                ),
                keywords: points(
                    weights.keywords,
                    self.keywords
                        .coverage(&met.coverage, expert, weights.best_items),
                ),
                unit: points(weights.unit, met.units[self.unit_of[expert] as usize]),
                variants: points(
                    weights.variants,
                    self.keywords.variant(&met.coverage, expert),
                ),
                extra: 0,
            })
            .collect();
        add_extra(&mut factors, extra, weights.extra);
        (factors, met)
    }

    /// Mean of the expert's best items.
    fn likeness(&self, items: &[f32], expert: usize) -> f32 {
        let range = self.first_item[expert] as usize..self.first_item[expert + 1] as usize;
        let count = self.weights.best_items.min(range.len());
        if count == 0 {
            return 0.0;
        }
        let mut best = items[range].to_vec();
        best.sort_unstable_by(|left, right| right.total_cmp(left));
        best[..count].iter().sum::<f32>() / count as f32
    }

    /// Words of the request that tell experts apart, most telling first.
    fn telling_words(&self, query: &Query) -> Vec<String> {
        let written = words(&query.folded);
        let added = query.expansions.iter().map(String::as_str);
        let mut telling: Vec<(f32, &str)> = Vec::new();
        for word in written.into_iter().chain(added) {
            let rarity = self.items.rarity(word);
            let known = rarity > 0.0 && rarity <= TELLING_UP_TO.max(1.5 / self.len() as f32);
            if word.chars().count() > 1 && known && telling.iter().all(|(_, seen)| *seen != word) {
                telling.push((rarity, word));
            }
        }
        telling.sort_by(|left, right| left.0.total_cmp(&right.0));
        telling
            .into_iter()
            .map(|(_, word)| word.to_owned())
            .collect()
    }

    fn reasons(
        &self,
        request: &RequestText,
        met: &Met,
        words: &[String],
        expert: usize,
        factors: Factors,
    ) -> Scored {
        let text = &self.texts[expert];
        let standing = words.iter().filter(|word| text.contains(word.as_str()));
        Scored {
            expert,
            millionths: factors.total(),
            factors,
            matched_codes: matched_codes(&request.domains, &self.domains[expert]),
            matched_keywords: self
                .keywords
                .matched(&met.coverage, expert)
                .into_iter()
                .map(str::to_owned)
                .collect(),
            matched_words: standing.take(WORDS_SHOWN).cloned().collect(),
        }
    }
}

/// Mean over the request's codes of the nearness of the expert's nearest one. A classification the
/// expert is not coded in at all is left out, so that nobody loses by being coded in one only.
fn code_nearness(request: &[Code], expert: &[Code]) -> f32 {
    let mut sum = 0.0;
    let mut count = 0.0;
    for wanted in request {
        if expert.iter().any(|code| code.scheme() == wanted.scheme()) {
            sum += expert
                .iter()
                .map(|code| wanted.nearness(code))
                .fold(0.0, f32::max);
            count += 1.0;
        }
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

fn matched_codes(request: &[Code], expert: &[Code]) -> Vec<MatchedCode> {
    request
        .iter()
        .filter_map(|wanted| {
            let nearest = expert
                .iter()
                .max_by(|left, right| wanted.nearness(left).total_cmp(&wanted.nearness(right)))?;
            let nearness = wanted.nearness(nearest);
            (nearness > 0.0).then(|| MatchedCode {
                request: wanted.clone(),
                expert: nearest.clone(),
                nearness,
            })
        })
        .collect()
}

/// Adds the standardised mean of further scores, in units of the base scores' deviation: the order
/// is that of the sum of standardised scores, and the scale stays that of the base.
fn add_extra(factors: &mut [Factors], extra: &[&[f32]], weight: f32) {
    let fitting: Vec<&[f32]> = extra
        .iter()
        .copied()
        .filter(|scores| scores.len() == factors.len())
        .collect();
    if fitting.is_empty() {
        return;
    }
    let base: Vec<f32> = factors
        .iter()
        .map(|factors| factors.total() as f32)
        .collect();
    let (_, unit) = mean_and_deviation(&base);
    for scores in &fitting {
        let (mean, deviation) = mean_and_deviation(scores);
        if deviation > 0.0 {
            let scale = weight * unit / deviation / fitting.len() as f32;
            for (factors, score) in factors.iter_mut().zip(*scores) {
                factors.extra += ((score - mean) * scale).round() as i32;
            }
        }
    }
}

fn mean_and_deviation(values: &[f32]) -> (f32, f32) {
    let count = values.len().max(1) as f32;
    let mean = values.iter().sum::<f32>() / count;
    let variance = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f32>()
        / count;
    (mean, variance.sqrt())
}
