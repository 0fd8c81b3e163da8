//! The solver's state: prices of experts, and for each request its best panel at these prices.
//!
//! A panel is a *bid*: the best places net of prices, at most so many of a unit. Because a bid is
//! always recomputed from prices, the rule of units needs no nodes of its own. Experts are numbered
//! inside in a seeded order, so that the order of the caller's list decides nothing.

use std::collections::HashMap;

use super::model::{Kind, Link, Problem, Request};
use super::ties::{Ties, mix};

/// No expert: a place left open.
pub(super) const NOBODY: u32 = u32::MAX;
/// A price nobody pays.
pub(super) const NEVER: i64 = i64::MAX / 4;

/// A candidate of a request, or a place on its panel: gross value in scaled units.
///
/// The group is the unit, in rows with a composition divided by kind: four times the unit's number
/// plus the class of the kind (0 where kinds do not matter).
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub value: i64,
    pub expert: u32,
    pub group: u32,
}

impl Place {
    pub fn unit(&self) -> u32 {
        self.group >> 2
    }

    pub fn class(&self) -> usize {
        (self.group & 3) as usize
    }
}

/// Where an expert's free places begin and end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots {
    /// Places served before the first free one.
    pub before: i64,
    /// Free places.
    pub free: usize,
}

/// One request: its candidates and its panel are stretches of the shared lists.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub start: usize,
    pub len: usize,
    /// How many candidates at the front are the best ones, in order.
    pub sorted: usize,
    pub seats: usize,
    pub size: usize,
    pub limit: usize,
    /// Value of a place left open.
    pub empty: i64,
    /// Weight of a millionth of score.
    pub weight: i64,
    /// Charges on experts of a unit, where not zero.
    pub charges: Vec<(u32, i64)>,
    /// Whether groups are divided by kind.
    pub composed: bool,
    /// Places open to each class.
    pub rooms: [usize; 4],
    /// The request's part in the order of ties.
    pub key: u64,
    /// Units of fixed experts, who count towards the limit.
    pub taken: Vec<u32>,
}

#[derive(Debug, Clone)]
pub(super) struct Network {
    pub ties: Ties,
    pub price: Vec<i64>,
    pub slots: Vec<Slots>,
    pub holders: Vec<Vec<u32>>,
    /// Units, numbered in the caller's order of experts.
    pub unit: Vec<u32>,
    /// The caller's number of each unit.
    pub units: Vec<u32>,
    pub kind: Vec<Kind>,
    pub key: Vec<u64>,
    pub rows: Vec<Row>,
    pub candidates: Vec<Place>,
    pub seats: Vec<Place>,
    /// Requests each expert could serve, with the value there; built when first needed.
    pub columns: Option<Vec<Vec<(u32, i64)>>>,
    /// Inner number of each of the caller's experts, and back.
    pub inner: Vec<u32>,
    pub outer: Vec<u32>,
    /// The caller's requests in seeded order.
    pub order: Vec<u32>,
    /// Requests whose panel moved, in order and possibly several times.
    pub moved: Vec<u32>,
    /// Above any value a price can usefully have.
    pub closed: i64,
}

/// What an expert of this unit is charged.
pub(super) fn due(charges: &[(u32, i64)], unit: u32) -> i64 {
    charges.iter().find(|c| c.0 == unit).map_or(0, |c| c.1)
}

/// Places left to experts who are not technical, and who are not standardization, when these kinds
/// are fixed already.
pub(super) fn rooms(wanted: &Request, fixed: impl Iterator<Item = Kind> + Clone) -> [usize; 2] {
    let minimums = [
        (Kind::Technical, wanted.min_technical),
        (Kind::Standardization, wanted.min_standardization),
    ];
    minimums.map(|(kind, minimum)| {
        let others = fixed.clone().filter(|k| *k != kind).count();
        ((wanted.demand - minimum) as usize).saturating_sub(others)
    })
}

impl Network {
    /// The network of a checked problem, with the lowest prices and empty panels.
    pub fn new(problem: &Problem, seed: u64) -> Self {
        Self::with_ties(problem, seed, Ties::new(problem, seed))
    }

    /// The same with room for weights up to `most` times the usual.
    pub fn with_weights(problem: &Problem, seed: u64, most: i64) -> Self {
        Self::with_ties(problem, seed, Ties::with_room(problem, seed, most))
    }

    /// The same in the units of `ties`, but without breaking any.
    pub fn plain(problem: &Problem, ties: &Ties) -> Self {
        Self::with_ties(problem, 0, ties.unbroken(problem))
    }

