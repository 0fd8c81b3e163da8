//! A request made ready for the index.

use rustc_hash::FxHashMap;

use super::model::RequestText;
use super::synonyms::Synonyms;
use super::weights::Weights;
use crate::text::{Gram, fold, for_each_gram, without_stop_phrases};

pub(super) struct Query {
    /// All that was written: title, body and keywords, folded, a line each.
    pub folded: String,
    /// What the synonym table adds.
    pub expansions: Vec<String>,
    /// Sublinear weight of each n-gram, ascending by n-gram so that sums are always the same.
    pub grams: Vec<(Gram, f32)>,
}

impl Query {
    pub fn new(request: &RequestText, weights: &Weights, synonyms: &Synonyms) -> Self {
        let title = fold(&request.title);
        let body = fold(&request.body);
        let keywords = fold(&request.keywords.join("\n"));
        let folded = [title.as_str(), &body, &keywords].join("\n");
        let expansions: Vec<String> = synonyms
            .expansions(&folded)
            .into_iter()
            .map(str::to_owned)
            .collect();

        let mut counts: FxHashMap<Gram, f32> = FxHashMap::default();
        let mut count = |text: &str, weight: f32| {
            for_each_gram(text, |gram| *counts.entry(gram).or_default() += weight);
        };
        count(&without_stop_phrases(&title), weights.title);
        count(&without_stop_phrases(&body), 1.0);
        count(&keywords, weights.title);
        for expansion in &expansions {
            count(expansion, weights.synonyms);
        }
        let mut grams: Vec<(Gram, f32)> = counts
            .into_iter()
            .map(|(gram, count)| (gram, sublinear(count)))
            .collect();
        grams.sort_unstable_by_key(|&(gram, _)| gram);
        Self {
            folded,
            expansions,
            grams,
        }
    }
}

/// 1 + ln for what occurs at least once; a fraction of an occurrence counts as it is.
pub(super) fn sublinear(count: f32) -> f32 {
    if count >= 1.0 {
        1.0 + count.ln()
    } else {
        count.max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expansion_counts_less_than_a_written_word() {
        let synonyms = Synonyms::from_csv("term,expansion\n团标,团体标准\n").unwrap();
        let request = RequestText {
            body: "团标".into(),
            ..RequestText::default()
        };
        let query = Query::new(&request, &Weights::default(), &synonyms);
        let weight = |text: &str| {
            let gram = *crate::text::grams(text).last().unwrap();
            query.grams.iter().find(|(key, _)| *key == gram).unwrap().1
        };
        assert_eq!(query.expansions, ["团体标准"]);
        assert!(weight("体标准") < weight("团标"));
    }
}
