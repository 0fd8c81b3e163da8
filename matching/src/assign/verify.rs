//! The checker: proves an answer from the problem and a certificate, and believes neither.
//!
//! It shares nothing with the solver but the plain data types. The argument is one line: whatever
//! prices `v` are given, no choice is worth more than
//! `Σ experts: best (k·v − cost of k places)  +  Σ requests: best panel when each expert costs v`,
//! because a choice pays its prices to the experts and gets them back. One pass over the pairs
//! computes it.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Serialize;

use super::certificate::{Certificate, Proof, UnitPrice};
use super::model::{Invalid, Kind, Link, Pair, Problem, Request, Rows};

/// What a checked certificate proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Proved {
    /// The total of the choice, recomputed, in millionths.
    pub total: i64,
    /// No choice has a greater total, recomputed, in millionths.
    pub bound: i64,
}

impl Proved {
    /// How much a better choice could gain at most; 0 means proved optimal.
    #[must_use]
    pub fn gap(&self) -> i64 {
        self.bound - self.total
    }
}

/// The first condition that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Violation {
    /// The problem itself cannot be read.
    Problem {
        /// What is wrong with it.
        reason: Invalid,
    },
    /// The choice has not one panel a request.
    Panels {
        /// Panels given.
        given: usize,
        /// Requests of the problem.
        wanted: usize,
    },
    /// An expert does not exist, is not allowed, or is below the minimum relevance.
    NotAllowed {
        /// The pair.
        pair: Link,
    },
    /// An expert sits twice on one panel.
    Twice {
        /// The pair.
        pair: Link,
    },
    /// A fixed pair is missing.
    FixedMissing {
        /// The pair.
        pair: Link,
    },
    /// A panel has more experts than the request wants.
    Demand {
        /// Index of the request.
        request: usize,
    },
    /// A panel has too many experts of one unit.
    Unit {
        /// Index of the request.
        request: usize,
        /// The unit.
        unit: u32,
    },
    /// A panel keeps too few places for a kind.
    Composition {
        /// Index of the request.
        request: usize,
        /// The kind that is short.
        kind: Kind,
    },
    /// An expert serves more places than the capacity.
    Capacity {
        /// Index of the expert.
        expert: usize,
        /// Places served.
        served: u32,
        /// Places the expert can hold.
        capacity: u32,
    },
    /// The certificate claims another total than the choice has.
    Total {
        /// The total claimed.
        claimed: i64,
        /// The total of the choice.
        actual: i64,
    },
    /// The proof has not one price an expert, a scale below 1, or a unit price below 0.
    Malformed,
    /// The prices prove only a weaker bound than claimed.
    Bound {
        /// The bound claimed.
        claimed: i64,
        /// The bound the prices prove.
        proved: i64,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem { reason } => reason.fmt(f),
            Self::Panels { given, wanted } => write!(f, "{given} panels for {wanted} requests"),
            Self::NotAllowed { pair } => {
                write!(
                    f,
                    "request {}: expert {} is not allowed",
                    pair.request, pair.expert
                )
            }
            Self::Twice { pair } => {
                write!(
                    f,
                    "request {}: expert {} sits twice",
                    pair.request, pair.expert
                )
            }
            Self::FixedMissing { pair } => {
                write!(
                    f,
                    "request {}: fixed expert {} is missing",
                    pair.request, pair.expert
                )
            }
            Self::Demand { request } => write!(f, "request {request}: more experts than wanted"),
            Self::Unit { request, unit } => {
                write!(f, "request {request}: too many experts of unit {unit}")
            }
            Self::Composition { request, kind } => {
                write!(f, "request {request}: too few places kept for {kind:?}")
            }
            Self::Capacity {
                expert,
                served,
                capacity,
            } => {
                write!(f, "expert {expert}: {served} places, capacity {capacity}")
            }
            Self::Total { claimed, actual } => {
                write!(f, "the total is {actual}, not {claimed} as claimed")
            }
            Self::Malformed => write!(f, "the proof is malformed"),
            Self::Bound { claimed, proved } => {
                write!(
                    f,
                    "the prices prove a bound of {proved} only, not {claimed} as claimed"
                )
            }
        }
    }
}

impl std::error::Error for Violation {}

/// Checks a choice (experts of each request, fixed ones included, any order) and its certificate.
///
/// # Errors
/// The first violated condition. A choice that is allowed but not best is no error: see [`Proved::gap`].
pub fn verify(
    problem: &Problem,
    panels: &[Vec<usize>],
    certificate: &Certificate,
) -> Result<Proved, Violation> {
    check(problem, Source::Listed, panels, certificate)
}

/// The same for pairs that are made by a row source; the problem's own list is not looked at.
///
/// # Errors
/// Like [`verify`].
pub fn verify_rows(
    problem: &Problem,
    rows: &dyn Rows,
    panels: &[Vec<usize>],
    certificate: &Certificate,
) -> Result<Proved, Violation> {
    check(problem, Source::Made(rows), panels, certificate)
}