    fn with_ties(problem: &Problem, seed: u64, ties: Ties) -> Self {
        let n = problem.experts.len();
        let key: Vec<u64> = problem
            .experts
            .iter()
            .map(|e| mix(e.key ^ mix(seed)))
            .collect();
        let mut outer: Vec<u32> = (0..n as u32).collect();
        outer.sort_by_key(|&e| key[e as usize]);
        let mut inner = vec![0; n];
        for (i, &e) in outer.iter().enumerate() {
            inner[e as usize] = i as u32;
        }
        let mut order: Vec<u32> = (0..problem.requests.len() as u32).collect();
        order.sort_by_key(|&r| mix(problem.requests[r as usize].key ^ mix(seed)));
        let closed = ties.closed(problem);
        let of = |i: usize| &problem.experts[outer[i] as usize];
        let mut units = Vec::new();
        let mut known = HashMap::new();
        let mut unit = vec![0; n];
        for (e, expert) in problem.experts.iter().enumerate() {
            let next = units.len() as u32;
            let number = *known.entry(expert.unit).or_insert(next);
            if number == next {
                units.push(expert.unit);
            }
            unit[inner[e] as usize] = number;
        }
        let mut network = Self {
            price: vec![0; n],
            slots: (0..n)
                .map(|i| Slots {
                    before: i64::from(of(i).service),
                    free: of(i).capacity as usize,
                })
                .collect(),
            holders: vec![Vec::new(); n],
            unit,
            units,
            kind: (0..n).map(|i| of(i).kind).collect(),
            key: (0..n).map(|i| key[outer[i] as usize]).collect(),
            rows: Vec::with_capacity(problem.requests.len()),
            candidates: Vec::with_capacity(problem.pairs.len()),
            seats: Vec::with_capacity(usize::try_from(problem.places()).unwrap_or(0)),
            columns: None,
            ties,
            inner,
            outer,
            order,
            moved: Vec::new(),
            closed,
        };
        let mut fixed = vec![Vec::new(); problem.requests.len()];
        for link in &problem.fixed {
            fixed[link.request].push(network.inner[link.expert]);
        }
        let mut standing = problem.standing.clone();
        standing.sort_unstable();
        for (r, fixed) in fixed.iter().enumerate() {
            network.push_row(problem, r, fixed, &standing);
        }
        for e in 0..n {
            network.price[e] = network.floor(e);
        }
        network
    }

    /// Adds the candidates and the open panel of the next request.
    pub fn push_row(&mut self, problem: &Problem, r: usize, fixed: &[u32], standing: &[Link]) {
        let wanted = &problem.requests[r];
        let start = self.candidates.len();
        let seats = self.seats.len();
        let bonus = |expert: usize| {
            let link = Link { request: r, expert };
            if !standing.is_empty() && standing.binary_search(&link).is_ok() {
                problem.stability_price
            } else {
                0
            }
        };
        let tie = self.ties.row(wanted.key);
        let composed = wanted.min_technical + wanted.min_standardization > 0;
        let [others, not_standard] = rooms(wanted, fixed.iter().map(|&e| self.kind[e as usize]));
        // Class 0 is everybody where kinds do not matter.
        let class_rooms = [usize::MAX, not_standard, others, others.min(not_standard)];
        for pair in problem.pairs.row(r) {
            let e = self.inner[pair.expert as usize];
            if pair.score < problem.min_relevance || fixed.contains(&e) {
                continue;
            }
            let score = i64::from(pair.score) + bonus(pair.expert as usize);
            self.candidates.push(Place {
                value: score * self.ties.scale + self.ties.of(tie, self.key[e as usize]),
                expert: e,
                group: self.unit[e as usize] << 2 | self.class(composed, e) as u32,
            });
        }
        for &e in fixed {
            let slots = &mut self.slots[e as usize];
            slots.before += 1;
            slots.free = slots.free.saturating_sub(1);
        }
        let size = (wanted.demand as usize).saturating_sub(fixed.len());
        let empty = -wanted.unfilled_price * self.ties.scale;
        self.seats.extend((0..size).map(|_| Self::open(empty)));
        self.rows.push(Row {
            start,
            len: self.candidates.len() - start,
            sorted: 0,
            seats,
            size,
            limit: wanted.max_per_unit as usize,
            empty,
            weight: self.ties.scale,
            charges: Vec::new(),
            composed,
            rooms: class_rooms,
            key: wanted.key,
            taken: fixed.iter().map(|&e| self.unit[e as usize]).collect(),
        });
    }

    /// The class of an expert in a row.
    fn class(&self, composed: bool, e: u32) -> usize {
        match self.kind[e as usize] {
            _ if !composed => 0,
            Kind::Technical => 1,
            Kind::Standardization => 2,
            Kind::Other => 3,
        }
    }

    /// The place of an expert in a row, with the value it has there.
    pub fn place(&self, r: usize, e: u32, value: i64) -> Place {
        let class = self.class(self.rows[r].composed, e) as u32;
        Place {
            value,
            expert: e,
            group: self.unit[e as usize] << 2 | class,
        }
    }

    /// A place nobody fills.
    pub fn open(empty: i64) -> Place {
        Place {
            value: empty,
            expert: NOBODY,
            group: u32::MAX,
        }
    }

    /// Price at which an expert's free place number `i` is offered.
    pub fn slot_price(&self, e: usize, i: usize) -> i64 {
        let slots = &self.slots[e];
        if i >= slots.free {
            return NEVER;
        }
        self.ties.load(slots.before + i as i64)
    }

