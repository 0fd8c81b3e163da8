//! What a run reports, in the files' own ids.

use serde::Serialize;

use super::input::Pool;
use crate::assign::Violation;
use crate::assign::draw::Record;
use crate::assign::explain::Summary;
use crate::assign::shortage::Shortage;

/// What the report file says.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Totals, loads, the worst request.
    #[serde(flatten)]
    pub summary: Summary,
    /// Open places by id of the request.
    pub open: Vec<(String, u32)>,
    /// Who is at fault for open places.
    pub shortage: Option<NamedShortage>,
    /// In fair mode: the best smallest worth proved possible, and the total given up for it.
    pub fair: Option<FairReport>,
    /// In draw mode: what is needed to draw again.
    pub draw: Option<Record>,
}

/// A shortage with the files' ids.
#[derive(Debug, Clone, Serialize)]
pub struct NamedShortage {
    /// Ids of requests.
    pub requests: Vec<String>,
    /// Ids of experts.
    pub experts: Vec<String>,
    /// The same with rules and remedies, by index in the files.
    pub found: Shortage,
}

/// What fairness reached and cost.
#[derive(Debug, Clone, Serialize)]
pub struct FairReport {
    /// The smallest worth of a request.
    pub worst: i64,
    /// No choice has a greater one.
    pub worst_bound: i64,
    /// Whether the whole order of worths is proved best.
    pub proved: bool,
    /// What the best total has more.
    pub loss: i64,
}

/// A violation with the files' ids.
pub(super) fn named(violation: &Violation, pool: &Pool) -> String {
    let request = |r: usize| pool.requests.get(r).map_or("?", String::as_str);
    let expert = |e: usize| pool.experts.get(e).map_or("?", String::as_str);
    match violation {
        Violation::NotAllowed { pair } => {
            format!(
                "request “{}”: expert “{}” is not allowed",
                request(pair.request),
                expert(pair.expert)
            )
        }
        Violation::Twice { pair } => {
            format!(
                "request “{}”: expert “{}” sits twice",
                request(pair.request),
                expert(pair.expert)
            )
        }
        Violation::Demand { request: r } => {
            format!("request “{}”: more experts than wanted", request(*r))
        }
        Violation::Unit { request: r, unit } => {
            let unit = pool.units.get(*unit as usize).map_or("", String::as_str);
            format!(
                "request “{}”: too many experts of unit “{unit}”",
                request(*r)
            )
        }
        Violation::Composition { request: r, kind } => {
            format!(
                "request “{}”: too few places kept for {kind:?}",
                request(*r)
            )
        }
        Violation::Capacity {
            expert: e,
            served,
            capacity,
        } => {
            format!(
                "expert “{}”: {served} places, capacity {capacity}",
                expert(*e)
            )
        }
        other => other.to_string(),
    }
}
