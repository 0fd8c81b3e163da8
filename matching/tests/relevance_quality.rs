//! The labelled requests are fair, and the ranking is better on them than the simple ones.

mod support;

use std::collections::BTreeSet;

use matching::evaluate::{Case, evaluate};
use matching::relevance::{Synonyms, Weights};
use matching::text::fold;

#[test]
fn the_labelled_requests_speak_of_known_units_and_cover_all() {
    let experts = support::experts();
    let units: BTreeSet<&str> = experts.iter().map(|expert| expert.unit.as_str()).collect();
    let cases = support::cases();
    assert!(cases.len() >= 215, "{} cases", cases.len());
    for half in [support::half(true), support::half(false), cases.clone()] {
        let named: BTreeSet<&str> = half
            .iter()
            .flat_map(|case| &case.units)
            .map(String::as_str)
            .collect();
        assert_eq!(named, units, "every unit is asked for, and no other");
    }
    let coded = support::with_domains(cases);
    assert!(coded.iter().all(|case| !case.request.domains.is_empty()));
}

#[test]
fn no_labelled_request_repeats_a_keyword() {
    let experts = support::experts();
    let keywords: BTreeSet<String> = experts
        .iter()
        .flat_map(|expert| &expert.text.keywords)
        .map(|word| fold(word))
        .collect();
    let repeats = |case: &Case| {
        let text = fold(&format!("{}\n{}", case.request.title, case.request.body));
        let found = keywords
            .iter()
            .find(|keyword| text.contains(keyword.as_str()));
        found.map(|keyword| format!("{} {keyword}", case.id))
    };
    let all = support::cases().into_iter().chain(support::development());
    let repeated: Vec<String> = all.filter_map(|case| repeats(&case)).collect();
    assert_eq!(repeated, [""; 0]);
}

#[test]
fn the_ranking_is_above_the_simple_ones_on_every_set() {
    let experts = support::experts();
    let sets = [
        ("development", support::development()),
        ("tuning", support::half(true)),
        ("held out", support::half(false)),
        ("coded", support::with_domains(support::cases())),
    ];
    for (name, cases) in sets {
        let report = evaluate(
            &experts,
            &cases,
            &Weights::default(),
            &Synonyms::starting(),
            1,
        );
        assert_eq!(report.cases, cases.len());
        let (ours, baselines) = (&report.rows[0], &report.rows[1..4]);
        for baseline in baselines {
            let (ours, theirs) = (ours.measures, baseline.measures);
            assert!(
                ours.gain > theirs.gain,
                "{name}: {} {theirs:?}, ours {ours:?}",
                baseline.name
            );
            assert!(ours.recall > theirs.recall, "{name}: {}", baseline.name);
            assert!(
                ours.reciprocal_rank > theirs.reciprocal_rank,
                "{name}: {}",
                baseline.name
            );
        }
        let mut table = Vec::new();
        report.write(&mut table).unwrap();
        assert_eq!(
            String::from_utf8(table).unwrap().lines().count(),
            report.rows.len() + 2
        );
    }
}

#[test]
fn codes_lift_the_ranking() {
    let experts = support::experts();
    let cases = support::with_domains(support::half(false));
    let report = evaluate(
        &experts,
        &cases,
        &Weights::default(),
        &Synonyms::starting(),
        1,
    );
    let without = report
        .rows
        .iter()
        .find(|row| row.name == "without codes")
        .unwrap();
    let (_, (_, high)) = without.against_first;
    assert!(
        high < 0.0,
        "taking codes out costs gain beyond chance: {:?}",
        without.against_first
    );
}
