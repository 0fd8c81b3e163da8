//! Words for people to read. Ranking never uses them: character n-grams rank better.

use std::sync::LazyLock;

use jieba_rs::Jieba;

static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// The words of folded text, in order, with repetitions; punctuation and blanks are left out.
///
/// The first call loads the dictionary (about 0.2 s, 33 MB).
pub fn words(folded: &str) -> Vec<&str> {
    JIEBA
        .cut(folded, true)
        .into_iter()
        .map(|token| token.word)
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect()
}

/// All words that folded text could be searched by: long words also give their parts.
pub fn cut_for_search(folded: &str) -> Vec<&str> {
    JIEBA
        .cut_for_search(folded, true)
        .into_iter()
        .map(|token| token.word)
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn cuts_into_words_without_punctuation() {
        assert_eq!(
            super::words("半导体照明,灯具 led。"),
            ["半导体", "照明", "灯具", "led"]
        );
    }
}
