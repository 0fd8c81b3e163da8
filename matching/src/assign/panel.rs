//! Panels of the network: what their rules allow, bids, and exchanges of places.

use super::model::Kind;
use super::network::{NOBODY, Network, Place};

impl Network {
    /// Whether the panel has no room for another of the group.
    pub fn full_group(&self, r: usize, group: u32) -> bool {
        let row = &self.rows[r];
        if row.limit >= row.size + row.taken.len() {
            return false;
        }
        let seated = self.panel(r).iter().filter(|p| p.group == group).count();
        seated + row.taken.iter().filter(|&&u| u == group >> 2).count() >= row.limit
    }

    /// Whether the panel has no room for another of the class.
    pub fn full_class(&self, r: usize, class: usize) -> bool {
        let row = &self.rows[r];
        row.composed
            && self
                .panel(r)
                .iter()
                .filter(|p| p.expert != NOBODY && p.class() == class)
                .count()
                >= row.rooms[class]
    }

    /// The best candidates of a row in order, as far as they are sorted yet.
    pub fn sorted(&self, r: usize) -> &[Place] {
        let row = &self.rows[r];
        &self.candidates[row.start..row.start + row.sorted]
    }

    /// Sorts more candidates of a row; false if all are.
    pub fn sort_more(&mut self, r: usize) -> bool {
        let row = &mut self.rows[r];
        if row.sorted == row.len {
            return false;
        }
        let to = row.len.min((2 * row.sorted).max(24));
        let rest = &mut self.candidates[row.start + row.sorted..row.start + row.len];
        let take = to - row.sorted;
        let best_first = |p: &Place| (std::cmp::Reverse(p.value), p.expert);
        if take < rest.len() {
            rest.select_nth_unstable_by_key(take, best_first);
        }
        rest[..take].sort_unstable_by_key(best_first);
        row.sorted = to;
        true
    }

    /// Gives a request the best panel at the present prices. Returns the experts it left.
    pub fn bid(&mut self, r: usize) -> Vec<u32> {
        self.moved.push(r as u32);
        let best = self.best_panel(r);
        let (seats, size) = (self.rows[r].seats, self.rows[r].size);
        let mut left = Vec::new();
        for at in seats..seats + size {
            let old = self.seats[at].expert;
            if old != NOBODY && best.iter().all(|p| p.expert != old) {
                self.drop_holder(old, r);
                left.push(old);
            }
        }
        for new in &best {
            let e = new.expert;
            if e != NOBODY && self.panel(r).iter().all(|p| p.expert != e) {
                self.holders[e as usize].push(r as u32);
            }
        }
        self.seats[seats..seats + size].copy_from_slice(&best);
        left
    }

    fn best_panel(&mut self, r: usize) -> Vec<Place> {
        let (size, empty) = (self.rows[r].size, self.rows[r].empty);
        let mut best: Vec<(i64, Place)> = Vec::with_capacity(size + 1);
        let mut i = 0;
        'row: loop {
            if size == 0 {
                break;
            }
            let sorted = self.sorted(r);
            for place in &sorted[i..] {
                let full = best.len() == size;
                let least = if full { best[size - 1].0 } else { empty };
                if place.value <= least {
                    break 'row;
                }
                let net = self.net(place);
                if net <= least {
                    continue;
                }
                let row = &self.rows[r];
                let grouped = best.iter().filter(|b| b.1.group == place.group).count()
                    + row.taken.iter().filter(|&&u| u == place.unit()).count();
                let class = place.class();
                // Who must go is the worst of the narrowest rule that is full.
                let rival = if grouped >= row.limit {
                    best.iter().rposition(|b| b.1.group == place.group)
                } else if row.composed
                    && best.iter().filter(|b| b.1.class() == class).count() >= row.rooms[class]
                {
                    best.iter().rposition(|b| b.1.class() == class)
                } else if full {
                    Some(size - 1)
                } else {
                    Some(size)
                };
                match rival {
                    Some(at) if at == size => {}
                    Some(at) if best[at].0 < net => {
                        best.remove(at);
                    }
                    _ => continue,
                }
                let at = best.partition_point(|b| b.0 >= net);
                best.insert(at, (net, *place));
            }
            i = sorted.len();
            if !self.sort_more(r) {
                break;
            }
        }
        let mut panel: Vec<Place> = best.into_iter().map(|b| b.1).collect();
        panel.resize(size, Self::open(empty));
        panel
    }

    /// Takes an expert who accepted off the free places: the pair no longer moves.
    pub fn fix(&mut self, r: usize, e: u32) {
        let row = &self.rows[r];
        let seats = row.seats..row.seats + row.size;
        let Some(at) = self.seats[seats.clone()].iter().position(|p| p.expert == e) else {
            return;
        };
        self.seats.swap(row.seats + at, seats.end - 1);
        self.drop_holder(e, r);
        self.forbid(r, e);
        let slots = &mut self.slots[e as usize];
        slots.before += 1;
        slots.free = slots.free.saturating_sub(1);
        let (unit, kind) = (self.unit[e as usize], self.kind[e as usize]);
        let row = &mut self.rows[r];
        row.size -= 1;
        row.taken.push(unit);
        for (class, counted) in [
            (1, kind != Kind::Standardization),
            (2, kind != Kind::Technical),
            (3, true),
        ] {
            if counted {
                row.rooms[class] = row.rooms[class].saturating_sub(1);
            }
        }
    }

    /// Removes a request from an expert's holders.
    pub fn drop_holder(&mut self, e: u32, r: usize) {
        let holders = &mut self.holders[e as usize];
        if let Some(at) = holders.iter().position(|&h| h as usize == r) {
            holders.swap_remove(at);
        }
    }

    /// Puts `new` (or nobody) in the place of `old` (or of an open place) on a panel.
    pub fn replace(&mut self, r: usize, old: u32, new: Place) {
        self.moved.push(r as u32);
        let row = &self.rows[r];
        let seats = &mut self.seats[row.seats..row.seats + row.size];
        if let Some(seat) = seats.iter_mut().find(|p| p.expert == old) {
            *seat = new;
        }
        if old != NOBODY {
            self.drop_holder(old, r);
        }
        if new.expert != NOBODY {
            self.holders[new.expert as usize].push(r as u32);
        }
    }

    /// The best candidate that could come when `leaver` goes, with its net value.
    pub fn substitute(&mut self, r: usize, leaver: &Place) -> (i64, Place) {
        let mut best = (self.rows[r].empty, Self::open(self.rows[r].empty));
        let mut i = 0;
        loop {
            let sorted = self.sorted(r);
            for place in &sorted[i..] {
                if place.value <= best.0 {
                    return best;
                }
                let net = place.value - self.price[place.expert as usize];
                if net > best.0 && self.may_replace(r, leaver, place) {
                    best = (net, *place);
                }
            }
            i = sorted.len();
            if !self.sort_more(r) {
                return best;
            }
        }
    }

    /// Whether the rules of the panel let `new` come when `leaver` goes.
    pub fn may_replace(&self, r: usize, leaver: &Place, new: &Place) -> bool {
        self.panel(r).iter().all(|p| p.expert != new.expert)
            && (new.group == leaver.group || !self.full_group(r, new.group))
            && (!self.rows[r].composed
                || new.class() == leaver.class()
                || !self.full_class(r, new.class()))
    }
}
