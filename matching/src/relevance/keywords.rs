//! The experts' keywords: how far a request covers each, and which stand in it misspelt.

use rustc_hash::FxHashMap;

use super::query::Query;
use crate::text::{Gram, VARIANT_THRESHOLD, fold, grams, similarity};

/// A keyword covered less than this tells nothing: it shares a common word with the request.
const COVERED_FROM: f32 = 0.25;
/// Keywords covered this far are shown as matched.
const SHOWN_FROM: f32 = 0.5;
/// Keywords covered at least so far are looked at for another spelling.
const VARIANT_FROM: f32 = 0.1;
/// Shorter keywords have too many neighbours by one character.
const VARIANT_LENGTH: usize = 4;

/// All different keywords of all experts.
pub(super) struct Keywords {
    /// Folded, in order of first appearance.
    texts: Vec<String>,
    /// Per n-gram the keywords that hold it, each with the share of the keyword it makes up.
    postings: FxHashMap<Gram, Vec<(u32, f32)>>,
    /// Per expert the keywords, in the expert's order.
    of_expert: Vec<Vec<u32>>,
}

/// How a request meets the keywords.
pub(super) struct Coverage {
    /// Per keyword the share in 0..=1 of it that stands in the request.
    covered: Vec<f32>,
    /// Per keyword the similarity of another spelling that stands in the request, or 0.
    variants: FxHashMap<u32, f32>,
}

impl Keywords {
    pub fn build<'a>(experts: impl Iterator<Item = &'a [String]>) -> Self {
        let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
        let mut texts: Vec<String> = Vec::new();
        let of_expert: Vec<Vec<u32>> = experts
            .map(|keywords| {
                let folded = keywords.iter().map(|keyword| fold(keyword.trim()));
                folded
                    .filter(|keyword| !keyword.is_empty())
                    .map(|keyword| {
                        *numbers.entry(keyword).or_insert_with_key(|keyword| {
                            texts.push(keyword.clone());
                            texts.len() as u32 - 1
                        })
                    })
                    .collect()
            })
            .collect();

        let per_keyword: Vec<Vec<Gram>> = texts
            .iter()
            .map(|text| {
                let mut found = grams(text);
                found.sort_unstable();
                found.dedup();
                found
            })
            .collect();
        let mut frequency: FxHashMap<Gram, f32> = FxHashMap::default();
        for gram in per_keyword.iter().flatten() {
            *frequency.entry(*gram).or_default() += 1.0;
        }
        let idf = |gram: &Gram| ((1.0 + texts.len() as f32) / (1.0 + frequency[gram])).ln() + 1.0;
        let mut postings: FxHashMap<Gram, Vec<(u32, f32)>> = FxHashMap::default();
        for (keyword, found) in (0..).zip(&per_keyword) {
            let whole: f32 = found.iter().map(idf).sum();
            for gram in found {
                postings
                    .entry(*gram)
                    .or_default()
                    .push((keyword, idf(gram) / whole));
            }
        }
        Self {
            texts,
            postings,
            of_expert,
        }
    }

    /// How a request meets all keywords.
    pub fn cover(&self, query: &Query) -> Coverage {
        let mut covered = vec![0.0; self.texts.len()];
        for (gram, weight) in &query.grams {
            for &(keyword, share) in self.postings.get(gram).into_iter().flatten() {
                covered[keyword as usize] += share * weight.min(1.0);
            }
        }
        let text: Vec<char> = query.folded.chars().collect();
        let variants = (0..)
            .zip(&covered)
            .filter(|&(_, &share)| (VARIANT_FROM..0.999).contains(&share))
            .filter_map(|(keyword, _)| {
                let similarity = best_window(&self.texts[keyword as usize], &text)?;
                Some((keyword, similarity as f32))
            })
            .collect();
        Coverage { covered, variants }
    }

    /// Mean coverage of the expert's best `count` keywords that are covered at all, in 0..=1.
    pub fn coverage(&self, coverage: &Coverage, expert: usize, count: usize) -> f32 {
        let mut best: Vec<f32> = self.of_expert[expert]
            .iter()
            .map(|&keyword| coverage.covered[keyword as usize])
            .filter(|&share| share >= COVERED_FROM)
            .collect();
        best.sort_unstable_by(|left, right| right.total_cmp(left));
        best.truncate(count);
        best.iter().sum::<f32>().min(count as f32) / count.max(1) as f32
    }

    /// The best similarity of a keyword of the expert that stands in the request misspelt.
    pub fn variant(&self, coverage: &Coverage, expert: usize) -> f32 {
        if coverage.variants.is_empty() {
            return 0.0;
        }
        let similarities = self.of_expert[expert]
            .iter()
            .filter_map(|keyword| coverage.variants.get(keyword));
        similarities.copied().fold(0.0, f32::max)
    }

    /// The expert's keywords covered at least by half or misspelt, best first: their positions in
    /// the folded list of the expert and their texts.
    pub fn matched(&self, coverage: &Coverage, expert: usize) -> Vec<&str> {
        let mut matched: Vec<(f32, u32)> = self.of_expert[expert]
            .iter()
            .map(|&keyword| {
                let variant = coverage.variants.get(&keyword).copied().unwrap_or(0.0);
                (coverage.covered[keyword as usize].max(variant), keyword)
            })
            .filter(|&(share, _)| share >= SHOWN_FROM)
            .collect();
        matched.sort_by(|left, right| right.0.total_cmp(&left.0));
        matched
            .iter()
            .map(|&(_, keyword)| self.texts[keyword as usize].as_str())
            .collect()
    }
}