    /// The lowest price of an expert.
    pub fn floor(&self, e: usize) -> i64 {
        self.slot_price(e, 0).min(self.closed)
    }

    /// Whether more requests hold the expert than places are offered at this price.
    pub fn overloaded(&self, e: usize) -> bool {
        let k = self.holders[e].len();
        k > 0 && self.slot_price(e, k - 1) > self.price[e]
    }

    /// Whether the expert has a place left that is offered below this price.
    pub fn underused(&self, e: usize) -> bool {
        let next = self.slot_price(e, self.holders[e].len()).min(self.closed);
        next < self.price[e]
    }

    /// The panel of a request.
    pub fn panel(&self, r: usize) -> &[Place] {
        let row = &self.rows[r];
        &self.seats[row.seats..row.seats + row.size]
    }

    /// What a place is worth at the present prices.
    pub fn net(&self, place: &Place) -> i64 {
        match self.price.get(place.expert as usize) {
            Some(price) => place.value - price,
            None => place.value,
        }
    }

    /// Requests each expert could serve, built once and kept up to date by those who change rows.
    pub fn build_columns(&mut self) {
        if self.columns.is_some() {
            return;
        }
        let mut count = vec![0; self.price.len()];
        for row in &self.rows {
            for p in &self.candidates[row.start..row.start + row.len] {
                count[p.expert as usize] += 1;
            }
        }
        let mut columns: Vec<Vec<(u32, i64)>> = count.into_iter().map(Vec::with_capacity).collect();
        for (r, row) in self.rows.iter().enumerate() {
            for p in &self.candidates[row.start..row.start + row.len] {
                columns[p.expert as usize].push((r as u32, p.value));
            }
        }
        self.columns = Some(columns);
    }

    /// The largest value of any candidate at the front of its row.
    pub fn largest_value(&self) -> i64 {
        let fronts = (0..self.rows.len()).filter_map(|r| self.sorted(r).first());
        fronts.map(|p| p.value).max().unwrap_or(0).max(0)
    }

    /// The score of a place, with its bonus for standing, in millionths.
    pub fn score(&self, r: usize, p: &Place) -> i64 {
        let row = &self.rows[r];
        let tie = self
            .ties
            .of(self.ties.row(row.key), self.key[p.expert as usize]);
        (p.value - tie + due(&row.charges, p.unit())) / row.weight
    }

    /// Gives a row another weight and other charges. The request must bid again.
    pub fn revalue(&mut self, r: usize, weight: i64, charges: Vec<(u32, i64)>) {
        let row = &mut self.rows[r];
        let old_weight = std::mem::replace(&mut row.weight, weight);
        let old = std::mem::replace(&mut row.charges, charges);
        row.sorted = 0;
        let row = &self.rows[r];
        let part = self.ties.row(row.key);
        let candidates = row.start..row.start + row.len;
        let seats = row.seats..row.seats + row.size;
        let (keys, ties, new) = (&self.key, &self.ties, &row.charges);
        let revalued = |p: &Place| {
            let tie = ties.of(part, keys[p.expert as usize]);
            let gross = p.value - tie + due(&old, p.unit());
            gross / old_weight * weight + tie - due(new, p.unit())
        };
        for p in &mut self.candidates[candidates] {
            p.value = revalued(p);
            if let Some(columns) = &mut self.columns {
                let column = &mut columns[p.expert as usize];
                if let Some(entry) = column.iter_mut().find(|c| c.0 as usize == r) {
                    entry.1 = p.value;
                }
            }
        }
        for p in self.seats[seats].iter_mut().filter(|p| p.expert != NOBODY) {
            p.value = revalued(p);
        }
    }

    /// Takes a candidate off a row. The request must bid again if the expert was on its panel.
    pub fn forbid(&mut self, r: usize, e: u32) {
        let row = &mut self.rows[r];
        let list = &mut self.candidates[row.start..row.start + row.len];
        let Some(at) = list.iter().position(|p| p.expert == e) else {
            return;
        };
        if at < row.sorted {
            list.copy_within(at + 1.., at);
            row.sorted -= 1;
        } else {
            list.swap(at, row.len - 1);
        }
        row.len -= 1;
        if let Some(columns) = &mut self.columns {
            columns[e as usize].retain(|c| c.0 as usize != r);
        }
    }

    /// An upper bound of the perturbed total at the present prices: what the experts earn and what
    /// the panels keep. The panels must be the best ones at these prices.
    pub fn dual_value(&self) -> i128 {
        let mut bound = 0i128;
        for (e, slots) in self.slots.iter().enumerate() {
            for i in 0..slots.free {
                let gain = self.price[e] - self.slot_price(e, i);
                if gain <= 0 {
                    break;
                }
                bound += i128::from(gain);
            }
        }
        for r in 0..self.rows.len() {
            bound += self
                .panel(r)
                .iter()
                .map(|p| i128::from(self.net(p)))
                .sum::<i128>();
        }
        bound
    }
}
