//! The draw: replayable, honest about chances, and within the rules.

use crate::common;
use matching::assign::chances::chances;
use matching::assign::draw::{Refused, commit, draw, replay, snapshot};
use matching::assign::{Expert, Kind, Pair, Pairs, Problem, Request, verify};
use matching::files::draw_file::{DrawFile, NotReplayed};
use matching::files::input::key;
use proptest::prelude::*;

fn pool() -> Problem {
    let kinds = [Kind::Technical, Kind::Standardization];
    let expert = |e: u64| Expert {
        capacity: 1,
        unit: e as u32 / 2,
        kind: kinds[e as usize % 2],
        service: 0,
        key: 1000 - e,
    };
    let mut pairs = Pairs::default();
    pairs.push_row((0..9).map(|expert| Pair {
        expert,
        score: 100 + expert as i32,
    }));
    Problem {
        experts: (0..9).map(expert).collect(),
        requests: vec![Request {
            demand: 3,
            max_per_unit: 3,
            min_technical: 0,
            min_standardization: 0,
            unfilled_price: 0,
            key: 1,
        }],
        pairs,
        ..Problem::default()
    }
}

#[test]
fn the_commitment_is_the_plain_sha256_of_the_nonce() {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(commit(b"abc"), abc);
}

#[test]
fn a_draw_is_fixed_for_all_machines_and_time() {
    let drawn = draw(&pool(), b"nonce", "contribution").unwrap();
    assert_eq!(drawn.panels, FROZEN);
}

/// Computed apart from this code, from the description of the procedure.
const FROZEN: [[usize; 3]; 1] = [[7, 3, 5]];

#[test]
fn a_record_replays_and_a_changed_one_is_refused() {
    let problem = pool();
    let drawn = draw(&problem, &[7; 32], "我们的一句话").unwrap();
    assert_eq!(replay(&problem, &drawn.record).unwrap(), drawn);
    let mut record = drawn.record.clone();
    record.nonce.replace_range(0..1, "f");
    assert_eq!(replay(&problem, &record), Err(Refused::Commitment));
    let mut record = drawn.record.clone();
    record.algorithm.push('x');
    assert_eq!(replay(&problem, &record), Err(Refused::Algorithm));
    let mut smaller = problem.clone();
    smaller.experts[3].capacity = 0;
    assert_ne!(snapshot(&smaller), snapshot(&problem));
    assert_eq!(replay(&smaller, &drawn.record), Err(Refused::Snapshot));
}

#[test]
fn chances_are_what_happens() {
    let mut problem = pool();
    for rules in [false, true] {
        if rules {
            problem.requests[0].max_per_unit = 1;
            problem.requests[0].min_technical = 2;
        }
        let stated = chances(&problem, 0);
        assert_eq!(stated.len(), 9);
        let mut times = [0u32; 9];
        for i in 0..6000u32 {
            let drawn = draw(&problem, &i.to_be_bytes(), "x").unwrap();
            drawn.panels[0].iter().for_each(|&e| times[e] += 1);
        }
        for c in stated {
            let happened = f64::from(times[c.expert]) / 6000.0;
            assert!(
                (happened - c.chance).abs() < 0.03,
                "{c:?} happened {happened}"
            );
            assert_eq!(c.exact, !rules);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_draw_keeps_every_rule(problem in common::problems(true), nonce in any::<[u8; 8]>()) {
        let drawn = draw(&problem, &nonce, "").unwrap();
        prop_assert!(verify::total_of(&problem, &drawn.panels).is_ok());
    }
}

#[test]
fn a_draw_file_replays_and_any_change_to_it_is_seen() {
    let mut problem = pool();
    let names = |letter: char, count: usize| -> Vec<String> {
        (1..=count).map(|i| format!("{letter}{i}")).collect()
    };
    let (experts, requests) = (names('E', 9), names('R', 1));
    for (expert, id) in problem.experts.iter_mut().zip(&experts) {
        expert.key = key(id);
    }
    problem.requests[0].key = key(&requests[0]);
    problem.requests[0].max_per_unit = 1;
    let drawn = draw(&problem, &[9; 32], "八月十五").unwrap();
    let file = DrawFile::of("试".into(), &problem, &experts, &requests, drawn.clone());
    let text = serde_json::to_string(&file).unwrap();
    let read: DrawFile = serde_json::from_str(&text).unwrap();
    assert_eq!(read, file);
    assert_eq!(read.problem().unwrap(), problem);
    assert_eq!(read.replay(), Ok(()));
    assert_eq!(read.requests[0].order.len(), 9);
    let seated: Vec<&String> = drawn.panels[0].iter().map(|&e| &experts[e]).collect();
    assert_eq!(read.requests[0].panel.iter().collect::<Vec<_>>(), seated);

    let made = DrawFile::draw(
        "试".into(),
        file.experts.clone(),
        file.requests.clone(),
        0,
        &[9; 32],
        "八月十五",
    );
    assert_eq!(made.unwrap(), file, "drawn from the file's own numbers");

    type Forgery = fn(&mut DrawFile);
    let forgeries: [(Forgery, NotReplayed); 8] = [
        (
            |f| f.record.nonce.replace_range(0..2, "08"),
            NotReplayed::Refused(Refused::Commitment),
        ),
        (
            |f| f.record.contribution.push('。'),
            NotReplayed::Differs("R1".into()),
        ),
        (
            |f| f.requests[0].order.swap(0, 1),
            NotReplayed::Differs("R1".into()),
        ),
        (
            |f| f.requests[0].panel.reverse(),
            NotReplayed::Differs("R1".into()),
        ),
        (
            |f| f.experts[2].capacity = 0,
            NotReplayed::Refused(Refused::Snapshot),
        ),
        (
            |f| f.requests[0].allowed[3].score += 1,
            NotReplayed::Refused(Refused::Snapshot),
        ),
        (
            |f| f.experts[4].id = "E1".into(),
            NotReplayed::Id("E1".into()),
        ),
        (
            |f| f.requests[0].fixed.push("E99".into()),
            NotReplayed::Id("E99".into()),
        ),
    ];
    for (at, (forge, expected)) in forgeries.into_iter().enumerate() {
        let mut forged = file.clone();
        forge(&mut forged);
        assert_eq!(forged.replay(), Err(expected), "forgery {at}");
    }
}

#[test]
fn experts_whom_the_rules_cannot_tell_apart_have_equal_chances() {
    let mut problem = pool();
    problem.requests[0].max_per_unit = 1;
    problem.requests[0].min_standardization = 1;
    let stated = chances(&problem, 0);
    let of = |e: usize| stated.iter().find(|c| c.expert == e).unwrap().chance;
    // Experts 0 to 7 are in pairs of a unit, one of each kind; the last is alone.
    assert_eq!((of(0), of(1)), (of(6), of(7)));
    assert!(of(8) > of(0), "nobody shares the place of the last one");
    let sum: f64 = stated.iter().map(|c| c.chance).sum();
    assert!(
        (sum - 3.0).abs() < 1e-9,
        "three places are always taken: {sum}"
    );
}
