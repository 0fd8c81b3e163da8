//! How likely each expert was to be drawn.

use std::collections::BTreeMap;

use serde::Serialize;

use super::draw::{may_sit, qualified};
use super::model::{Kind, Problem};
use super::ties::mix;

/// Chances of one request's experts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chance {
    /// Index of the expert.
    pub expert: usize,
    /// Probability of being drawn for the request, from 0 to 1.
    pub chance: f64,
    /// Whether the number is exact or counted over [`TRIALS`] draws.
    pub exact: bool,
}

/// Draws over which chances are counted where rules of unit or kind make counting necessary.
pub const TRIALS: u32 = 20_000;

/// The chance of every qualified expert of a request, given who is free when its turn comes. Exact
/// where no rule of unit or kind can bind; otherwise counted over [`TRIALS`] draws that are the same
/// every time, and equal for experts whom the rules cannot tell apart.
#[must_use]
pub fn chances(problem: &Problem, request: usize) -> Vec<Chance> {
    let mut free: Vec<u32> = problem.experts.iter().map(|e| e.capacity).collect();
    let mut panel = Vec::new();
    for link in &problem.fixed {
        free[link.expert] = free[link.expert].saturating_sub(1);
        if link.request == request {
            panel.push(link.expert);
        }
    }
    let hat = qualified(problem, request, &panel, &free);
    if !binds(problem, request, &hat, &panel) {
        let places = (problem.requests[request].demand as usize).saturating_sub(panel.len());
        let chance = (places as f64 / hat.len().max(1) as f64).min(1.0);
        let of = |expert| Chance {
            expert,
            chance,
            exact: true,
        };
        return hat.into_iter().map(of).collect();
    }
    let times = counted(problem, request, &hat, &panel);
    let mut alike: BTreeMap<Likeness, (u64, u64)> = BTreeMap::new();
    let likeness: Vec<Likeness> = hat
        .iter()
        .map(|&e| Likeness::of(problem, e, &hat, &panel))
        .collect();
    for (like, &e) in likeness.iter().zip(&hat) {
        let (sum, count) = alike.entry(*like).or_default();
        *sum += u64::from(times[e]);
        *count += 1;
    }
    let share = |(&expert, like): (&usize, &Likeness)| {
        let (sum, count) = alike[like];
        Chance {
            expert,
            chance: sum as f64 / (count * u64::from(TRIALS)) as f64,
            exact: false,
        }
    };
    hat.iter().zip(&likeness).map(share).collect()
}

/// Whether a rule of unit or kind can keep a drawn expert out.
fn binds(problem: &Problem, request: usize, hat: &[usize], panel: &[usize]) -> bool {
    let wanted = &problem.requests[request];
    let mut units: BTreeMap<u32, u32> = BTreeMap::new();
    for &e in hat.iter().chain(panel) {
        *units.entry(problem.experts[e].unit).or_default() += 1;
    }
    wanted.min_technical + wanted.min_standardization > 0
        || units.values().any(|&count| count > wanted.max_per_unit)
}

/// What the rules can see of an expert: kind, and the kinds of colleagues in the hat and on the panel.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Likeness(u8, [u32; 3], [u32; 3]);

impl Likeness {
    fn of(problem: &Problem, e: usize, hat: &[usize], panel: &[usize]) -> Self {
        let kind = |e: usize| match problem.experts[e].kind {
            Kind::Technical => 0,
            Kind::Standardization => 1,
            Kind::Other => 2,
        };
        let colleagues = |list: &[usize]| {
            let mut counts = [0; 3];
            for &other in list {
                if problem.experts[other].unit == problem.experts[e].unit {
                    counts[kind(other)] += 1;
                }
            }
            counts
        };
        Self(kind(e) as u8, colleagues(hat), colleagues(panel))
    }
}

/// How often each expert takes a place in [`TRIALS`] draws.
fn counted(problem: &Problem, request: usize, hat: &[usize], panel: &[usize]) -> Vec<u32> {
    let mut times = vec![0; problem.experts.len()];
    let mut state = mix(problem.requests[request].key);
    let mut order = hat.to_vec();
    for _ in 0..TRIALS {
        let mut drawn = panel.to_vec();
        // From the front, so that nobody is shuffled after the last place is taken.
        for i in 0..order.len() {
            if drawn.len() >= problem.requests[request].demand as usize {
                break;
            }
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            // The bias of a product of 64 bits is far below what can be counted.
            let rest = (order.len() - i) as u128;
            order.swap(i, i + ((u128::from(mix(state)) * rest) >> 64) as usize);
            if may_sit(problem, request, order[i], &drawn) {
                drawn.push(order[i]);
                times[order[i]] += 1;
            }
        }
    }
    times
}
