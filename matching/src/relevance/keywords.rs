//! The experts' keywords: how far a request covers each, and which stand in it misspelt.

use rustc_hash::FxHashMap;

use super::lists::{Lists, keep_best};
use super::query::Query;
use crate::text::{Gram, VARIANT_THRESHOLD, fold, grams, similarity};

/// A keyword covered less than this tells nothing: it shares a common word with the request.
const COVERED_FROM: f32 = 0.25;
/// Keywords covered this far are shown as matched.
const SHOWN_FROM: f32 = 0.5;
/// From here on a keyword stands in the request as it is (sums of shares are not quite 1).
const WHOLE: f32 = 0.999;
/// How many keywords, the best covered first, are looked at for another spelling.
const VARIANT_CANDIDATES: usize = 48;
/// Shorter keywords have too many neighbours by one character.
const VARIANT_LENGTH: usize = 4;

/// All different keywords of all experts.
pub(super) struct Keywords {
    /// Folded, in order of first appearance.
    texts: Vec<String>,
    /// Per n-gram the keywords that hold it, each with the share of the keyword it makes up.
    postings: FxHashMap<Gram, Vec<(u32, f32)>>,
    /// Per expert the keywords, in the expert's order.
    of_expert: Lists,
    /// Per keyword the experts.
    owners: Lists,
}

/// How a request meets the keywords. Both lists ascend by keyword.
pub(super) struct Coverage {
    /// The share in 0..=1 of a keyword that stands in the request, from [`COVERED_FROM`] on.
    covered: Vec<(u32, f32)>,
    /// The similarity of another spelling of a keyword that stands in the request.
    variants: Vec<(u32, f32)>,
}

impl Keywords {
    pub fn build<'a>(experts: impl Iterator<Item = &'a [String]>) -> Self {
        let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
        let mut texts: Vec<String> = Vec::new();
        let mut of_expert = Lists::default();
        for keywords in experts {
            let folded = keywords.iter().map(|keyword| fold(keyword.trim()));
            of_expert.push(folded.filter(|keyword| !keyword.is_empty()).map(|keyword| {
                *numbers.entry(keyword).or_insert_with_key(|keyword| {
                    texts.push(keyword.clone());
                    texts.len() as u32 - 1
                })
            }));
        }
        Self {
            postings: postings(&texts),
            owners: of_expert.inverted(texts.len()),
            of_expert,
            texts,
        }
    }

    /// How a request meets all keywords.
    pub fn cover(&self, query: &Query) -> Coverage {
        let mut shares = vec![0.0; self.texts.len()];
        for (gram, weight) in &query.grams {
            for &(keyword, share) in self.postings.get(gram).into_iter().flatten() {
                shares[keyword as usize] += share * weight.min(1.0);
            }
        }
        let covered: Vec<(u32, f32)> = (0..)
            .zip(shares)
            .filter(|&(_, share)| share >= COVERED_FROM)
            .collect();
        Coverage {
            variants: self.variants(query, &covered),
            covered,
        }
    }

    /// Keywords that are covered in part and stand in the request in another spelling.
    fn variants(&self, query: &Query, covered: &[(u32, f32)]) -> Vec<(u32, f32)> {
        let mut candidates: Vec<(u32, f32)> = covered
            .iter()
            .copied()
            .filter(|&(_, share)| share < WHOLE)
            .collect();
        candidates.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        candidates.truncate(VARIANT_CANDIDATES);
        let text: Vec<char> = query.folded.chars().collect();
        let mut found: Vec<(u32, f32)> = candidates
            .into_iter()
            .filter_map(|(keyword, _)| {
                let similarity = best_window(&self.texts[keyword as usize], &text)?;
                Some((keyword, similarity as f32))
            })
            .collect();
        found.sort_unstable_by_key(|&(keyword, _)| keyword);
        found
    }

    /// Per expert the mean coverage of the best `count` keywords, in 0..=1; a missing one counts
    /// as not covered.
    pub fn coverage(&self, coverage: &Coverage, count: usize) -> Vec<f32> {
        let experts = self.of_expert.len();
        if count == 0 {
            return vec![0.0; experts];
        }
        let mut best = vec![0.0; experts * count];
        for &(keyword, share) in &coverage.covered {
            for &owner in self.owners.get(keyword as usize) {
                keep_best(&mut best[owner as usize * count..][..count], share);
            }
        }
        best.chunks(count)
            .map(|best| best.iter().sum::<f32>().min(count as f32) / count as f32)
            .collect()
    }

    /// Per expert the best similarity of a keyword that stands in the request misspelt.
    pub fn misspelt(&self, coverage: &Coverage) -> Vec<f32> {
        let mut best: Vec<f32> = vec![0.0; self.of_expert.len()];
        for &(keyword, similarity) in &coverage.variants {
            for &owner in self.owners.get(keyword as usize) {
                let kept = &mut best[owner as usize];
                *kept = kept.max(similarity);
            }
        }
        best
    }

    /// The expert's keywords, folded, that are covered by half at least or misspelt, best first.
    pub fn matched(&self, coverage: &Coverage, expert: usize) -> Vec<&str> {
        let look_up = |list: &[(u32, f32)], keyword: u32| {
            let found = list.binary_search_by_key(&keyword, |&(keyword, _)| keyword);
            found.map_or(0.0, |at| list[at].1)
        };
        let mut matched: Vec<(f32, u32)> = self
            .of_expert
            .get(expert)
            .iter()
            .map(|&keyword| {
                let covered = look_up(&coverage.covered, keyword);
                (covered.max(look_up(&coverage.variants, keyword)), keyword)
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

/// Per n-gram the keywords that hold it, with its share of the keyword's summed idf.
fn postings(texts: &[String]) -> FxHashMap<Gram, Vec<(u32, f32)>> {
    let distinct = |text: &String| {
        let mut found = grams(text);
        found.sort_unstable();
        found.dedup();
        found
    };
    let mut frequency: FxHashMap<Gram, f32> = FxHashMap::default();
    for gram in texts.iter().flat_map(distinct) {
        *frequency.entry(gram).or_default() += 1.0;
    }
    let idf = |gram: &Gram| ((1.0 + texts.len() as f32) / (1.0 + frequency[gram])).ln() + 1.0;
    let mut postings: FxHashMap<Gram, Vec<(u32, f32)>> = FxHashMap::default();
    for (keyword, text) in (0..).zip(texts) {
        let found = distinct(text);
        let whole: f32 = found.iter().map(idf).sum();
        for gram in found {
            postings
                .entry(gram)
                .or_default()
                .push((keyword, idf(&gram) / whole));
        }
    }
    postings
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
        let best = keywords.coverage(&coverage, 1);
        assert!((best[0] - 1.0).abs() < 1e-5);
        assert_eq!(best[1], 0.0);
        assert!((keywords.coverage(&coverage, 2)[0] - 0.5).abs() < 0.1);
        assert_eq!(keywords.matched(&coverage, 0), ["配电变压器"]);
    }

    #[test]
    fn a_misspelt_keyword_is_a_variant() {
        let keywords = keywords(&[&["牺牲阳极保护"], &["继电保护"]]);
        let coverage = cover(&keywords, "钢桩用牺性阳极保护行不行");
        let misspelt = keywords.misspelt(&coverage);
        assert!(misspelt[0] >= VARIANT_THRESHOLD as f32);
        assert_eq!(misspelt[1], 0.0);
        let exact = cover(&keywords, "钢桩用牺牲阳极保护行不行");
        assert_eq!(keywords.misspelt(&exact), [0.0, 0.0]);
    }
}
