//! Ties, broken below the last digit: every score is multiplied by `scale`, and what is added to it
//! (a lighter load first, then a seeded order) stays below one millionth over the whole problem.

use super::model::{MAX_PRICE, Problem};

/// Loads above this many places count as equal for ties.
const LOADS: i64 = 16;

#[derive(Debug, Clone)]
pub(super) struct Ties {
    pub scale: i64,
    load_price: i64,
    load_step: i64,
    order_bits: u32,
    seed: u64,
    /// What the scale was made for.
    largest: i64,
    places: u64,
}

/// `SplitMix64`'s finaliser: spreads a number over all bits.
pub(super) fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// The most one place can be worth or cost, in millionths.
fn largest(problem: &Problem) -> i64 {
    let rows = (0..problem.pairs.rows()).flat_map(|r| problem.pairs.row(r));
    let score = rows.map(|p| p.score.unsigned_abs()).max().unwrap_or(0);
    let open = problem
        .requests
        .iter()
        .map(|r| r.unfilled_price)
        .max()
        .unwrap_or(0);
    let served = problem
        .experts
        .iter()
        .map(|e| i64::from(e.service) + i64::from(e.capacity));
    let load = problem
        .load_price
        .saturating_mul(served.max().unwrap_or(0) + 1);
    let most = i64::from(score)
        .saturating_add(problem.stability_price)
        .saturating_add(open);
    most.saturating_add(load).clamp(1, 4 * MAX_PRICE)
}

impl Ties {
    pub fn new(problem: &Problem, seed: u64) -> Self {
        Self::with_room(problem, seed, 1)
    }

    /// The same with room for weights up to `most`.
    pub fn with_room(problem: &Problem, seed: u64, most: i64) -> Self {
        // Whole sums of a path stay far below 2^63; totals are summed in 128 bits.
        let largest = largest(problem);
        let room = (1i64 << 58) / largest / most;
        let scale = 1i64 << room.clamp(1, 1 << 40).ilog2();
        let places = i64::try_from(problem.places()).unwrap_or(i64::MAX).max(1);
        let strict = scale / (64 * LOADS) / places.saturating_mul(places);
        let (order_bits, load_step) = if strict >= 256 {
            // One place less outweighs the order of all places together.
            (strict.ilog2(), (2 * places) << strict.ilog2())
        } else {
            match (scale / (8 * LOADS) / places).checked_ilog2() {
                Some(bits) => (bits, 2 << bits),
                None => (0, 0),
            }
        };
        let load_price = problem.load_price * scale;
        let (largest, places) = (most * largest, problem.places());
        Self {
            scale,
            load_price,
            load_step,
            order_bits,
            seed: mix(seed),
            largest,
            places,
        }
    }

    /// The same scale for a problem with every tie left open.
    pub fn unbroken(&self, problem: &Problem) -> Self {
        let load_price = problem.load_price * self.scale;
        Self {
            load_price,
            load_step: 0,
            order_bits: 0,
            ..self.clone()
        }
    }

    /// Whether a grown problem still fits the scale: sums stay in range, and ties below a millionth.
    pub fn still_fit(&self, problem: &Problem) -> bool {
        largest(problem) <= self.largest && problem.places() <= self.places + self.places / 2
    }

    /// The part of a request in its pairs' order.
    pub fn row(&self, key: u64) -> u64 {
        mix(key ^ self.seed)
    }

    /// The seeded order of a pair, from its request's part and the expert's.
    pub fn of(&self, row: u64, expert: u64) -> i64 {
        let spread = (row ^ expert).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((spread >> 32) & ((1 << self.order_bits) - 1)) as i64
    }

    /// The most a pair of this score can be worth.
    pub fn most(&self, score: i32) -> i64 {
        i64::from(score) * self.scale + (1 << self.order_bits)
    }

    /// Price of the place after `before` others.
    pub fn load(&self, before: i64) -> i64 {
        self.load_price * before + self.load_step * before.min(LOADS)
    }

    /// A price that keeps an expert off every panel.
    pub fn closed(&self, problem: &Problem) -> i64 {
        (2 * self.largest.max(largest(problem)) + 2) * self.scale
    }
}
