//! Character n-grams of Chinese, words and word parts of alphabetic writing.

/// An n-gram as a number: up to three Chinese characters packed (21 bits each), or the hash of an
/// alphabetic word or word part with the top bit set.
pub type Gram = u64;

/// Bits of one packed character: as many as a code point needs.
const BITS: u32 = 21;
const WORD_BIT: u64 = 1 << 63;
/// Alphabetic words from this length on also give their parts, so that `welding` meets `welded`.
const PARTS_FROM: usize = 5;
const PART: usize = 4;

#[derive(PartialEq, Clone, Copy)]
enum Class {
    Ideograph,
    Letter,
    Separator,
}

fn class(character: char) -> Class {
    match character {
        '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}'
        | '\u{3041}'..='\u{30FF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '〇'
        | '々' => Class::Ideograph,
        _ if character.is_alphanumeric() => Class::Letter,
        _ => Class::Separator,
    }
}

/// Calls `each` for every n-gram of folded text, in order, with repetitions.
///
/// Chinese gives all 1-, 2- and 3-grams inside a run of ideographs; a run of letters and digits
/// gives the whole word, and its four-character parts when it is long. Nothing crosses
/// punctuation or the border between the two writings.
pub fn for_each_gram(folded: &str, mut each: impl FnMut(Gram)) {
    let mut run: Vec<char> = Vec::new();
    let mut run_class = Class::Separator;
    for character in folded.chars() {
        let next = class(character);
        if next != run_class {
            emit(&run, run_class, &mut each);
            run.clear();
            run_class = next;
        }
        if next != Class::Separator {
            run.push(character);
        }
    }
    emit(&run, run_class, &mut each);
}

/// All n-grams of folded text, in order, with repetitions.
pub fn grams(folded: &str) -> Vec<Gram> {
    let mut found = Vec::new();
    for_each_gram(folded, |gram| found.push(gram));
    found
}

/// The character that an n-gram consists of, if it is a single ideograph.
pub fn as_character(gram: Gram) -> Option<char> {
    u32::try_from(gram)
        .ok()
        .filter(|&packed| packed < 1 << BITS)
        .and_then(char::from_u32)
}

fn emit(run: &[char], class: Class, each: &mut impl FnMut(Gram)) {
    match class {
        Class::Ideograph => {
            for length in 1..=3 {
                for window in run.windows(length) {
                    each(
                        window
                            .iter()
                            .fold(0, |packed, &c| packed << BITS | u64::from(u32::from(c))),
                    );
                }
            }
        }
        Class::Letter => {
            each(WORD_BIT | hash(run, 0));
            if run.len() >= PARTS_FROM && run.iter().all(|c| c.is_alphabetic()) {
                for part in run.windows(PART) {
                    each(WORD_BIT | hash(part, 1));
                }
            }
        }
        Class::Separator => {}
    }
}

/// FNV-1a over the code points: stable across versions and machines.
fn hash(characters: &[char], salt: u64) -> u64 {
    characters
        .iter()
        .fold(0xcbf2_9ce4_8422_2325 ^ salt, |hash, &c| {
            (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3)
        })
}

#[cfg(test)]
mod tests {
    use super::{as_character, grams};
    use std::collections::BTreeSet;

    fn shared(left: &str, right: &str) -> usize {
        let left: BTreeSet<_> = grams(left).into_iter().collect();
        let right: BTreeSet<_> = grams(right).into_iter().collect();
        left.intersection(&right).count()
    }

    #[test]
    fn chinese_gives_one_to_three_grams() {
        assert_eq!(grams("风电机组").len(), 4 + 3 + 2);
        assert_eq!(grams("风电，机组").len(), (2 + 1) * 2);
        assert_eq!(shared("风电机组", "风力机组"), 3 + 1);
        let single: Vec<char> = grams("风电a")
            .into_iter()
            .filter_map(as_character)
            .collect();
        assert_eq!(single, ['风', '电']);
    }

    #[test]
    fn alphabetic_words_are_whole_and_in_parts() {
        assert_eq!(grams("wapi 2020").len(), 2);
        assert_eq!(shared("led", "leds"), 0);
        assert!(shared("welding", "welded") >= 1);
        assert_eq!(shared("led照明", "照明led"), 1 + 2 + 1);
    }
}
