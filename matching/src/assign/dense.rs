//! Problems whose pairs are too many to keep: rows are made when asked for.

use super::model::Pair;

/// Where the pairs of a request come from.
pub trait Rows: Sync {
    /// Appends all allowed pairs of a request to `row`, in any order but always the same ones.
    fn row(&self, request: usize, row: &mut Vec<Pair>);
}
