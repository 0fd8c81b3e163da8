//! Unit-length TF-IDF vectors of many short texts, behind an inverted index.

use rustc_hash::FxHashMap;

use super::query::sublinear;
use crate::text::{Gram, as_character, for_each_gram, rarity};

/// Documents are numbered in the order they were given.
pub(super) struct Vectors {
    terms: FxHashMap<Gram, u32>,
    /// Inverse document frequency, for single characters times their rarity in Chinese at large.
    idf: Vec<f32>,
    /// Where each term's postings begin; one more at the end.
    starts: Vec<usize>,
    postings: Vec<Posting>,
    documents: usize,
}

#[derive(Clone, Copy, Default)]
struct Posting {
    document: u32,
    weight: f32,
}

impl Vectors {
    /// Builds the index of folded texts.
    pub fn build<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut terms: FxHashMap<Gram, u32> = FxHashMap::default();
        let mut frequency: Vec<u32> = Vec::new();
        let mut forward: Vec<(u32, f32)> = Vec::new();
        let mut document_ends: Vec<usize> = Vec::new();
        let mut found: Vec<u32> = Vec::new();
        for text in texts {
            found.clear();
            for_each_gram(text, |gram| {
                let next = frequency.len() as u32;
                let term = *terms.entry(gram).or_insert(next);
                if term == next {
                    frequency.push(0);
                }
                found.push(term);
            });
            found.sort_unstable();
            for same in found.chunk_by(|left, right| left == right) {
                frequency[same[0] as usize] += 1;
                forward.push((same[0], sublinear(same.len() as f32)));
            }
            document_ends.push(forward.len());
        }
        Self::invert(terms, &frequency, &mut forward, &document_ends)
    }

    fn invert(
        terms: FxHashMap<Gram, u32>,
        frequency: &[u32],
        forward: &mut [(u32, f32)],
        document_ends: &[usize],
    ) -> Self {
        let documents = document_ends.len();
        let mut idf: Vec<f32> = frequency
            .iter()
            .map(|&holding| ((1.0 + documents as f32) / (1.0 + holding as f32)).ln() + 1.0)
            .collect();
        for (&gram, &term) in &terms {
            idf[term as usize] *= as_character(gram).map_or(1.0, rarity);
        }
        let mut starts = Vec::with_capacity(frequency.len() + 1);
        let mut total = 0;
        for &holding in frequency {
            starts.push(total);
            total += holding as usize;
        }
        starts.push(total);

        let mut postings = vec![Posting::default(); total];
        let mut next = starts.clone();
        let mut begin = 0;
        for (document, &end) in document_ends.iter().enumerate() {
            let entries = &mut forward[begin..end];
            for (term, weight) in entries.iter_mut() {
                *weight *= idf[*term as usize];
            }
            let length = entries
                .iter()
                .map(|(_, weight)| weight * weight)
                .sum::<f32>()
                .sqrt();
            for &(term, weight) in entries.iter() {
                let slot = &mut next[term as usize];
                postings[*slot] = Posting {
                    document: document as u32,
                    weight: weight / length,
                };
                *slot += 1;
            }
            begin = end;
        }
        Self {
            terms,
            idf,
            starts,
            postings,
            documents,
        }
    }

    /// Cosine of a request with every document, in 0..=1. N-grams that no document has are left
    /// out of the request's length.
    pub fn cosines(&self, grams: &[(Gram, f32)]) -> Vec<f32> {
        let known: Vec<(usize, f32)> = grams
            .iter()
            .filter_map(|(gram, weight)| {
                let term = *self.terms.get(gram)? as usize;
                Some((term, weight * self.idf[term]))
            })
            .collect();
        let length = known
            .iter()
            .map(|(_, weight)| weight * weight)
            .sum::<f32>()
            .sqrt();
        let mut sums = vec![0.0; self.documents];
        for (term, weight) in known {
            let weight = weight / length;
            for posting in &self.postings[self.starts[term]..self.starts[term + 1]] {
                sums[posting.document as usize] += weight * posting.weight;
            }
        }
        sums
    }

    /// The share of documents that hold the rarest n-gram of folded text; 0 if one is unknown.
    pub fn rarity(&self, folded: &str) -> f32 {
        let mut least = f32::INFINITY;
        for_each_gram(folded, |gram| {
            let holding = self.terms.get(&gram).map_or(0, |&term| {
                self.starts[term as usize + 1] - self.starts[term as usize]
            });
            least = least.min(holding as f32);
        });
        least.min(self.documents as f32) / self.documents.max(1) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::grams;

    fn query(text: &str) -> Vec<(Gram, f32)> {
        let mut found = grams(text);
        found.sort_unstable();
        found
            .chunk_by(|a, b| a == b)
            .map(|same| (same[0], sublinear(same.len() as f32)))
            .collect()
    }

    #[test]
    fn a_text_is_like_itself_and_unlike_strangers() {
        let vectors = Vectors::build(["风电机组检测", "冷链物流温度", ""].into_iter());
        let cosines = vectors.cosines(&query("风电机组检测"));
        assert!((cosines[0] - 1.0).abs() < 1e-5);
        assert_eq!(cosines[1..], [0.0, 0.0]);
        assert_eq!(vectors.cosines(&query("xyz")), [0.0; 3]);
    }

    #[test]
    fn cosine_agrees_with_the_definition() {
        // Two documents; "ab" is in both (idf ln(3/3)+1 = 1), "cd" and "ef" in one (ln(3/2)+1).
        let vectors = Vectors::build(["ab,cd", "ab,ef"].into_iter());
        let rare = (1.5_f32).ln() + 1.0;
        let length = (1.0 + rare * rare).sqrt();
        let cosines = vectors.cosines(&query("ab"));
        assert!((cosines[0] - 1.0 / length).abs() < 1e-6);
        let cosines = vectors.cosines(&query("ab,ef"));
        assert!((cosines[0] - 1.0 / (length * length)).abs() < 1e-6);
        assert!((cosines[1] - 1.0).abs() < 1e-6);
    }
}
