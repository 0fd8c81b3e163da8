//! Scores from the texts of a pool.

use super::input::Pool;
use crate::assign::{Pair, Rows};
use crate::relevance::{Index, Synonyms, Weights};

/// The index of a pool's experts, asked by its requests. An expert of whom nothing fits a request is
/// not allowed on it.
pub struct Texts<'a> {
    index: Index,
    pool: &'a Pool,
    /// Positions in `pool.recused`, by request.
    recused: Vec<std::ops::Range<usize>>,
}

impl<'a> Texts<'a> {
    /// Reads the experts into an index, with the default weights and synonyms.
    #[must_use]
    pub fn of(pool: &'a Pool) -> Self {
        let recused = &pool.recused;
        let of = |r: usize| {
            recused.partition_point(|l| l.request < r)..recused.partition_point(|l| l.request <= r)
        };
        Self {
            index: Index::build(
                &pool.expert_texts,
                &Weights::default(),
                &Synonyms::starting(),
            ),
            pool,
            recused: (0..pool.requests.len()).map(of).collect(),
        }
    }

    /// The index.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }
}

impl Rows for Texts<'_> {
    fn row(&self, request: usize, row: &mut Vec<Pair>) {
        let scores = self.index.scores(&self.pool.request_texts[request]);
        let recused = &self.pool.recused[self.recused[request].clone()];
        let fitting = (0_u32..).zip(scores).filter(|(expert, score)| {
            *score > 0 && recused.iter().all(|link| link.expert != *expert as usize)
        });
        row.extend(fitting.map(|(expert, score)| Pair {
            expert,
            score: i32::try_from(score).unwrap_or(i32::MAX),
        }));
    }
}
