//! Finding names and titles as people type them: in characters of any width, in pinyin, or by
//! initials. [`SearchKey`] is what a row keeps in its three columns, [`SearchQuery`] what is asked.

mod condition;

use pinyin::ToPinyinMulti;
use unicode_normalization::UnicodeNormalization;

pub use condition::found_by;

/// Spellings of a whole text written out; a text with more readings is spelled otherwise.
const MOST_SPELLINGS: usize = 64;
/// Characters on each side among which a further reading is spelled in a long text.
const NEIGHBOURS: usize = 4;
/// The escape character of the patterns; to be named in `LIKE … ESCAPE`, as SQLite has none.
pub const LIKE_ESCAPE: char = '\\';

/// What a row is found by. All three are lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchKey {
    /// The text itself, normalised.
    pub normal: String,
    /// Spellings in pinyin without tones, one for each combination of readings, separated by spaces.
    pub pinyin: String,
    /// First letters of the spellings, likewise.
    pub initials: String,
}

impl SearchKey {
    /// The key of a name or title.
    ///
    /// A short text is spelled in every combination of its readings. In a long one each character
    /// is spelled in its usual reading and each further reading once, among its neighbours.
    pub fn of(text: &str) -> Self {
        let normal = normalise(text);
        let syllables: Vec<Vec<String>> = normal
            .chars()
            .map(readings)
            .filter(|all| !all.is_empty())
            .collect();
        let letters: Vec<Vec<String>> = syllables
            .iter()
            .map(|all| distinct(all.iter().map(|one| initial(one))))
            .collect();
        Self {
            pinyin: spellings(&syllables).join(" "),
            initials: spellings(&letters).join(" "),
            normal,
        }
    }
}

/// What someone looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    normal: String,
    letters: Option<String>,
}

impl SearchQuery {
    /// Reads what was typed; none if nothing was.
    pub fn of(text: &str) -> Option<Self> {
        let normal = normalise(text);
        let letters = typed_pinyin(&normal);
        (!normal.is_empty()).then_some(Self { normal, letters })
    }

    /// The normalised text.
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// The `LIKE` pattern for [`SearchKey::normal`].
    pub fn normal_pattern(&self) -> String {
        like_contains(&self.normal)
    }

    /// The `LIKE` pattern for [`SearchKey::pinyin`] and [`SearchKey::initials`]; none if what was
    /// typed cannot be pinyin.
    pub fn letters_pattern(&self) -> Option<String> {
        self.letters.as_deref().map(like_contains)
    }

    /// What the three patterns find, without a database.
    pub fn matches(&self, key: &SearchKey) -> bool {
        let spelled =
            |letters: &String| key.pinyin.contains(letters) || key.initials.contains(letters);
        key.normal.contains(&self.normal) || self.letters.as_ref().is_some_and(spelled)
    }
}

