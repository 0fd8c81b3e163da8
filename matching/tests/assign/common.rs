//! Small random problems with every rule, and their optimum by trying everything.

use matching::assign::{Expert, Kind, Link, Pair, Pairs, Problem, Request, verify};
use proptest::collection::vec;
use proptest::prelude::*;

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Technical),
        Just(Kind::Standardization),
        Just(Kind::Other)
    ]
}

fn expert() -> impl Strategy<Value = Expert> {
    (0u32..4, 0u32..3, kind(), 0u32..3, any::<u64>()).prop_map(
        |(capacity, unit, kind, service, key)| Expert {
            capacity,
            unit,
            kind,
            service,
            key,
        },
    )
}

fn request(composition: bool) -> impl Strategy<Value = Request> {
    let minimum = if composition { 0u32..3 } else { 0u32..1 };
    (
        0u32..4,
        1u32..3,
        minimum.clone(),
        minimum,
        0i64..40,
        any::<u64>(),
    )
        .prop_map(
            |(demand, max_per_unit, technical, standardization, unfilled_price, key)| {
                let min_technical = technical.min(demand);
                let min_standardization = standardization.min(demand - min_technical);
                Request {
                    demand,
                    max_per_unit,
                    min_technical,
                    min_standardization,
                    unfilled_price,
                    key,
                }
            },
        )
}

/// Problems of up to three requests and six experts; scores are small so that ties are common.
pub fn problems(composition: bool) -> impl Strategy<Value = Problem> {
    (vec(expert(), 1..7), vec(request(composition), 1..4)).prop_flat_map(|(experts, requests)| {
        let (n, m) = (experts.len(), requests.len());
        let scores = vec(vec(proptest::option::weighted(0.75, -3i32..30), n), m);
        let links = move |most| {
            proptest::collection::btree_set((0..m, 0..n), 0..most).prop_map(|set| {
                set.into_iter()
                    .map(|(request, expert)| Link { request, expert })
                    .collect::<Vec<_>>()
            })
        };
        (scores, links(3), links(4), 0i64..6, 0i64..5, -3i32..8).prop_map(
            move |(scores, fixed, standing, stability_price, load_price, min_relevance)| {
                let mut pairs = Pairs::default();
                for row in scores {
                    let listed = row.into_iter().enumerate();
                    pairs.push_row(listed.filter_map(|(e, score)| {
                        score.map(|score| Pair {
                            expert: e as u32,
                            score,
                        })
                    }));
                }
                Problem {
                    experts: experts.clone(),
                    requests: requests.clone(),
                    pairs,
                    fixed,
                    standing,
                    stability_price,
                    load_price,
                    min_relevance,
                }
            },
        )
    })
}

/// The best total over all choices that keep the rules, and one choice that has it.
pub fn brute_force(problem: &Problem) -> (i64, Vec<Vec<usize>>) {
    let mut best = (i64::MIN, Vec::new());
    every_choice(problem, &mut |panels, total| {
        if total > best.0 {
            best = (total, panels.to_vec());
        }
    });
    best
}

/// Hands every choice that keeps the rules over, with its total.
pub fn every_choice(problem: &Problem, meet: &mut impl FnMut(&[Vec<usize>], i64)) {
    let mut panels = vec![Vec::new(); problem.requests.len()];
    for link in &problem.fixed {
        panels[link.request].push(link.expert);
    }
    extend(problem, 0, 0, &mut panels, meet);
}

fn extend(
    problem: &Problem,
    request: usize,
    pair: usize,
    panels: &mut Vec<Vec<usize>>,
    meet: &mut impl FnMut(&[Vec<usize>], i64),
) {
    if request == problem.requests.len() {
        if let Ok(total) = verify::total_of(problem, panels) {
            meet(panels, total);
        }
        return;
    }
    let Some(next) = problem.pairs.row(request).get(pair) else {
        return extend(problem, request + 1, 0, panels, meet);
    };
    extend(problem, request, pair + 1, panels, meet);
    let expert = next.expert as usize;
    let room = panels[request].len() < problem.requests[request].demand as usize;
    if room && !panels[request].contains(&expert) {
        panels[request].push(expert);
        extend(problem, request, pair + 1, panels, meet);
        panels[request].pop();
    }
}