/// The best similarity of a keyword to a stretch of the text of the same length, from
/// [`VARIANT_THRESHOLD`] on; none if the keyword itself stands there or nothing is near.
fn best_window(keyword: &str, text: &[char]) -> Option<f64> {
    let characters: Vec<char> = keyword.chars().collect();
    if characters.len() < VARIANT_LENGTH {
        return None;
    }
    let mut best = None;
    for window in text.windows(characters.len()) {
        // A cheap look first: a stretch under the threshold agrees at few places, even when two
        // neighbours changed sides.
        let agreeing = window.iter().filter(|c| characters.contains(c)).count();
        if (agreeing as f64) < VARIANT_THRESHOLD * characters.len() as f64 {
            continue;
        }
        let stretch: String = window.iter().collect();
        if stretch == keyword {
            return None;
        }
        let alike = similarity(keyword, &stretch);
        if alike >= VARIANT_THRESHOLD && best.is_none_or(|before| alike > before) {
            best = Some(alike);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relevance::{RequestText, Synonyms, Weights};

    fn keywords(lists: &[&[&str]]) -> Keywords {
        let lists: Vec<Vec<String>> = lists
            .iter()
            .map(|list| list.iter().map(|&word| word.to_owned()).collect())
            .collect();
        Keywords::build(lists.iter().map(Vec::as_slice))
    }

    fn cover(keywords: &Keywords, body: &str) -> Coverage {
        let request = RequestText {
            body: body.into(),
            ..RequestText::default()
        };
        keywords.cover(&Query::new(
            &request,
            &Weights::default(),
            &Synonyms::default(),
        ))
    }

    #[test]
    fn a_keyword_that_stands_in_the_request_is_covered() {
        let keywords = keywords(&[&["配电变压器", "继电保护"], &["冷链物流"]]);
        let coverage = cover(&keywords, "村里的配电变压器老是烧");
        assert!((keywords.coverage(&coverage, 0, 1) - 1.0).abs() < 1e-5);
        assert_eq!(keywords.coverage(&coverage, 1, 1), 0.0);
        assert_eq!(keywords.matched(&coverage, 0), ["配电变压器"]);
    }

    #[test]
    fn a_misspelt_keyword_is_a_variant() {
        let keywords = keywords(&[&["牺牲阳极保护"], &["继电保护"]]);
        let coverage = cover(&keywords, "钢桩用牺性阳极保护行不行");
        assert!(keywords.variant(&coverage, 0) >= VARIANT_THRESHOLD as f32);
        assert_eq!(keywords.variant(&coverage, 1), 0.0);
        let exact = cover(&keywords, "钢桩用牺牲阳极保护行不行");
        assert_eq!(keywords.variant(&exact, 0), 0.0);
    }
}
