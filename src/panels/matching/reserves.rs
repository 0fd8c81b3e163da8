//! Reserves (备选专家) of each panel, in order: who would take a place that becomes empty, with
//! everybody else where they are.

use std::cmp::Reverse;

use super::{
    problem::{Prepared, unit_key},
    rules,
    snapshot::Snapshot,
    solve::Solved,
};

/// Positions of the reserves of panel `r`, best first, at most `most`: experts who may serve, are
/// relevant enough, have room besides what this run gives them, and whose unit has a place left,
/// whoever else leaves.
pub fn reserves(
    snapshot: &Snapshot,
    prepared: &Prepared,
    solved: &Solved,
    r: usize,
    most: usize,
) -> Vec<usize> {
    let panels = &solved.solution.panels;
    let serves = |e: usize| {
        (0..panels.len()).filter(move |other| panels[*other].iter().any(|seat| seat.expert == e))
    };
    let price = |e: usize| {
        let served = i64::from(prepared.problem.experts[e].service) + serves(e).count() as i64;
        prepared.problem.load_price * served
    };
    let view = &snapshot.panels[r];
    let mut able: Vec<(usize, i64)> = prepared
        .problem
        .pairs
        .row(r)
        .iter()
        .filter(|pair| pair.score >= prepared.problem.min_relevance)
        .map(|pair| (pair.expert as usize, i64::from(pair.score)))
        .filter(|(e, _)| !panels[r].iter().any(|seat| seat.expert == *e))
        .filter(|(e, _)| serves(*e).count() < prepared.problem.experts[*e].capacity as usize)
        .filter(|(e, _)| !serves(*e).any(|other| rules::overlap(view, &snapshot.panels[other])))
        .filter(|(e, _)| {
            let unit = unit_key(&snapshot.experts[*e]);
            let same = panels[r]
                .iter()
                .filter(|seat| unit_key(&snapshot.experts[seat.expert]) == unit);
            same.count() < prepared.problem.requests[r].max_per_unit as usize
        })
        .map(|(e, score)| (e, score - price(e)))
        .collect();
    able.sort_by_key(|(e, value)| (Reverse(*value), prepared.problem.experts[*e].key));
    able.into_iter().map(|(e, _)| e).take(most).collect()
}
