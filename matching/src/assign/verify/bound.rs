//! The bound that prices prove.

use std::collections::{HashMap, HashSet};

use super::{Source, Violation, load_cost, minimums};
use crate::assign::certificate::{Proof, UnitPrice};
use crate::assign::model::{Kind, Link, Pair, Problem};

/// One place in the best panel being built: what it is worth net of prices, and whose it is.
type Place = (i128, u32);

pub(super) struct Checker<'a> {
    problem: &'a Problem,
    source: Source<'a>,
    scale: i128,
    standing: HashSet<Link>,
    with: Vec<Link>,
    without: HashSet<Link>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        problem: &'a Problem,
        source: Source<'a>,
        scale: i64,
    ) -> Result<Self, Violation> {
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
    pub(super) fn bound(&mut self, proof: &Proof) -> Result<i64, Violation> {
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
