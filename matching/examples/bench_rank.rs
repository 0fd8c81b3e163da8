//! Measures indexing and queries at scale: `bench_rank [EXPERTS [QUERIES]]`.
//!
//! Experts are mixed from the clauses and keywords of the sample experts, with terms made of the
//! halves of two keywords, so that the vocabulary grows with the pool as it does in life.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the real clock"
)]

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "shared with others; a part of it is used here")]
mod support;

use std::hint::black_box;
use std::time::{Duration, Instant};

use matching::evaluate::PoolExpert;
use matching::relevance::{ExpertText, Index, RequestText, Synonyms, Weights};

/// SplitMix64, so that every run measures the same pool.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 16) as usize % bound
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

fn pool(sample: &[PoolExpert], count: usize) -> Vec<ExpertText> {
    let mut random = Random(1);
    let keywords: Vec<Vec<char>> = sample
        .iter()
        .flat_map(|expert| &expert.text.keywords)
        .map(|keyword| keyword.chars().collect())
        .collect();
    let clauses: Vec<&str> = sample
        .iter()
        .flat_map(|expert| expert.text.bio.split(['，', '。', '、']))
        .filter(|clause| !clause.is_empty())
        .collect();
    let works: Vec<&str> = sample
        .iter()
        .flat_map(|expert| &expert.text.works)
        .map(String::as_str)
        .collect();
    let codes: Vec<_> = sample
        .iter()
        .flat_map(|expert| &expert.text.domains)
        .collect();
    let term = |random: &mut Random| -> String {
        let (head, tail) = (
            random.pick(&keywords).clone(),
            random.pick(&keywords).clone(),
        );
        head[..head.len().div_ceil(2)]
            .iter()
            .chain(&tail[tail.len() / 2..])
            .collect()
    };
    let units: Vec<String> = (0..count / 20 + 1)
        .map(|_| format!("中国{}协会", term(&mut random)))
        .collect();
    (0..count)
        .map(|_| ExpertText {
            unit_scope: random.pick(&units).clone(),
            domains: (0..3).map(|_| (*random.pick(&codes)).clone()).collect(),
            keywords: (0..8).map(|_| term(&mut random)).collect(),
            works: (0..3)
                .map(|_| format!("《{}》{}", term(&mut random), random.pick(&works)))
                .collect(),
            bio: (0..5)
                .map(|_| format!("{}，{}。", random.pick(&clauses), term(&mut random)))
                .collect(),
        })
        .collect()
}

/// Resident memory now and at its peak, in MB, where the system tells.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let megabytes = |key: &str| {
        let line = status.lines().find(|line| line.starts_with(key))?;
        line.split_whitespace()
            .nth(1)?
            .parse::<u64>()
            .ok()
            .map(|kilobytes| kilobytes / 1024)
    };
    format!(
        "{:?} MB, peak {:?} MB",
        megabytes("VmRSS"),
        megabytes("VmHWM")
    )
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!(
        "{name}: median {:?}, p99 {:?}, worst {:?}",
        at(50),
        at(99),
        at(100)
    );
}

fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        .filter_map(|argument| argument.parse().ok());
    let count = arguments.next().unwrap_or(100_000);
    let queries = arguments.next().unwrap_or(1_000);
    let sample = support::experts();
    let experts = if count <= sample.len() {
        sample
            .iter()
            .take(count)
            .map(|expert| expert.text.clone())
            .collect()
    } else {
        pool(&sample, count)
    };
    println!("{count} experts made, memory {}", memory());
    let start = Instant::now();
    let index = Index::build(&experts, &Weights::default(), &Synonyms::starting());
    println!("index: {:?}, memory {}", start.elapsed(), memory());
    drop(experts);

    let requests: Vec<RequestText> = support::with_domains(support::cases())
        .into_iter()
        .map(|case| case.request)
        .collect();
    // The first explanation loads the dictionary of words, once per process.
    black_box(index.rank(&requests[0], 10));
    let time = |ask: &dyn Fn(&RequestText)| -> Vec<Duration> {
        let asked = (0..queries).map(|query| &requests[query % requests.len()]);
        asked
            .map(|request| {
                let start = Instant::now();
                ask(request);
                start.elapsed()
            })
            .collect()
    };
    report(
        "scores of all",
        time(&|request| drop(black_box(index.scores(request)))),
    );
    report(
        "best 10 with reasons",
        time(&|request| drop(black_box(index.rank(request, 10)))),
    );
    println!("memory {}", memory());
}