/// One form for the many ways of writing the same: NFKC (full-width becomes half-width), lower case,
/// one kind of dash and of middle dot, single spaces, none beside a Chinese character, no invisible
/// characters. Doing it twice changes nothing.
pub fn normalise(text: &str) -> String {
    let lower = text.nfkc().collect::<String>().to_lowercase();
    let mut out = String::with_capacity(lower.len());
    let mut gap = false;
    for c in lower.nfkc() {
        let c = match c {
            c if c.is_whitespace() => {
                gap = true;
                continue;
            }
            c if c.is_control() || is_invisible(c) => continue,
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            '\u{2022}' | '\u{2027}' | '\u{30fb}' => '·',
            c => c,
        };
        if gap && !is_han(c) && out.chars().next_back().is_some_and(|last| !is_han(last)) {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// A `LIKE` pattern for texts that contain `text` literally.
pub fn like_contains(text: &str) -> String {
    format!("%{}%", like_escaped(text))
}

/// A `LIKE` pattern for texts that begin with `text` literally.
pub fn like_prefix(text: &str) -> String {
    format!("{}%", like_escaped(text))
}

fn like_escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | LIKE_ESCAPE) {
            out.push(LIKE_ESCAPE);
        }
        out.push(c);
    }
    out
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// How one character is spelled, the usual reading first; nothing for punctuation.
fn readings(c: char) -> Vec<String> {
    if c.is_ascii_alphanumeric() {
        return vec![c.to_string()];
    }
    let plain = c
        .to_pinyin_multi()
        .into_iter()
        .flatten()
        .map(pinyin::Pinyin::plain);
    // ü is typed as v, as u, and printed as yu in passports.
    distinct(plain.flat_map(|one| match one.contains('ü') {
        true => ["v", "u", "yu"].map(|u| one.replace('ü', u)).to_vec(),
        false => vec![one.to_owned()],
    }))
}

fn initial(syllable: &str) -> String {
    syllable.chars().take(1).collect()
}

fn distinct(items: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut out = Vec::new();
    for item in items {
        if !out.contains(&item) {
            out.push(item);
        }
    }
    out
}

fn spellings(syllables: &[Vec<String>]) -> Vec<String> {
    let combinations = syllables
        .iter()
        .try_fold(1_usize, |product, all| product.checked_mul(all.len()));
    if combinations.is_some_and(|count| count <= MOST_SPELLINGS) {
        let begun = vec![String::new()];
        return syllables.iter().fold(begun, |begun, all| {
            begun
                .iter()
                .flat_map(|head| all.iter().map(move |one| format!("{head}{one}")))
                .collect()
        });
    }
    let usual: Vec<&str> = syllables
        .iter()
        .filter_map(|all| all.first())
        .map(String::as_str)
        .collect();
    let further = syllables.iter().enumerate().flat_map(|(place, all)| {
        let before = usual[place.saturating_sub(NEIGHBOURS)..place].concat();
        let after = usual[place + 1..usual.len().min(place + 1 + NEIGHBOURS)].concat();
        all.iter()
            .skip(1)
            .map(move |one| format!("{before}{one}{after}"))
    });
    distinct(std::iter::once(usual.concat()).chain(further))
}

/// `Lǚ Xiǎo-míng`, `lv xiaoming` or `lxm` as one run of letters; none for anything else.
fn typed_pinyin(normal: &str) -> Option<String> {
    let mut letters = String::new();
    for c in normal.nfd() {
        match c {
            'a'..='z' | '0'..='9' => letters.push(c),
            '\u{308}' if letters.ends_with('u') => {
                letters.pop();
                letters.push('v');
            }
            '\u{300}' | '\u{301}' | '\u{304}' | '\u{30c}' | ' ' | '\'' | '’' | '-' => {}
            _ => return None,
        }
    }
    letters
        .contains(|c: char| c.is_ascii_lowercase())
        .then_some(letters)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(query: &str, text: &str) -> bool {
        SearchQuery::of(query)
            .unwrap()
            .matches(&SearchKey::of(text))
    }

    #[test]
    fn one_form_for_many_ways_of_writing() {
        assert_eq!(normalise("　张　三 "), "张三");
        assert_eq!(normalise("Ｔ／ＣＩＥ　２２７—2026"), "t/cie 227-2026");
        assert_eq!(normalise("IEC \t 61850"), "iec 61850");
        assert_eq!(normalise("买买提•艾力"), normalise("买买提·艾力"));
        assert_eq!(normalise("ISO 标准\u{200b}化"), "iso标准化");
    }

    #[test]
    fn names_are_spelled_in_all_readings() {
        let key = SearchKey::of("单晓重");
        assert_eq!(key.normal, "单晓重");
        assert!(key.pinyin.split(' ').any(|one| one == "shanxiaozhong"));
        assert!(key.pinyin.split(' ').any(|one| one == "danxiaochong"));
        assert_eq!(key.initials, "dxz dxc dxt cxz cxc cxt sxz sxc sxt");
    }

    #[test]
    fn people_are_found_as_their_names_are_typed() {
        for query in [
            "单晓重",
            "晓重",
            "shan xiaozhong",
            "Shàn Xiǎo-zhòng",
            "sxz",
            "SXZ",
            "shanxiao",
            "xiao'zhong",
        ] {
            assert!(finds(query, "单晓重"), "{query}");
        }
        for query in ["lv", "lu", "lyu", "lü", "Lǚ Míng", "lm"] {
            assert!(finds(query, "吕明"), "{query}");
        }
        assert!(!finds("shang", "单晓重"));
        assert!(!finds("zs", "单晓重"));
    }

    #[test]
    fn spellings_of_different_readings_do_not_run_together() {
        assert!(!finds("zhongshan", "单晓重"));
    }

    #[test]
    fn long_titles_are_found_by_further_readings_too() {
        let title = "重庆银行业协会关于长距离输电行业会员单位调查和重大任务的说明";
        let key = SearchKey::of(title);
        for query in [
            "yinhangye",
            "chongqing",
            "changjuli",
            "yhyxh",
            "shudianhangye",
        ] {
            assert!(SearchQuery::of(query).unwrap().matches(&key), "{query}");
        }
        assert!(key.pinyin.len() < 40 * title.len(), "{}", key.pinyin.len());
    }

    #[test]
    fn latin_letters_and_digits_are_part_of_the_spelling() {
        assert!(finds("5g biaozhun", "5G标准"));
        assert!(finds("t/cie 227-2026", "T/CIE 227—2026 数据中心"));
        assert_eq!(SearchQuery::of("227").unwrap().letters_pattern(), None);
        assert_eq!(SearchQuery::of("液冷").unwrap().letters_pattern(), None);
    }

    #[test]
    fn nothing_typed_is_no_query() {
        assert_eq!(SearchQuery::of(" \u{3000}\u{200b}"), None);
    }

    #[test]
    fn signs_of_patterns_are_taken_literally() {
        assert_eq!(like_contains(r"100%_a\b"), r"%100\%\_a\\b%");
        assert_eq!(like_prefix("29."), "29.%");
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,40}|[ \u{3000}a-zA-Zａ-ｚ一-丿·•—–]{0,20}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn a_text_is_found_by_each_part_of_itself(text in "[一-龥]{1,30}", from in 0_usize..30, len in 1_usize..10) {
            let chars: Vec<char> = text.chars().collect();
            let from = from % chars.len();
            let part: String = chars.iter().skip(from).take(len).collect();
            let key = SearchKey::of(&text);
            prop_assert!(SearchQuery::of(&part).unwrap().matches(&key));
            let usual: String = part.chars().filter_map(|c| readings(c).into_iter().next()).collect();
            prop_assert!(key.pinyin.contains(&usual));
        }
    }
}
