//! Why this expert, in a line of office words.

use matching::relevance::{SAME_CODE, SAME_GROUP, Scored};

/// So many words are quoted.
const MOST_WORDS: usize = 3;

/// The reason as it is kept with a choice: matched codes, matched words, and the place by likeness of
/// the texts (`text_place`, from 1).
pub fn reason(scored: &Scored, text_place: usize) -> String {
    let mut parts = Vec::new();
    let nearest = scored
        .matched_codes
        .iter()
        .max_by(|one, other| one.nearness.total_cmp(&other.nearness));
    if let Some(matched) = nearest {
        let code = matched.request.code();
        parts.push(if matched.nearness >= SAME_CODE {
            format!("{code} 完全对应")
        } else if matched.nearness >= SAME_GROUP {
            format!("{code} 相邻领域（{}）", matched.expert.code())
        } else {
            format!("{code} 同一大类（{}）", matched.expert.code())
        });
    }
    let mut words: Vec<&str> = Vec::new();
    let found = scored.matched_keywords.iter().chain(&scored.matched_words);
    for word in found.map(String::as_str) {
        if !words.iter().any(|known| known.contains(word)) {
            words.push(word);
        }
    }
    words.truncate(MOST_WORDS);
    if !words.is_empty() {
        let quoted: Vec<String> = words.iter().map(|word| format!("“{word}”")).collect();
        parts.push(format!("{}命中", quoted.concat()));
    }
    if text_place <= 5 || parts.is_empty() {
        parts.push(format!("文本相关居第 {text_place}"));
    }
    parts.join("；")
}

/// The reason of an expert who was drawn as number `order` (from 1).
pub fn drawn_reason(order: usize, scored: &Scored, text_place: usize) -> String {
    format!("抽取次序第 {order}；{}", reason(scored, text_place))
}

/// Places by likeness of the texts, from 1, for each expert of a panel.
pub fn text_places(scored: &[Scored]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scored.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(scored[*at].factors.text));
    let mut places = vec![0; scored.len()];
    for (place, at) in order.into_iter().enumerate() {
        places[at] = place + 1;
    }
    places
}

#[cfg(test)]
mod tests {
    use matching::relevance::{Factors, MatchedCode};

    use super::*;

    #[test]
    fn a_reason_names_code_words_and_place() {
        let scored = Scored {
            expert: 0,
            millionths: 500_000,
            factors: Factors::default(),
            matched_codes: vec![MatchedCode {
                request: "ics:29.180".parse().unwrap(),
                expert: "ics:29.180".parse().unwrap(),
                nearness: 1.0,
            }],
            matched_keywords: vec!["配电变压器".into()],
            matched_words: vec!["变压器".into(), "过载".into()],
        };
        assert_eq!(
            reason(&scored, 2),
            "29.180 完全对应；“配电变压器”“过载”命中；文本相关居第 2"
        );
    }
}
