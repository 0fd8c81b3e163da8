//! Measures indexing and queries at scale: `bench_rank [EXPERTS [QUERIES]]`.
//!
//! The experts are made up by `made_up/texts.rs`.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the real clock"
)]

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "shared with others; a part of it is used here")]
mod support;

#[path = "made_up/texts.rs"]
#[expect(dead_code, reason = "shared with others; a part of it is used here")]
mod made_up;

use std::hint::black_box;
use std::time::{Duration, Instant};

use matching::relevance::{Index, RequestText, Synonyms, Weights};

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
        made_up::pool(&sample, count)
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
