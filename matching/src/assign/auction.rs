//! The warm start: overloaded experts raise their price until enough requests prefer another.
//!
//! Unlike an auction with a fixed increment this keeps every panel a best bid: the price rises to
//! the level at which the first winner would leave too. Only with a further `step` on top, which is
//! much faster where capacity is short, must all bids be made again afterwards.

use std::cmp::Reverse;
use std::collections::VecDeque;

use super::network::{NOBODY, Network, Place};

/// Settles what can be settled cheaply, in at most so many moves; experts still overloaded
/// afterwards need the search.
pub(super) fn raise_prices(net: &mut Network, moves: usize, step: i64) {
    let mut queue: VecDeque<u32> = (0..net.price.len() as u32)
        .filter(|&e| net.overloaded(e as usize))
        .collect();
    let mut left = moves;
    // What each holder would pay above the price, and whom it would take instead.
    let mut offers: Vec<(i64, u32, Place)> = Vec::new();
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
            offers.push((net.net(&own) - other, r, place));
        }
        offers.sort_unstable_by_key(|o| (Reverse(o.0), o.1));
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
            if highest + step == 0 {
                break;
            }
            net.price[e] += highest.min(net.closed).max(lowest) + step;
            for &(_, r, place) in &offers[keep..] {
                net.replace(r as usize, e as u32, place);
                if place.expert != NOBODY && net.overloaded(place.expert as usize) {
                    queue.push_back(place.expert);
                }
            }
            break;
        }
    }
}
