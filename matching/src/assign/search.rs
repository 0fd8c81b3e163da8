//! Shortest exchanges: moves one place at a time by a Dijkstra search that stays local.
//!
//! `relieve` takes an expert who is asked for too often and finds the cheapest chain of exchanges
//! that ends with a free place (or an open one); prices rise by what the chain costs. `engage` is
//! its mirror: an expert with a place left below the present price is worked into the panels, and
//! prices fall. Both keep every panel a best bid at the new prices, so they may be used in any
//! order and from any prices.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::network::{NEVER, NOBODY, Network, Place};

/// Working space of the searches, kept between them.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    round: u32,
    experts: Vec<Label>,
    requests: Vec<(u32, i64)>,
    heap: BinaryHeap<Reverse<(i64, u32)>>,
    touched: Vec<u32>,
}

/// How an expert was reached: from `expert` through `request`.
#[derive(Debug, Clone, Copy)]
struct Label {
    round: u32,
    distance: i64,
    request: u32,
    expert: u32,
    /// Value of the labelled place on that request.
    value: i64,
}

const UNSEEN: Label = Label {
    round: 0,
    distance: NEVER,
    request: 0,
    expert: NOBODY,
    value: 0,
};

/// Where a chain ends.
#[derive(Debug, Clone, Copy)]
enum End {
    /// At this expert.
    Expert(u32),
    /// At an open place of the request, next to this expert.
    Open(u32, u32),
}

impl Search {
    fn begin(&mut self, net: &Network, source: usize) {
        self.experts.resize(net.price.len(), UNSEEN);
        self.requests.resize(net.rows.len(), (0, NEVER));
        self.round += 1;
        self.heap.clear();
        self.touched.clear();
        self.label(source as u32, 0, NOBODY, 0, 0);
    }

    fn distance(&self, e: u32) -> i64 {
        let label = &self.experts[e as usize];
        if label.round == self.round {
            label.distance
        } else {
            NEVER
        }
    }

    fn label(&mut self, e: u32, distance: i64, from: u32, request: u32, value: i64) {
        let label = &mut self.experts[e as usize];
        if label.round != self.round {
            self.touched.push(e);
        }
        *label = Label {
            round: self.round,
            distance,
            request,
            expert: from,
            value,
        };
        self.heap.push(Reverse((distance, e)));
    }

    /// Remembers the shortest way into a request; false if it was entered as shortly before.
    fn enter(&mut self, r: u32, key: i64) -> bool {
        let seen = &mut self.requests[r as usize];
        if seen.0 == self.round && seen.1 <= key {
            return false;
        }
        *seen = (self.round, key);
        true
    }

