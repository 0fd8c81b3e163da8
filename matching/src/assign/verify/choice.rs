//! A choice: every rule it must keep, and its total.

use std::collections::HashSet;

use super::{Source, Violation, load_cost, minimums};
use crate::assign::model::{Link, Problem};

pub(super) fn total_from(
    problem: &Problem,
    source: Source,
    panels: &[Vec<usize>],
) -> Result<i64, Violation> {
    let (given, wanted) = (panels.len(), problem.requests.len());
    if given != wanted {
        return Err(Violation::Panels { given, wanted });
    }
    let fixed: HashSet<Link> = problem.fixed.iter().copied().collect();
    let standing: HashSet<Link> = problem.standing.iter().copied().collect();
    let n = problem.experts.len();
    let mut score = vec![None; n];
    let mut served = vec![0u32; n];
    let mut total = 0i128;
    let mut made = Vec::new();
    for (request, panel) in panels.iter().enumerate() {
        let row = source.row(problem, request, &mut made);
        for pair in row {
            score[pair.expert as usize] = Some(pair.score);
        }
        let mut chosen = HashSet::new();
        for &expert in panel {
            let pair = Link { request, expert };
            let is_fixed = fixed.contains(&pair);
            let listed = score.get(expert).copied().flatten();
            if !is_fixed && listed.is_none_or(|s| s < problem.min_relevance) {
                return Err(Violation::NotAllowed { pair });
            }
            if !chosen.insert(expert) {
                return Err(Violation::Twice { pair });
            }
            served[expert] += 1;
            total += i128::from(listed.unwrap_or(0));
            if !is_fixed && standing.contains(&pair) {
                total += i128::from(problem.stability_price);
            }
        }
        for pair in row {
            score[pair.expert as usize] = None;
        }
        let kept: Vec<usize> = panel
            .iter()
            .copied()
            .filter(|&expert| fixed.contains(&Link { request, expert }))
            .collect();
        panel_rules(problem, request, panel, &kept)?;
        let open = (problem.requests[request].demand as usize).saturating_sub(panel.len());
        total -= i128::from(problem.requests[request].unfilled_price) * open as i128;
    }
    let mut held = vec![0u32; n];
    for pair in &problem.fixed {
        if !panels[pair.request].contains(&pair.expert) {
            return Err(Violation::FixedMissing { pair: *pair });
        }
        held[pair.expert] += 1;
    }
    for (expert, e) in problem.experts.iter().enumerate() {
        if served[expert] > e.capacity.max(held[expert]) {
            let (served, capacity) = (served[expert], e.capacity);
            return Err(Violation::Capacity {
                expert,
                served,
                capacity,
            });
        }
        for i in 0..served[expert] {
            total -= load_cost(problem, expert, i);
        }
    }
    Ok(i64::try_from(total).unwrap_or(i64::MIN))
}

/// The rules of one panel; `kept` are its fixed experts, whom no rule touches.
fn panel_rules(
    problem: &Problem,
    request: usize,
    panel: &[usize],
    kept: &[usize],
) -> Result<(), Violation> {
    let wanted = &problem.requests[request];
    if panel.len() > (wanted.demand as usize).max(kept.len()) {
        return Err(Violation::Demand { request });
    }
    let of_unit = |list: &[usize], unit| {
        list.iter()
            .filter(|&&e| problem.experts[e].unit == unit)
            .count()
    };
    for &expert in panel {
        let unit = problem.experts[expert].unit;
        if of_unit(panel, unit) > (wanted.max_per_unit as usize).max(of_unit(kept, unit)) {
            return Err(Violation::Unit { request, unit });
        }
    }
    for (kind, minimum) in minimums(wanted) {
        let others = |list: &[usize]| {
            list.iter()
                .filter(|&&e| problem.experts[e].kind != kind)
                .count()
        };
        if others(panel) > ((wanted.demand - minimum) as usize).max(others(kept)) {
            return Err(Violation::Composition { request, kind });
        }
    }
    Ok(())
}
