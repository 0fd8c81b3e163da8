//! From facts to the assignment problem: panels are its requests, experts its experts, in the order
//! of the snapshot.

use std::collections::HashMap;

use entity::{expert::ExpertKind, ids::ExpertId, panel_adjustment::AdjustmentKind};
use matching::{
    assign::{Expert, Kind, Link, Pair, Problem, Request},
    relevance::Scored,
};
use uuid::Uuid;

use super::{
    relevance,
    rules::{self, Bar},
    snapshot::{ExpertFacts, PanelView, Snapshot},
};
use crate::foundation::{config::Config, search::normalise};

/// What each place served this term costs the next one, in millionths. Neighbours in a ranking lie
/// some thousandths apart: so among experts who fit about equally the one who served less is asked,
/// and a clearly better fit still goes before.
const LOAD_PRICE: i64 = 2_000;

/// A problem with everything that explains it.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The problem as the engine takes it.
    pub problem: Problem,
    /// Relevance of each expert for each panel.
    pub scored: Vec<Vec<Scored>>,
    /// Why an expert may not serve on a panel, for those who may not.
    pub bars: Vec<Vec<Option<Bar>>>,
    /// Pins that no longer can hold, with the reason.
    pub lost_pins: Vec<(usize, usize, Bar)>,
}

/// Builds the problem.
pub fn prepare(snapshot: &Snapshot, config: &Config) -> Prepared {
    let index = relevance::index(
        snapshot.experts.iter().map(|facts| &facts.expert),
        &config.matching,
    );
    let scored: Vec<Vec<Scored>> = snapshot
        .panels
        .iter()
        .map(|panel| relevance::score(&index, &panel.facts))
        .collect();
    let bars: Vec<Vec<Option<Bar>>> = snapshot
        .panels
        .iter()
        .map(|panel| {
            let experts = snapshot.experts.iter();
            experts
                .map(|expert| rules::bar(panel, expert, snapshot.today))
                .collect()
        })
        .collect();
    let mut problem = Problem {
        experts: experts(snapshot),
        requests: snapshot.panels.iter().map(request).collect(),
        load_price: LOAD_PRICE,
        min_relevance: relevance::millionths(config.panels.min_relevance),
        ..Problem::default()
    };
    let mut lost_pins = Vec::new();
    let mut used = vec![0; snapshot.experts.len()];
    for (r, panel) in snapshot.panels.iter().enumerate() {
        let mut fixed = standing(snapshot, panel);
        for e in pinned(snapshot, panel) {
            if fixed.contains(&e) {
                continue;
            }
            match pin_bar(&snapshot.experts[e], bars[r][e].clone(), used[e]) {
                Some(bar) => lost_pins.push((r, e, bar)),
                None => {
                    used[e] += 1;
                    fixed.push(e);
                }
            }
        }
        problem.requests[r].demand = problem.requests[r].demand.max(fixed.len() as u32);
        problem.pairs.push_row(
            bars[r]
                .iter()
                .enumerate()
                .filter(|(e, bar)| bar.is_none() || fixed.contains(e))
                .map(|(e, _)| Pair {
                    expert: e as u32,
                    score: scored[r][e].millionths as i32,
                }),
        );
        problem
            .fixed
            .extend(fixed.into_iter().map(|expert| Link { request: r, expert }));
    }
    let price = problem.required_price();
    for (request, panel) in problem.requests.iter_mut().zip(&snapshot.panels) {
        let times = 1 + i64::from(panel.facts.priority.clamp(0, 9));
        request.unfilled_price = (price * times).min(matching::assign::model::MAX_PRICE);
    }
    Prepared {
        problem,
        scored,
        bars,
        lost_pins,
    }
}

fn experts(snapshot: &Snapshot) -> Vec<Expert> {
    let mut units: HashMap<String, u32> = HashMap::new();
    snapshot
        .experts
        .iter()
        .map(|facts| {
            let next = units.len() as u32;
            let here = standing_count(snapshot, facts.expert.id);
            let room = rules::room(facts).unwrap_or(0);
            Expert {
                capacity: (room + here).max(0).unsigned_abs(),
                unit: *units.entry(unit_key(facts)).or_insert(next),
                kind: match facts.expert.kind {
                    ExpertKind::Technical => Kind::Technical,
                    ExpertKind::Standardization => Kind::Standardization,
                },
                service: (facts.load.term - here).max(0).unsigned_abs(),
                key: key(facts.expert.id.0),
            }
        })
        .collect()
}

/// Equal for experts of one unit; guests are told apart by where they work.
pub fn unit_key(facts: &ExpertFacts) -> String {
    match &facts.expert.unit {
        Some(unit) => unit.id.to_string(),
        None if facts.expert.unit_name.is_empty() => facts.expert.id.to_string(),
        None => normalise(&facts.expert.unit_name),
    }
}

fn request(panel: &PanelView) -> Request {
    let facts = &panel.facts;
    let number = |n: i32| n.max(0).unsigned_abs();
    Request {
        demand: number(facts.demand),
        max_per_unit: number(facts.max_per_unit),
        min_technical: number(facts.min_technical),
        min_standardization: number(facts.min_standardization),
        unfilled_price: 0,
        key: key(panel.id.0),
    }
}

/// A number that stays with a row: the random half of its id.
fn key(id: Uuid) -> u64 {
    id.as_u64_pair().1
}

/// Positions of those who are asked or have accepted.
fn standing(snapshot: &Snapshot, panel: &PanelView) -> Vec<usize> {
    panel
        .standing()
        .filter_map(|row| snapshot.position(row.expert_id))
        .collect()
}

fn standing_count(snapshot: &Snapshot, expert: ExpertId) -> i32 {
    let rows = snapshot.panels.iter().flat_map(PanelView::standing);
    rows.filter(|row| row.expert_id == expert).count() as i32
}

fn pinned(snapshot: &Snapshot, panel: &PanelView) -> Vec<usize> {
    let open = panel.open_places();
    panel
        .adjustments
        .iter()
        .filter(|row| row.kind == AdjustmentKind::Pin)
        .filter_map(|row| snapshot.position(row.expert_id))
        .take(open)
        .collect()
}

/// A pin does not lift a rule: it falls where its expert may no longer serve, or where other pins
/// already take all the expert's room.
fn pin_bar(expert: &ExpertFacts, bar: Option<Bar>, used: i32) -> Option<Bar> {
    bar.or_else(|| match rules::room(expert) {
        Err(bar) => Some(bar),
        Ok(room) if room <= used => Some(Bar::Full {
            open: expert.load.open + used,
            max: expert.expert.max_open,
        }),
        Ok(_) => None,
    })
}