/// The total of a choice in millionths, if it keeps every rule.
///
/// # Errors
/// The first rule it breaks.
pub fn total_of(problem: &Problem, panels: &[Vec<usize>]) -> Result<i64, Violation> {
    total_from(problem, Source::Listed, panels)
}

/// Where pairs come from.
#[derive(Clone, Copy)]
enum Source<'a> {
    Listed,
    Made(&'a dyn Rows),
}

impl Source<'_> {
    fn row<'b>(self, problem: &'b Problem, r: usize, made: &'b mut Vec<Pair>) -> &'b [Pair] {
        match self {
            Self::Listed => problem.pairs.row(r),
            Self::Made(rows) => {
                made.clear();
                rows.row(r, made);
                made
            }
        }
    }
}

fn check(
    problem: &Problem,
    source: Source,
    panels: &[Vec<usize>],
    certificate: &Certificate,
) -> Result<Proved, Violation> {
    problem
        .check()
        .map_err(|reason| Violation::Problem { reason })?;
    let total = total_from(problem, source, panels)?;
    if total != certificate.total {
        return Err(Violation::Total {
            claimed: certificate.total,
            actual: total,
        });
    }
    let bound = Checker::new(problem, source, certificate.scale)?.bound(&certificate.proof)?;
    if bound > certificate.bound {
        return Err(Violation::Bound {
            claimed: certificate.bound,
            proved: bound,
        });
    }
    Ok(Proved { total, bound })
}

fn total_from(problem: &Problem, source: Source, panels: &[Vec<usize>]) -> Result<i64, Violation> {
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

fn minimums(wanted: &Request) -> [(Kind, u32); 2] {
    [
        (Kind::Technical, wanted.min_technical),
        (Kind::Standardization, wanted.min_standardization),
    ]
}

fn load_cost(problem: &Problem, expert: usize, place: u32) -> i128 {
    let before = u64::from(problem.experts[expert].service) + u64::from(place);
    i128::from(problem.load_price) * i128::from(before)
}

/// One place in the best panel being built: what it is worth net of prices, and whose it is.
type Place = (i128, u32);

struct Checker<'a> {
    problem: &'a Problem,
    source: Source<'a>,
    scale: i128,
    standing: HashSet<Link>,
    with: Vec<Link>,
    without: HashSet<Link>,
}

impl<'a> Checker<'a> {
    fn new(problem: &'a Problem, source: Source<'a>, scale: i64) -> Result<Self, Violation> {
        if scale < 1 {
            return Err(Violation::Malformed);
        }
        Ok(Self {
            problem,
            source,
            scale: i128::from(scale),
            standing: problem
                .standing
                .iter()
                .copied()
                .filter(|l| !problem.fixed.contains(l))
                .collect(),
            with: problem.fixed.clone(),
            without: HashSet::new(),
        })
    }

    /// The bound a proof gives under the cases taken so far.
    fn bound(&mut self, proof: &Proof) -> Result<i64, Violation> {
        match proof {
            Proof::Prices { experts, units } => self.priced(experts, units),
            Proof::Cases {
                request,
                expert,
                with,
                without,
            } => {
                let pair = Link {
                    request: *request,
                    expert: *expert,
                };
                let known = pair.request < self.problem.requests.len()
                    && pair.expert < self.problem.experts.len();
                if !known || self.with.contains(&pair) {
                    return Err(Violation::Malformed);
                }
                self.with.push(pair);
                let first = self.bound(with);
                self.with.pop();
                let first = first?;
                let added = self.without.insert(pair);
                let second = self.bound(without);
                if added {
                    self.without.remove(&pair);
                }
                Ok(first.max(second?))
            }
        }
    }

    fn priced(&self, prices: &[i64], units: &[UnitPrice]) -> Result<i64, Violation> {
        let problem = self.problem;
        let (n, m) = (problem.experts.len(), problem.requests.len());
        if prices.len() != n {
            return Err(Violation::Malformed);
        }
        let mut charges: HashMap<(usize, u32), i64> = HashMap::new();
        for u in units {
            let again = charges.insert((u.request, u.unit), u.price);
            if u.request >= m || u.price < 0 || again.is_some() {
                return Err(Violation::Malformed);
            }
        }
        let mut held = vec![0u32; n];
        let mut fixed_of = vec![Vec::new(); m];
        for pair in &self.with {
            held[pair.expert] += 1;
            fixed_of[pair.request].push(pair.expert);
        }
        let mut bound = 0i128;
        for (e, expert) in problem.experts.iter().enumerate() {
            for i in 0..held[e] {
                bound -= self.scale * load_cost(problem, e, i);
            }
            for i in held[e]..expert.capacity {
                let gain = i128::from(prices[e]) - self.scale * load_cost(problem, e, i);
                if gain <= 0 {
                    break;
                }
                bound += gain;
            }
        }
        // What a unit may place at most, it pays at most.
        for u in units {
            let taken = fixed_of[u.request].iter();
            let taken = taken
                .filter(|&&f| problem.experts[f].unit == u.unit)
                .count();
            let limit = (problem.requests[u.request].max_per_unit as usize).saturating_sub(taken);
            bound += i128::from(u.price) * limit as i128;
        }
        let mut places = [Vec::new(), Vec::new(), Vec::new()];
        let mut made = Vec::new();
        for (r, fixed) in fixed_of.iter().enumerate() {
            bound += self.best_panel(r, prices, &charges, fixed, &mut places, &mut made);
        }
        Ok(i64::try_from(bound.div_euclid(self.scale)).unwrap_or(i64::MAX))
    }

