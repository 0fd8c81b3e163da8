//! Spelling variants: they suggest, they never decide that two things are the same.

/// From this similarity on two spellings count as variants of one word.
pub const VARIANT_THRESHOLD: f64 = 0.75;

/// How alike two folded words are, in 0..=1: the Damerau-Levenshtein distance over the longer
/// length. One changed character in four of a Chinese term is just inside the threshold.
pub fn similarity(left: &str, right: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(left, right)
}

#[cfg(test)]
mod tests {
    use super::{VARIANT_THRESHOLD, similarity};

    #[test]
    fn one_slip_is_a_variant_and_two_are_not() {
        assert!(similarity("牺牲阳极", "牺性阳极") >= VARIANT_THRESHOLD);
        assert!(similarity("semiconductor", "semicondutcor") >= VARIANT_THRESHOLD);
        assert!(similarity("牺牲阳极", "阴极保护") < VARIANT_THRESHOLD);
        assert!(similarity("检测", "检验") < VARIANT_THRESHOLD);
    }
}
