//! One writing for one meaning: width, case and 简/繁.

use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use rustc_hash::FxHashMap;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Traditional characters and their simplified ones, character by character.
///
/// Folding asks for one writing, not for good prose: the phrase rules of OpenCC would make the
/// result depend on what stands beside a character, and cost a dictionary walk for each text.
static SIMPLIFIED: LazyLock<FxHashMap<char, char>> = LazyLock::new(|| {
    // The configuration is compiled into the library; without it texts are compared unfolded.
    let Ok(converter) = OpenCC::from_config(BuiltinConfig::T2s) else {
        return FxHashMap::default();
    };
    let unified = ('\u{3400}'..='\u{4DBF}').chain('\u{4E00}'..='\u{9FFF}');
    unified
        .filter_map(|traditional| {
            let converted = converter.convert(traditional.encode_utf8(&mut [0; 4]));
            let mut characters = converted.chars();
            match (characters.next(), characters.next()) {
                (Some(simplified), None) if simplified != traditional => {
                    Some((traditional, simplified))
                }
                _ => None,
            }
        })
        .collect()
});

/// Folds width and compatibility forms (NFKC), case, and traditional to simplified characters.
///
/// ```
/// assert_eq!(matching::text::fold("ＧＢ／Ｔ 風電機組"), "gb/t 风电机组");
/// ```
pub fn fold(text: &str) -> String {
    if is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        fold_chars(text.chars()).collect()
    } else {
        fold_chars(text.nfkc()).collect()
    }
}

/// The same folding of case and 简/繁 for characters that are already in NFKC.
pub fn fold_chars(characters: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let simplified = &*SIMPLIFIED;
    characters
        .flat_map(char::to_lowercase)
        .map(move |character| *simplified.get(&character).unwrap_or(&character))
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folds_width_case_and_traditional_writing() {
        assert_eq!(fold("ＬＥＤ照明"), "led照明");
        assert_eq!(fold("標準化與團體標準"), "标准化与团体标准");
        assert_eq!(fold("半導體照明"), fold("半导体照明"));
        assert_eq!(fold("①ﾃｽﾄ"), "1テスト");
    }

    #[test]
    fn simplified_text_stays() {
        let text = "后里面干了只余发松";
        assert_eq!(fold(text), text);
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in [
            "ＷＡＰＩ產業",
            "İstanbul",
            "㎡和℃",
            "ＧＢ／Ｔ１．１－２０２０",
        ] {
            let once = fold(text);
            assert_eq!(fold(&once), once, "{text}");
        }
    }
}
