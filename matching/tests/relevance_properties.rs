//! What holds for every score.

#[expect(dead_code, reason = "shared with others; a part of it is used here")]
mod support;

use matching::relevance::{ExpertText, Index, RequestText, Scored, Synonyms, Weights};
use proptest::prelude::*;

fn sample() -> Vec<ExpertText> {
    support::experts()
        .into_iter()
        .map(|expert| expert.text)
        .collect()
}

fn index(experts: &[ExpertText]) -> Index {
    Index::build(experts, &Weights::default(), &Synonyms::starting())
}

fn request(title: &str, body: &str) -> RequestText {
    RequestText {
        title: title.into(),
        body: body.into(),
        ..RequestText::default()
    }
}

/// Words of the field, strangers, both writings, both widths, punctuation and blanks.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("变压器"),
        Just("變壓器"),
        Just("冷链"),
        Just("ＬＥＤ"),
        Just("led"),
        Just("检测"),
        Just("我们想请专家"),
        Just("welding robots"),
        Just("GB/T 1.1"),
        Just("，"),
        Just("\n"),
        Just("  "),
        Just("🚗"),
        Just("é"),
        Just("牺牲阳极"),
        Just("牺性阳极"),
        Just("0"),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn expert() -> impl Strategy<Value = ExpertText> {
    let codes = prop::collection::vec(
        prop_oneof![
            Just("ics:29.240"),
            Just("ics:29.240.10"),
            Just("ics:77"),
            Just("ccs:K40")
        ],
        0..3,
    );
    let texts = || prop::collection::vec(text(), 0..4);
    (text(), codes, texts(), texts(), text()).prop_map(
        |(unit_scope, codes, keywords, works, bio)| {
            let domains = codes.iter().filter_map(|code| code.parse().ok()).collect();
            ExpertText {
                unit_scope,
                domains,
                keywords,
                works,
                bio,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_pool_and_any_request_give_sound_scores(
        experts in prop::collection::vec(expert(), 0..8),
        title in text(),
        body in text(),
        coded in any::<bool>(),
    ) {
        let index = index(&experts);
        let mut request = request(&title, &body);
        if coded {
            request.domains = vec!["ics:29.240.20".parse().unwrap(), "ccs:K40".parse().unwrap()];
        }
        let scores = index.scores(&request);
        let ranked = index.rank(&request, usize::MAX);
        prop_assert_eq!(scores.len(), experts.len());
        prop_assert_eq!(ranked.len(), experts.len());
        let key = |scored: &Scored| (std::cmp::Reverse(scored.millionths), scored.expert);
        prop_assert!(ranked.windows(2).all(|pair| key(&pair[0]) < key(&pair[1])));
        for scored in &ranked {
            prop_assert!(scored.millionths <= 1_000_000);
            prop_assert_eq!(scored.millionths, scores[scored.expert]);
            prop_assert_eq!(scored.millionths, scored.factors.total());
            let explained = index.explain(&request, scored.expert);
            prop_assert_eq!(Some(scored), explained.as_ref());
            let shares: u32 = scored.factors.shares().iter().map(|(_, share)| share).sum();
            prop_assert_eq!(shares, if scored.millionths > 0 { 100 } else { 0 });
        }
        let best: Vec<(usize, u32)> =
            ranked.iter().take(3).map(|scored| (scored.expert, scored.millionths)).collect();
        prop_assert_eq!(index.best(&request, 3), best);
    }
}

#[test]
fn writing_width_and_case_change_nothing() {
    let index = index(&sample());
    let simplified = request("LED路灯的电磁兼容检测", "变压器与风电机组");
    let traditional = request("ｌｅｄ路燈的電磁兼容檢測", "變壓器與風電機組");
    assert_eq!(index.scores(&simplified), index.scores(&traditional));
}

#[test]
fn an_english_request_finds_its_experts() {
    let experts = sample();
    let index = index(&experts);
    let ranked = index.rank(
        &request(
            "Corrosion protection of offshore steel piles",
            "We need advice on coatings.",
        ),
        3,
    );
    let units: Vec<&str> = ranked
        .iter()
        .map(|scored| experts[scored.expert].unit_scope.as_str())
        .collect();
    assert!(units.contains(&"中国工业防腐蚀技术协会"), "{units:?}");
}

#[test]
fn a_word_of_the_request_shows_in_the_reasons() {
    let experts = sample();
    let index = index(&experts);
    let mut request = request("海上平台的阴极保护设计怎么审", "钢桩在潮差区生锈。");
    request.domains = vec!["ics:25.220.40".parse().unwrap()];
    let first = &index.rank(&request, 1)[0];
    assert_eq!(experts[first.expert].unit_scope, "中国工业防腐蚀技术协会");
    assert_eq!(first.matched_keywords[0], "阴极保护设计");
    assert!(
        first.matched_words.iter().any(|word| word == "阴极保护"),
        "{:?}",
        first.matched_words
    );
    assert_eq!(first.matched_codes.len(), 1);
    assert!(first.factors.codes > 0 && first.factors.keywords > 0);
}

#[test]
fn further_scores_add_to_the_others_and_leave_them_alone() {
    let experts = sample();
    let index = index(&experts);
    let request = request("外墙保温材料的耐火要求", "");
    let plain = index.rank(&request, usize::MAX);

    let flat = vec![0.7; experts.len()];
    assert_eq!(
        index.rank_with(&request, usize::MAX, &[&flat]),
        plain,
        "equal scores tell nothing"
    );
    let short = [1.0, 2.0];
    assert_eq!(
        index.rank_with(&request, usize::MAX, &[&short]),
        plain,
        "not of this pool"
    );

    let last = plain[plain.len() - 1].expert;
    let mut favour = vec![0.0; experts.len()];
    favour[last] = 5.0;
    let blended = index.rank_with(&request, usize::MAX, &[&favour]);
    let now = blended.iter().find(|scored| scored.expert == last).unwrap();
    assert!(now.factors.extra > 0 && now.millionths > plain[plain.len() - 1].millionths);
    assert_eq!(now.factors.text, plain[plain.len() - 1].factors.text);

    let scaled: Vec<f32> = favour.iter().map(|score| score * 100.0 - 3.0).collect();
    let points = |extra: &[&[f32]]| index.scores_with(&request, extra);
    let (one, other) = (points(&[&favour]), points(&[&scaled]));
    assert!(
        one.iter().zip(&other).all(|(a, b)| a.abs_diff(*b) <= 1),
        "the scale does not matter"
    );
}

#[test]
fn a_request_without_codes_is_judged_by_the_rest() {
    let index = index(&sample());
    let mut request = request("低压断路器误动作", "");
    assert!(
        index
            .rank(&request, 10)
            .iter()
            .all(|scored| scored.factors.codes == 0)
    );
    request.domains = vec!["ics:29.130.20".parse().unwrap()];
    assert!(index.rank(&request, 1)[0].factors.codes > 0);
}

#[test]
fn an_english_pool_is_ranked_by_words_and_their_parts() {
    let expert = |keywords: &str, bio: &str| ExpertText {
        keywords: keywords.split(';').map(str::to_owned).collect(),
        bio: bio.into(),
        ..ExpertText::default()
    };
    let experts = [
        expert(
            "arc welding;residual stress",
            "Welded joints of thick plates and their testing.",
        ),
        expert(
            "cold chain;temperature logging",
            "Refrigerated transport of vaccines and food.",
        ),
        expert(
            "wireless security;authentication",
            "Roaming between access points in hospitals.",
        ),
        expert(
            "nuclear decommissioning;dosimetry",
            "Clearance levels for soil and buildings.",
        ),
    ];
    let index = index(&experts);
    let first = |title: &str| index.rank(&request(title, ""), 1)[0].expert;
    assert_eq!(
        first("Our weld seams bend after one night, which pre-heating helps?"),
        0
    );
    assert_eq!(
        first("Who checks the vaccine's temperatures during a transport by lorry?"),
        1
    );
    assert_eq!(
        first("Handheld scanners lose the access point when a nurse roams"),
        2
    );
    assert_eq!(
        first("May houses stand on the ground of a decommissioned reactor?"),
        3
    );
}
