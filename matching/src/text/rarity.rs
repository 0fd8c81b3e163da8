//! How much a single character says, by how common it is in Chinese at large.
//!
//! A small pool cannot tell: in the records of some eighty experts 孩 and 老 are as rare as 锈 and
//! 桩, though only the latter name a field.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// `character,per_million`, commonest first, from 5 per million on.
const FREQUENCIES: &str = include_str!("../../data/character_frequency.csv");
/// Frequency per million of characters that the table leaves out.
const UNLISTED: f32 = 4.0;

static RARITY: LazyLock<FxHashMap<char, f32>> = LazyLock::new(|| {
    let rows = FREQUENCIES
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','));
    rows.filter_map(|(character, per_million)| {
        Some((character.chars().next()?, weight(per_million.parse().ok()?)))
    })
    .collect()
});

/// Square root of the information of a character against that of one in 3,000: about 0.7 for the
/// commonest, 1 for an ordinary one, up to 1.25 for the rarest.
fn weight(per_million: f32) -> f32 {
    ((1_000_000.0 / per_million).ln() / 8.0).max(0.0).sqrt()
}

/// The weight of a character, around 1.
pub fn rarity(character: char) -> f32 {
    match character {
        '\u{3400}'..='\u{9FFF}' => RARITY
            .get(&character)
            .copied()
            .unwrap_or_else(|| weight(UNLISTED)),
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::rarity;

    #[test]
    fn what_is_common_weighs_less() {
        assert!(rarity('的') < rarity('老') && rarity('老') < rarity('锈'));
        assert!(rarity('的') > 0.3 && rarity('龘') < 1.3);
        assert!(rarity('锈') < rarity('龘'));
        assert_eq!(rarity('l'), 1.0);
    }
}
