//! The warm start: overloaded experts raise their price until enough requests prefer another.
//!
//! Unlike an auction with a fixed increment this keeps every panel a best bid: the price rises to
//! a level between the one at which the last loser leaves and the one at which the first winner would.

use super::network::{NOBODY, Network, Place};

/// Settles what can be settled cheaply; experts still overloaded afterwards need the search.
pub(super) fn raise_prices(net: &mut Network, moves: usize) {
    let mut queue: std::collections::VecDeque<u32> = (0..net.price.len() as u32)
        .filter(|&e| net.overloaded(e as usize))
        .collect();
    let mut left = moves;
    let mut offers: Vec<(i64, u32, Place, i64)> = Vec::new();
    while let Some(e) = queue.pop_front() {
        let e = e as usize;
        if !net.overloaded(e) {
            continue;
        }
        let held = net.holders[e].len();
        if left < held {
            return;
        }
        left -= held;
        offers.clear();
        for h in 0..held {
            let r = net.holders[e][h];
            let Some(&own) = net
                .panel(r as usize)
                .iter()
                .find(|p| p.expert as usize == e)
            else {
                continue;
            };
            let (other, place) = net.substitute(r as usize, &own);
            offers.push((net.net(&own) - other, r, place, own.value));
        }
        offers.sort_unstable_by_key(|o| (std::cmp::Reverse(o.0), o.1));
        let price = net.price[e];
        // Keep as many as the slots allow at a price that exactly so many are willing to pay.
        for keep in (0..=held).rev() {
            let slot = |i: usize| net.slot_price(e, i) - price;
            let lowest = match (offers.get(keep), keep.checked_sub(1)) {
                (Some(o), Some(last)) => o.0.max(slot(last)),
                (Some(o), None) => o.0,
                (None, Some(last)) => slot(last),
                (None, None) => 0,
            }
            .max(0);
            let highest = match keep.checked_sub(1) {
                Some(last) => offers[last].0.min(slot(keep)),
                None => slot(0),
            };
            if lowest > highest {
                continue;
            }
            if highest == 0 {
                break;
            }
            net.price[e] += lowest + (highest.min(net.closed) - lowest).max(0) / 2;
            for &(_, r, place, _) in &offers[keep..] {
                net.replace(r as usize, e as u32, place);
                if place.expert != NOBODY && net.overloaded(place.expert as usize) {
                    queue.push_back(place.expert);
                }
            }
            break;
        }
    }
}
