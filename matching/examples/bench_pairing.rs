//! Seconds for visits of 100 units, 500 offers and 500 wishes: relevance of all pairs of texts, then
//! the pairing with every pair allowed, and with one in eight.

#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::time::Instant;

use matching::{
    pairing::{Offer, Pair, Party, Problem, Wish, solve, verify},
    relevance::{ExpertText, Index, RequestText, Synonyms, Weights},
};

const UNITS: usize = 100;
const SIZE: usize = 500;

/// A small generator of its own, so that every run is the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn problem(one_in: u64) -> Problem {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let parties = (0..UNITS)
        .map(|_| Party {
            balance: numbers.below(13) as i64 - 6,
        })
        .collect();
    let offers: Vec<Offer> = (0..SIZE)
        .map(|_| Offer {
            party: numbers.below(UNITS as u64) as usize,
            rounds: 1 + numbers.below(2) as u32,
        })
        .collect();
    let wishes = (0..SIZE)
        .map(|_| {
            let party = numbers.below(UNITS as u64) as usize;
            let pairs = (0..SIZE)
                .filter_map(|offer| {
                    let allowed = offers[offer].party != party && numbers.below(one_in) == 0;
                    allowed.then(|| Pair {
                        offer,
                        score: 30_000 + numbers.below(600_000) as i64,
                    })
                })
                .collect();
            Wish { party, pairs }
        })
        .collect();
    Problem {
        parties,
        offers,
        wishes,
        unmet_price: 10_000_000,
        balance_price: 20_000,
    }
}

/// Texts of the labelled requests, over and over.
const TEXTS: &str = include_str!("../data/requests_zh.csv");

fn relevance() {
    let mut reader = csv::Reader::from_reader(TEXTS.as_bytes());
    let texts: Vec<_> = reader
        .records()
        .map(|row| row.expect("sound data"))
        .map(|row| (row[1].to_owned(), row[2].to_owned()))
        .collect();
    let of = |number: usize| &texts[number % texts.len()];
    let start = Instant::now();
    let offers: Vec<_> = (0..SIZE)
        .map(|number| ExpertText {
            works: vec![of(number).0.clone(), of(number).1.clone()],
            ..ExpertText::default()
        })
        .collect();
    let index = Index::build(&offers, &Weights::default(), &Synonyms::starting());
    let mut sum = 0u64;
    for number in 0..SIZE {
        let request = RequestText {
            title: of(number * 7 + 3).0.clone(),
            body: of(number * 7 + 3).1.clone(),
            ..RequestText::default()
        };
        sum += index
            .scores(&request)
            .into_iter()
            .map(u64::from)
            .sum::<u64>();
    }
    println!(
        "relevance of {SIZE} x {SIZE}: {:.3} s, mean {}",
        start.elapsed().as_secs_f64(),
        sum / (SIZE * SIZE) as u64
    );
}

fn main() {
    relevance();
    for one_in in [1, 8] {
        let problem = problem(one_in);
        let pairs: usize = problem.wishes.iter().map(|wish| wish.pairs.len()).sum();
        let start = Instant::now();
        let solution = solve(&problem).expect("a sound problem");
        let solved = start.elapsed();
        let proved = verify(&problem, &solution.chosen, &solution.prices).expect("a sound answer");
        let met = solution.chosen.iter().flatten().count();
        println!(
            "{pairs} pairs: {met} met, gap {}, solved {:.3} s, checked {:.3} s",
            proved.gap(),
            solved.as_secs_f64(),
            (start.elapsed() - solved).as_secs_f64()
        );
    }
}