    /// The most a panel of one request can be worth when experts and units cost their prices. Where
    /// kinds matter, a unit may place its limit of each kind; its price makes up for that.
    fn best_panel(
        &self,
        r: usize,
        prices: &[i64],
        charges: &HashMap<(usize, u32), i64>,
        fixed: &[usize],
        places: &mut [Vec<Place>; 3],
        made: &mut Vec<Pair>,
    ) -> i128 {
        let problem = self.problem;
        let wanted = &problem.requests[r];
        let size = (wanted.demand as usize).saturating_sub(fixed.len());
        let composed = wanted.min_technical + wanted.min_standardization > 0;
        let empty = -self.scale * i128::from(wanted.unfilled_price);
        let mut worth = 0;
        places.iter_mut().for_each(Vec::clear);
        for pair in self.source.row(problem, r, made) {
            let e = pair.expert as usize;
            let at = Link {
                request: r,
                expert: e,
            };
            let mut score = i128::from(pair.score);
            if !self.standing.is_empty() && self.standing.contains(&at) {
                score += i128::from(problem.stability_price);
            }
            if fixed.contains(&e) {
                worth += self.scale * score;
                continue;
            }
            if pair.score < problem.min_relevance
                || (!self.without.is_empty() && self.without.contains(&at))
            {
                continue;
            }
            let expert = &problem.experts[e];
            let mut value = self.scale * score - i128::from(prices[e]);
            if !charges.is_empty() {
                value -= charges.get(&(r, expert.unit)).map_or(0, |&c| i128::from(c));
            }
            if value > empty {
                let taken = fixed
                    .iter()
                    .filter(|&&f| problem.experts[f].unit == expert.unit);
                let limit = (wanted.max_per_unit as usize).saturating_sub(taken.count());
                let list = match expert.kind {
                    Kind::Standardization if composed => &mut places[1],
                    Kind::Other if composed => &mut places[2],
                    _ => &mut places[0],
                };
                offer(list, (value, expert.unit), size, limit);
            }
        }
        let room = |(kind, minimum): (Kind, u32)| {
            let taken = fixed
                .iter()
                .filter(|&&e| problem.experts[e].kind != kind)
                .count();
            ((wanted.demand - minimum) as usize).saturating_sub(taken)
        };
        let rooms = minimums(wanted).map(room);
        worth + best_mix(places, size, rooms, empty)
    }
}

/// The most that so many of each list together are worth, when second and third list share the
/// first room, first and third the second room, and what is left of `size` stays empty.
fn best_mix(places: &[Vec<Place>; 3], size: usize, rooms: [usize; 2], empty: i128) -> i128 {
    let front =
        |list: usize, count: usize| -> i128 { places[list][..count].iter().map(|p| p.0).sum() };
    let mut best = i128::MIN;
    for third in 0..=places[2].len() {
        for second in 0..=places[1].len() {
            if second + third > rooms[0].min(size) || third > rooms[1] {
                break;
            }
            // Every place listed is worth more than an empty one, so as many of the first as fit.
            let most = (rooms[1] - third).min(size - second - third);
            let first = most.min(places[0].len());
            let filled = front(0, first) + front(1, second) + front(2, third);
            let open = (size - first - second - third) as i128;
            best = best.max(filled + empty * open);
        }
    }
    best
}

/// Keeps the best `size` places with at most `limit` of a unit: a new place pushes out the worst
/// of those it cannot stand beside. `places` stays sorted, best first.
fn offer(places: &mut Vec<Place>, new: Place, size: usize, limit: usize) {
    if places.len() >= size && places.last().is_none_or(|worst| worst.0 >= new.0) {
        return;
    }
    let same = places.iter().filter(|p| p.1 == new.1).count();
    if same >= limit {
        match places.iter().rposition(|p| p.1 == new.1) {
            Some(worst) if places[worst].0 < new.0 => {
                places.remove(worst);
            }
            _ => return,
        }
    } else if places.len() >= size {
        places.pop();
    }
    let at = places.partition_point(|p| p.0 >= new.0);
    places.insert(at, new);
}
