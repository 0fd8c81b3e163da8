//! Phrases of asking and function words: they say that somebody asks, not about what.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// One phrase a line. Single characters are in it only where technical terms hardly ever hold
/// them: taking 不 out would break 不锈钢, 再 would break 再生.
const PHRASES: &str = include_str!("../../data/stop_phrases.txt");

static STOP: LazyLock<(FxHashSet<&'static str>, usize)> = LazyLock::new(|| {
    let phrases: FxHashSet<&str> = PHRASES.lines().filter(|line| !line.is_empty()).collect();
    let ideographic = phrases.iter().filter(|phrase| !phrase.is_ascii());
    let longest = ideographic
        .map(|phrase| phrase.chars().count())
        .max()
        .unwrap_or(0);
    (phrases, longest)
});

/// Puts a line break in the place of every stop phrase of folded text, the longest first, so that
/// no n-gram crosses it. Alphabetic phrases count as whole words only.
pub fn without_stop_phrases(folded: &str) -> String {
    let (phrases, longest) = &*STOP;
    let mut kept = String::with_capacity(folded.len());
    let mut rest = folded;
    while let Some(first) = rest.chars().next() {
        let taken = if first.is_ascii_alphanumeric() {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            if phrases.contains(&rest[..end]) {
                Ok(end)
            } else {
                Err(end)
            }
        } else {
            stop_at(rest, phrases, *longest).ok_or(first.len_utf8())
        };
        match taken {
            Ok(end) => {
                kept.push('\n');
                rest = &rest[end..];
            }
            Err(end) => {
                kept.push_str(&rest[..end]);
                rest = &rest[end..];
            }
        }
    }
    kept
}

/// Length in bytes of the longest stop phrase that the text begins with.
fn stop_at(text: &str, phrases: &FxHashSet<&str>, longest: usize) -> Option<usize> {
    let ends = text
        .char_indices()
        .take(longest)
        .map(|(at, character)| at + character.len_utf8());
    ends.filter(|&end| phrases.contains(&text[..end])).last()
}

#[cfg(test)]
mod tests {
    use super::without_stop_phrases;

    #[test]
    fn asking_goes_and_the_matter_stays() {
        let left = |text| {
            without_stop_phrases(text)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(left("想请专家给出不锈钢焊接的建议"), "不锈钢焊接");
        assert_eq!(left("how should we test the led lamp?"), "test led lamp?");
        assert_eq!(left("there theory"), "theory");
    }
}
