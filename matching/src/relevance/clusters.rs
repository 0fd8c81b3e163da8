//! Wishes that mean the same, put together: by the trees of ICS and CCS and by text, without any
//! model, and the same for equal input whatever the machine.

use rustc_hash::FxHashMap;

use super::codes::Code;
use super::model::RequestText;
use super::query::Query;
use super::synonyms::Synonyms;
use super::vectors::Vectors;
use super::weights::Weights;
use crate::text::{fold, without_stop_phrases, words};

/// Likeness from which on two groups are one: of texts alone, a third of the words in common; codes
/// of one group or keywords in common need less.
const ALIKE: f32 = 0.30;
/// What text, codes and keywords bring to the likeness of two wishes that have all three.
const TEXT: f32 = 0.6;
const CODES: f32 = 0.25;
const KEYWORDS: f32 = 0.15;
/// Words shown for a cluster.
const WORDS_SHOWN: usize = 5;

/// Wishes that belong together, with what they share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Positions in the list given, ascending.
    pub members: Vec<usize>,
    /// Codes that at least half of the members carry, or lie near to; most carried first.
    pub codes: Vec<Code>,
    /// Words (folded) that at least half of the members write, most written first; of a single
    /// wish, its keywords.
    pub words: Vec<String>,
}

/// Puts `wishes` together: the two groups that are most alike on average become one, until none are
/// alike enough. The largest cluster comes first, then the one whose first wish was stated first.
pub fn clusters(wishes: &[RequestText]) -> Vec<Cluster> {
    let mut groups = merged(likeness(wishes));
    for members in &mut groups {
        members.sort_unstable();
    }
    groups.sort_by_key(|members| (std::cmp::Reverse(members.len()), members[0]));
    groups
        .into_iter()
        .map(|members| Cluster {
            codes: shared_codes(wishes, &members),
            words: shared_words(wishes, &members),
            members,
        })
        .collect()
}

/// Likeness of each pair, in 0..=1.
fn likeness(wishes: &[RequestText]) -> Vec<Vec<f32>> {
    let (weights, synonyms) = (Weights::default(), Synonyms::starting());
    let texts: Vec<String> = wishes.iter().map(asked).collect();
    let vectors = Vectors::build(texts.iter().map(String::as_str));
    let keywords: Vec<Vec<String>> = wishes
        .iter()
        .map(|wish| wish.keywords.iter().map(|word| fold(word)).collect())
        .collect();
    let mut pairs = vec![vec![0.0_f32; wishes.len()]; wishes.len()];
    for (one, wish) in wishes.iter().enumerate() {
        let cosines = vectors.cosines(&Query::new(wish, &weights, &synonyms).grams);
        for (other, cosine) in cosines.into_iter().enumerate() {
            let codes = nearness(&wish.domains, &wishes[other].domains);
            let words = overlap(&keywords[one], &keywords[other]);
            pairs[one][other] = blend(cosine, codes, words);
        }
    }
    // A query weighs the title more than an indexed text does, so both directions are averaged.
    (0..pairs.len())
        .map(|one| {
            (0..pairs.len())
                .map(|other| (pairs[one][other] + pairs[other][one]) / 2.0)
                .collect()
        })
        .collect()
}

/// What a wish asks for, without the phrases of asking.
fn asked(wish: &RequestText) -> String {
    let written = [wish.title.as_str(), &wish.body, &wish.keywords.join("\n")].join("\n");
    without_stop_phrases(&fold(&written))
}

/// The weighted mean of what can be compared; wishes without codes or keywords are not less alike
/// for it.
fn blend(text: f32, codes: Option<f32>, keywords: Option<f32>) -> f32 {
    let parts = [(TEXT, Some(text)), (CODES, codes), (KEYWORDS, keywords)];
    let known = || {
        parts
            .iter()
            .filter_map(|(weight, value)| Some((weight, (*value)?)))
    };
    let total: f32 = known().map(|(weight, _)| weight).sum();
    known().map(|(weight, value)| weight * value).sum::<f32>() / total
}

/// Nearness of the nearest codes of each side, averaged over both; none where a side has none.
fn nearness(one: &[Code], other: &[Code]) -> Option<f32> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let best = |from: &[Code], to: &[Code]| {
        let nearest = from.iter().map(|code| {
            to.iter()
                .map(|near| code.nearness(near))
                .fold(0.0, f32::max)
        });
        nearest.sum::<f32>() / from.len() as f32
    };
    Some((best(one, other) + best(other, one)) / 2.0)
}

/// Share of keywords in common; none where a side has none.
fn overlap(one: &[String], other: &[String]) -> Option<f32> {
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let common = one.iter().filter(|word| other.contains(word)).count();
    Some(common as f32 / one.len().min(other.len()) as f32)
}

/// Average linkage: of all groups the two that are most alike are merged, the earlier pair on a tie.
fn merged(mut alike: Vec<Vec<f32>>) -> Vec<Vec<usize>> {
    let mut groups: Vec<Option<Vec<usize>>> = (0..alike.len()).map(|one| Some(vec![one])).collect();
    let mut nearest: Vec<Option<(f32, usize)>> = (0..alike.len())
        .map(|one| best_of(one, &groups, &alike))
        .collect();
    loop {
        let best = nearest
            .iter()
            .enumerate()
            .filter_map(|(one, near)| near.map(|(value, other)| (value, one, other)))
            // The first of equals stays.
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        let Some((value, one, other)) = best else {
            break;
        };
        if value < ALIKE {
            break;
        }
        let (kept, gone) = (one.min(other), one.max(other));
        let added = groups[gone].take().unwrap_or_default();
        let size = groups[kept].as_ref().map_or(0, Vec::len);
        let (own, new) = (size as f32, added.len() as f32);
        let means: Vec<f32> = alike[kept]
            .iter()
            .zip(&alike[gone])
            .map(|(kept, gone)| (kept * own + gone * new) / (own + new))
            .collect();
        for (row, mean) in alike.iter_mut().zip(&means) {
            row[kept] = *mean;
        }
        alike[kept] = means;
        if let Some(group) = &mut groups[kept] {
            group.extend(added);
        }
        nearest[gone] = None;
        for third in 0..alike.len() {
            let stale = nearest[third].is_some_and(|(_, near)| near == kept || near == gone);
            if third == kept || stale {
                nearest[third] = best_of(third, &groups, &alike);
            } else if let (Some((value, _)), true) = (nearest[third], groups[third].is_some())
                && alike[third][kept] > value
            {
                nearest[third] = Some((alike[third][kept], kept));
            }
        }
    }
    groups.into_iter().flatten().collect()
}

