//! From factors to scores.

use std::cmp::Reverse;

use super::index::Index;
use super::keywords::Coverage;
use super::lists::keep_best;
use super::model::{Factors, RequestText, Scored};
use super::query::Query;
use crate::text::{without_stop_phrases, words};

const MILLION: f32 = 1_000_000.0;
/// A word that stands in more than this share of all items says nothing about an expert.
const TELLING_UP_TO: f32 = 0.05;
/// More matched words than these are not read.
const WORDS_SHOWN: usize = 8;
/// Items of an expert that count, unless the configuration says otherwise.
const USUAL_BEST_ITEMS: usize = 3;

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
    /// expert on any scale. One of another length, with equal scores only, or with a score that is
    /// not a number is left out.
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
        let order = best_first(&factors, limit);
        let words = self.telling_words(&met.query);
        order
            .into_iter()
            .map(|(expert, _)| self.reasons(request, &met, &words, expert, factors[expert]))
            .collect()
    }

    /// The best `limit` experts and their scores in millionths, best first, without reasons.
    pub fn best(&self, request: &RequestText, limit: usize) -> Vec<(usize, u32)> {
        best_first(&self.factors(request, &[]).0, limit)
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
        let scale = if whole > 0.0 { MILLION / whole } else { 0.0 };
        // Nothing here is negative, so adding a half and cutting off rounds.
        let points = |weight: f32, value: f32| (scale * weight * value + 0.5) as u32;
        let text = self.likeness(&met.items);
        let codes = self.domains.nearness(&request.domains);
        let covered = self.keywords.coverage(&met.coverage, weights.best_items);
        let misspelt = self.keywords.misspelt(&met.coverage);
        let mut factors: Vec<Factors> = (0..self.len())
            .map(|expert| Factors {
                text: points(weights.text, text[expert]),
                codes: points(codes_weight, codes[expert]),
                keywords: points(weights.keywords, covered[expert]),
                unit: points(weights.unit, met.units[self.unit_of[expert] as usize]),
                variants: points(weights.variants, misspelt[expert]),
                extra: 0,
            })
            .collect();
        add_extra(&mut factors, extra, weights.extra);
        (factors, met)
    }

    /// Per expert the mean of the best items.
    fn likeness(&self, items: &[f32]) -> Vec<f32> {
        let own = |range: &[u32]| &items[range[0] as usize..range[1] as usize];
        let experts = self.first_item.windows(2).map(own);
        // The usual number is known when this is compiled, so the best stay in registers.
        if self.weights.best_items == USUAL_BEST_ITEMS {
            let mean = |own| mean_of_best(&mut [0.0; USUAL_BEST_ITEMS], own);
            return experts.map(mean).collect();
        }
        let mut best = vec![0.0; self.weights.best_items];
        let mean = |own| {
            best.fill(0.0);
            mean_of_best(&mut best, own)
        };
        experts.map(mean).collect()
    }

    /// Words of the request that tell experts apart, most telling first.
    fn telling_words(&self, query: &Query) -> Vec<String> {
        let asked = without_stop_phrases(&query.folded);
        let written = words(&asked);
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
            matched_codes: self.domains.matched(&request.domains, expert),
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

/// The mean of the greatest of `own`, as many as `best` has room for; `best` holds zeros.
#[inline]
fn mean_of_best(best: &mut [f32], own: &[f32]) -> f32 {
    for &cosine in own {
        keep_best(best, cosine);
    }
    best.iter().sum::<f32>() / best.len().min(own.len()).max(1) as f32
}

/// Positions and scores of the best `limit`, best first; equal scores in order of position.
fn best_first(factors: &[Factors], limit: usize) -> Vec<(usize, u32)> {
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
    order
        .into_iter()
        .map(|(Reverse(score), expert)| (expert, score))
        .collect()
}

/// Adds the mean of further scores, each brought to the base scores' deviation and counted from its
/// lowest: the order is that of the sum of standardised scores, and nothing falls below zero.
fn add_extra(factors: &mut [Factors], extra: &[&[f32]], weight: f32) {
    let telling: Vec<(&[f32], f32)> = extra
        .iter()
        .filter(|scores| scores.len() == factors.len())
        .filter_map(|scores| Some((*scores, spread(scores.iter().copied())?)))
        .collect();
    if telling.is_empty() {
        return;
    }
    let base = spread(factors.iter().map(|factors| factors.total() as f32));
    let Some(unit) = base else { return };
    for (scores, deviation) in &telling {
        let lowest = scores.iter().copied().fold(f32::INFINITY, f32::min);
        let scale = weight * unit / deviation / telling.len() as f32;
        for (factors, score) in factors.iter_mut().zip(*scores) {
            factors.extra += ((score - lowest) * scale).round() as u32;
        }
    }
}

/// The standard deviation; none where all values are equal or one is not a number.
fn spread(values: impl Iterator<Item = f32> + Clone) -> Option<f32> {
    let first = values.clone().next()?;
    if values.clone().all(|value| value == first) {
        return None;
    }
    let count = values.clone().count() as f64;
    let mean = values.clone().map(f64::from).sum::<f64>() / count;
    let variance = values
        .map(|value| (f64::from(value) - mean).powi(2))
        .sum::<f64>()
        / count;
    let deviation = variance.sqrt() as f32;
    deviation.is_normal().then_some(deviation)
}
