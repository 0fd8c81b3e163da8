//! Text as the ranking sees it: folded writing, character n-grams, words for people to read, and
//! spelling variants.

mod fold;
mod grams;
mod rarity;
mod segment;
mod stop;
mod variants;

pub use fold::{fold, fold_chars};
pub use grams::{Gram, as_character, for_each_gram, grams};
pub use rarity::rarity;
pub use segment::{cut_for_search, words};
pub use stop::without_stop_phrases;
pub use variants::{VARIANT_THRESHOLD, similarity};