    /// Finds the cheapest way to take one place from an overloaded expert, and goes it.
    pub fn relieve(&mut self, net: &mut Network, source: usize) {
        self.begin(net, source);
        let held = net.holders[source].len();
        let mut best = (net.slot_price(source, held - 1) - net.price[source]).max(0);
        let mut end = End::Expert(source as u32);
        while let Some(Reverse((distance, x))) = self.heap.pop() {
            if distance >= best {
                break;
            }
            if distance > self.distance(x) {
                continue;
            }
            for h in 0..net.holders[x as usize].len() {
                let r = net.holders[x as usize][h];
                let Some(&leaver) = net.panel(r as usize).iter().find(|p| p.expert == x) else {
                    continue;
                };
                let key = distance + net.net(&leaver);
                let full_group = net.full_group(r as usize, leaver.group);
                let full_class = net.full_class(r as usize, leaver.class());
                let first = self.enter(r, key);
                if !first && !full_group && !full_class {
                    continue;
                }
                // Entered as shortly before: only what shares a full rule with the leaver is new.
                let new = |place: &Place| {
                    first
                        || (full_group && place.group == leaver.group)
                        || (full_class && place.class() == leaver.class())
                };
                let empty = net.rows[r as usize].empty;
                if first && key - empty < best {
                    best = key - empty;
                    end = End::Open(r, x);
                }
                let mut i = 0;
                'row: loop {
                    let sorted = net.sorted(r as usize);
                    for place in &sorted[i..] {
                        if key - place.value >= best {
                            break 'row;
                        }
                        let reached = key - place.value + net.price[place.expert as usize];
                        let shorter = reached < best && reached < self.distance(place.expert);
                        if !shorter || !new(place) || !net.may_replace(r as usize, &leaver, place) {
                            continue;
                        }
                        let y = place.expert;
                        self.label(y, reached, x, r, place.value);
                        let next = net.slot_price(y as usize, net.holders[y as usize].len());
                        let there = reached + (next - net.price[y as usize]).max(0);
                        if there < best {
                            best = there;
                            end = End::Expert(y);
                        }
                    }
                    i = sorted.len();
                    if !net.sort_more(r as usize) {
                        break;
                    }
                }
            }
        }
        for &e in &self.touched {
            net.price[e as usize] += (best - self.experts[e as usize].distance).max(0);
        }
        let mut at = match end {
            End::Expert(e) => e,
            End::Open(r, x) => {
                let empty = net.rows[r as usize].empty;
                net.replace(r as usize, x, Network::open(empty));
                x
            }
        };
        while at != source as u32 {
            let Label {
                request,
                expert,
                value,
                ..
            } = self.experts[at as usize];
            let new = net.place(request as usize, at, value);
            net.replace(request as usize, expert, new);
            at = expert;
        }
    }

    /// Finds the cheapest way to use one more place of an underused expert, and goes it; or lowers
    /// the price to the place's own if that is cheapest.
    pub fn engage(&mut self, net: &mut Network, source: usize) {
        net.build_columns();
        let Some(columns) = net.columns.take() else {
            return;
        };
        self.begin(net, source);
        let next = net
            .slot_price(source, net.holders[source].len())
            .min(net.closed);
        let mut best = (net.price[source] - next).max(0);
        let mut end = End::Expert(source as u32);
        while let Some(Reverse((distance, x))) = self.heap.pop() {
            if distance >= best {
                break;
            }
            if distance > self.distance(x) {
                continue;
            }
            let price = net.price[x as usize];
            for &(r, value) in &columns[x as usize] {
                let key = distance - (value - price);
                if net.panel(r as usize).iter().any(|p| p.expert == x) {
                    continue;
                }
                let new = net.place(r as usize, x, value);
                let full_group = net.full_group(r as usize, new.group);
                let full_class = net.full_class(r as usize, new.class());
                if !full_group && !full_class && !self.enter(r, key) {
                    continue;
                }
                for s in 0..net.rows[r as usize].size {
                    let y = net.panel(r as usize)[s];
                    if (full_group && y.group != new.group)
                        || (full_class && (y.expert == NOBODY || y.class() != new.class()))
                    {
                        continue;
                    }
                    let reached = key + net.net(&y);
                    if reached >= best {
                        continue;
                    }
                    if y.expert == NOBODY {
                        best = reached;
                        end = End::Open(r, x);
                        continue;
                    }
                    if reached >= self.distance(y.expert) {
                        continue;
                    }
                    self.label(y.expert, reached, x, r, value);
                    let k = net.holders[y.expert as usize].len();
                    let last = net.slot_price(y.expert as usize, k - 1);
                    let there = reached + (net.price[y.expert as usize] - last).max(0);
                    if there < best {
                        best = there;
                        end = End::Expert(y.expert);
                    }
                }
            }
        }
        for &e in &self.touched {
            net.price[e as usize] -= (best - self.experts[e as usize].distance).max(0);
        }
        let mut at = match end {
            End::Expert(e) => e,
            End::Open(r, x) => {
                let value = value_in(&columns[x as usize], r);
                let new = net.place(r as usize, x, value);
                net.replace(r as usize, NOBODY, new);
                x
            }
        };
        while at != source as u32 {
            let Label {
                request,
                expert,
                value,
                ..
            } = self.experts[at as usize];
            let new = net.place(request as usize, expert, value);
            net.replace(request as usize, at, new);
            at = expert;
        }
        net.columns = Some(columns);
    }
}

fn value_in(column: &[(u32, i64)], r: u32) -> i64 {
    column.iter().find(|c| c.0 == r).map_or(0, |c| c.1)
}