/// The group most like group `one`; none when it has gone or is alone.
fn best_of(one: usize, groups: &[Option<Vec<usize>>], alike: &[Vec<f32>]) -> Option<(f32, usize)> {
    groups[one].as_ref()?;
    (0..groups.len())
        .filter(|other| *other != one && groups[*other].is_some())
        .map(|other| (alike[one][other], other))
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
}

fn shared_codes(wishes: &[RequestText], members: &[usize]) -> Vec<Code> {
    let mut counts: Vec<(usize, &Code)> = Vec::new();
    for code in members.iter().flat_map(|member| &wishes[*member].domains) {
        if counts.iter().any(|(_, known)| *known == code) {
            continue;
        }
        let near = |member: &&usize| {
            wishes[**member]
                .domains
                .iter()
                .any(|own| own.nearness(code) >= super::SAME_GROUP)
        };
        counts.push((members.iter().filter(near).count(), code));
    }
    let coded = members
        .iter()
        .filter(|member| !wishes[**member].domains.is_empty())
        .count();
    counts.retain(|(count, _)| count * 2 >= coded);
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    counts.into_iter().map(|(_, code)| code.clone()).collect()
}

fn shared_words(wishes: &[RequestText], members: &[usize]) -> Vec<String> {
    if let [only] = members {
        return wishes[*only]
            .keywords
            .iter()
            .take(WORDS_SHOWN)
            .cloned()
            .collect();
    }
    let mut written: Vec<(usize, String)> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for member in members {
        let text = asked(&wishes[*member]);
        let mut own: Vec<&str> = words(&text);
        own.sort_unstable();
        own.dedup();
        for word in own.into_iter().filter(|word| word.chars().count() > 1) {
            let place = *known.entry(word.to_owned()).or_insert_with(|| {
                written.push((0, word.to_owned()));
                written.len() - 1
            });
            written[place].0 += 1;
        }
    }
    written.retain(|(count, _)| *count >= 2 && count * 2 >= members.len());
    written.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    written
        .into_iter()
        .take(WORDS_SHOWN)
        .map(|(_, word)| word)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wish(title: &str, body: &str, domains: &[&str], keywords: &[&str]) -> RequestText {
        RequestText {
            title: title.to_owned(),
            body: body.to_owned(),
            domains: domains.iter().map(|code| code.parse().unwrap()).collect(),
            keywords: keywords.iter().map(|&word| word.to_owned()).collect(),
        }
    }

    fn wishes() -> Vec<RequestText> {
        vec![
            wish(
                "团体标准编写规则",
                "希望学会按 GB/T 1.1 起草团体标准",
                &["ics:01.120"],
                &["标准编写"],
            ),
            wish(
                "标准国际化与英文版翻译",
                "想了解如何翻译标准英文版",
                &["ics:01.120"],
                &["英文版"],
            ),
            wish(
                "怎样编写团体标准",
                "标准起草中结构和条款表述常出问题",
                &["ics:01.120"],
                &["标准编写", "条款"],
            ),
            wish("专利处置", "标准涉及专利怎么处理", &[], &["标准必要专利"]),
            wish("GB/T 1.1 标准结构与编写", "", &["ccs:A00"], &["标准编写"]),
            wish(
                "标准英文版翻译实务",
                "术语如何统一",
                &["ics:01.120"],
                &["英文版", "翻译"],
            ),
        ]
    }

    #[test]
    fn what_means_the_same_comes_together_and_says_why() {
        let found = clusters(&wishes());
        let members: Vec<_> = found.iter().map(|one| one.members.clone()).collect();
        assert_eq!(members, [vec![0, 2, 4], vec![1, 5], vec![3]], "{found:?}");
        assert!(
            found[0].words.iter().any(|word| word == "编写"),
            "{found:?}"
        );
        assert_eq!(found[0].codes[0].to_string(), "ics:01.120");
        assert_eq!(found[2].words, ["标准必要专利"]);
        assert_eq!(clusters(&[]), []);
    }

    proptest! {
        #[test]
        fn everybody_is_in_one_cluster_and_order_does_not_matter(seed in 0_usize..720) {
            let all = wishes();
            let mut order: Vec<usize> = (0..all.len()).collect();
            let mut rest = seed;
            for place in (1..order.len()).rev() {
                order.swap(place, rest % (place + 1));
                rest /= place + 1;
            }
            let shuffled: Vec<_> = order.iter().map(|place| all[*place].clone()).collect();
            let mut found: Vec<Vec<usize>> = clusters(&shuffled)
                .iter()
                .map(|one| {
                    let mut members: Vec<_> = one.members.iter().map(|place| order[*place]).collect();
                    members.sort_unstable();
                    members
                })
                .collect();
            found.sort();
            prop_assert_eq!(found, vec![vec![0, 2, 4], vec![1, 5], vec![3]]);
        }
    }
}
