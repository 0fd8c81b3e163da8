//! The draw: replayable, honest about chances, and within the rules.

use crate::common;
use matching::assign::draw::{Refused, chances, commit, draw, replay, snapshot};
use matching::assign::{Expert, Kind, Pair, Pairs, Problem, Request, verify};
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
