//! `assign`, `verify`, generated instances and single measurements, for `scripts/bench-matching`.

#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "shared with others; a part of it is used here")]
mod support;

#[path = "made_up/texts.rs"]
mod made_up;

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use matching::assign::dense::solve_rows;
use matching::assign::fair::solve_fair;
use matching::assign::repair::Session;
use matching::assign::verify::verify_rows;
use matching::assign::{Kind, Link, Options, solve, verify};
use matching::files::commands::{Assign, Mode, Source, assign, check};
use matching::files::generate::{Instance, Recipe};
use matching::files::input::Pool;

type Outcome = Result<(), Box<dyn Error>>;

const USAGE: &str = "texts DIR EXPERTS REQUESTS | assign-texts DIR LIMIT OUT CERTIFICATE | verify-texts DIR LIMIT OUT \
CERTIFICATE | joint [strict] | generate DIR RECIPE | assign DIR LIMIT OUT CERTIFICATE | verify DIR LIMIT OUT \
CERTIFICATE | solve DIR LIMIT | repair DIR LIMIT EVENTS | fair DIR [FLOOR] | composed DIR | dense RECIPE
RECIPE: EXPERTS REQUESTS DEMAND CAPACITY dense|sparse|dense-skew|sparse-skew TOPICS; LIMIT 0: none";

fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["generate", folder, rest @ ..] => {
            Ok(Instance::new(recipe(rest)?).write(&PathBuf::from(folder))?)
        }
        ["assign", folder, limit, out, certificate] => {
            let command = Assign {
                max_per_unit: limit_of(limit)?,
                mode: Mode::Best,
                out: out.into(),
                certificate: Some(certificate.into()),
                ..Assign::default()
            };
            let source = Source::Instance(folder.into());
            let report = assign(&source, &command, &Options::default())?;
            println!("{} {}", report.summary.relevance, report.summary.unfilled);
            Ok(())
        }
        ["verify", folder, limit, out, certificate] => {
            let source = Source::Instance(folder.into());
            let (out, certificate) = (PathBuf::from(out), PathBuf::from(certificate));
            println!("{}", check(&source, limit_of(limit)?, &out, &certificate)?);
            Ok(())
        }
        ["solve", folder, limit] => {
            let pool = load(folder, limit)?;
            let started = Instant::now();
            let solution = solve(&pool.problem, &Options::default())?;
            let solved = started.elapsed().as_secs_f64();
            let choice = solution.choice();
            let started = Instant::now();
            let proved = verify(&pool.problem, &choice, &solution.certificate)?;
            let checked = started.elapsed().as_secs_f64();
            println!("{} {} {solved:.4} {checked:.4}", proved.total, proved.bound);
            Ok(())
        }
        ["repair", folder, limit, events] => repair(load(folder, limit)?, events.parse()?),
        ["fair", folder, floor @ ..] => {
            let pool = load(folder, "0")?;
            let floor = floor.first().map(|f| f.parse()).transpose()?;
            let started = Instant::now();
            let fair = solve_fair(&pool.problem, floor, &Options::default())?;
            let seconds = started.elapsed().as_secs_f64();
            let loss = (fair.best_total - fair.solution.total) as f64 / fair.best_total as f64;
            println!(
                "{} {} {:.4} {seconds:.3}",
                fair.worst,
                fair.worst_bound,
                100.0 * loss
            );
            Ok(())
        }
        ["composed", folder] => {
            let mut problem = load(folder, "1")?.problem;
            for (e, expert) in problem.experts.iter_mut().enumerate() {
                let kinds = [Kind::Technical, Kind::Standardization];
                expert.kind = kinds[(e * 0x9E37_79B1) >> 7 & 1];
            }
            for request in &mut problem.requests {
                (request.min_technical, request.min_standardization) = (1, 1);
            }
            let started = Instant::now();
            let solution = solve(&problem, &Options::default())?;
            let seconds = started.elapsed().as_secs_f64();
            verify(&problem, &solution.choice(), &solution.certificate)?;
            let gap = (solution.bound - solution.total) as f64 / solution.total as f64;
            println!(
                "{} {} {:.5} {seconds:.3}",
                solution.total,
                solution.bound,
                100.0 * gap
            );
            Ok(())
        }
        ["texts", folder, experts, requests] => {
            let cases = support::with_domains(support::cases());
            let experts = (experts.parse()?, 4);
            let requests = (requests.parse()?, 3);
            let folder = PathBuf::from(folder);
            Ok(made_up::write(
                &folder,
                &support::experts(),
                &cases,
                experts,
                requests,
            )?)
        }
        ["assign-texts", folder, limit, out, certificate] => {
            let command = Assign {
                max_per_unit: limit_of(limit)?,
                out: out.into(),
                certificate: Some(certificate.into()),
                ..Assign::default()
            };
            let report = assign(&text_files(folder), &command, &Options::default())?;
            let (total, open) = (report.summary.total, report.summary.unfilled);
            println!("{total} {open} {:.0}", peak_megabytes());
            Ok(())
        }
        ["verify-texts", folder, limit, out, certificate] => {
            let (out, certificate) = (PathBuf::from(out), PathBuf::from(certificate));
            let limit = limit_of(limit)?;
            println!("{}", check(&text_files(folder), limit, &out, &certificate)?);
            Ok(())
        }
        ["joint", rest @ ..] => joint(rest == ["strict"]),
        ["dense", rest @ ..] => {
            let instance = Instance::new(recipe(rest)?);
            let problem = instance.problem_without_pairs(1);
            let started = Instant::now();
            let (pairs, solution) = solve_rows(&problem, &instance, &Options::default())?;
            let solved = started.elapsed().as_secs_f64();
            let peak = peak_megabytes();
            let started = Instant::now();
            let (choice, certificate) = (solution.choice(), &solution.certificate);
            let proved = verify_rows(&problem, &instance, &choice, certificate)?;
            let checked = started.elapsed().as_secs_f64();
            let (total, gap) = (proved.total, proved.gap());
            println!(
                "{total} {gap} {solved:.3} {peak:.1} {checked:.3} {}",
                pairs.len()
            );
            Ok(())
        }
        _ => Err(USAGE.into()),
    }
}

fn text_files(folder: &str) -> Source {
    Source::Texts {
        experts: PathBuf::from(folder).join("experts.csv"),
        requests: PathBuf::from(folder).join("requests.csv"),
    }
}

/// One run over everything that is open in a busy year, for 86 experts, two of each of 43 units and one
/// of each kind, who may serve eight times: 200 consultations (three in five advice by one or two
/// experts, the others reviews by five with one who knows the procedure), 50 studies of five with one of
/// each kind, 40 lectures of one. Load and open places have a price. `strict`: every consultation keeps
/// a place for one who knows the procedure, every study two places for each kind.
fn joint(strict: bool) -> Outcome {
    let instance = Instance::new(recipe(&["86", "290", "3", "8", "dense", "16"])?);
    let mut problem = instance.problem(1);
    for (e, expert) in problem.experts.iter_mut().enumerate() {
        expert.unit = e as u32 / 2;
        expert.kind = [Kind::Technical, Kind::Standardization][e % 2];
        expert.service = (e * 7 % 5) as u32;
    }
    for (r, request) in problem.requests.iter_mut().enumerate() {
        let (demand, technical, standardization) = match (strict, r) {
            (true, 0..200) => (3, 0, 1),
            (true, 200..250) => (5, 2, 2),
            (false, 0..200) if r % 5 < 3 => (1 + r as u32 % 2, 0, 0),
            (false, 0..200) => (5, 0, 1),
            (false, 200..250) => (5, 1, 1),
            _ => (1, 0, 0),
        };
        request.demand = demand;
        (request.min_technical, request.min_standardization) = (technical, standardization);
        request.unfilled_price *= 1 + (r % 3) as i64;
    }
    problem.load_price = 2_000;
    problem.min_relevance = 20_000;
    let started = Instant::now();
    let solution = solve(&problem, &Options::default())?;
    let proved = verify(&problem, &solution.choice(), &solution.certificate)?;
    let seconds = started.elapsed().as_secs_f64();
    let gap = 100.0 * proved.gap() as f64 / proved.bound as f64;
    let open: u32 = solution.unfilled.iter().sum();
    println!("{} {gap:.4} {open} {seconds:.4}", problem.places());
    Ok(())
}

fn load(folder: &str, limit: &str) -> Result<Pool, Box<dyn Error>> {
    let limit = limit_of(limit)?.unwrap_or(u32::MAX);
    Ok(Pool::read_instance(&PathBuf::from(folder), limit)?)
}

fn limit_of(text: &str) -> Result<Option<u32>, Box<dyn Error>> {
    Ok(Some(text.parse()?).filter(|&limit| limit > 0))
}

fn recipe(words: &[&str]) -> Result<Recipe, Box<dyn Error>> {
    let [experts, requests, demand, capacity, mode, topics] = words else {
        return Err(USAGE.into());
    };
    Ok(Recipe {
        experts: experts.parse()?,
        requests: requests.parse()?,
        demand: demand.parse()?,
        capacity: capacity.parse()?,
        sparse: mode.starts_with("sparse"),
        skew: mode.ends_with("-skew"),
        topics: topics.parse()?,
        keep: 5,
        seed: 42,
    })
}

/// Declines one after the other, each by somebody else, and times each repair.
fn repair(pool: Pool, events: usize) -> Outcome {
    let mut session = Session::new(pool.problem, &Options::default())?;
    let mut times = Vec::with_capacity(events);
    let mut state = 1u64;
    while times.len() < events {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let request = (state >> 33) as usize % session.panels().len();
        let Some(&expert) = session.panels()[request].first() else {
            continue;
        };
        let started = Instant::now();
        session.decline(Link { request, expert })?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    let repaired = session.solution()?.total;
    let anew = solve(session.problem(), &Options::default())?.total;
    times.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| times[(share * (events - 1) as f64) as usize];
    println!(
        "{repaired} {anew} {:.4} {:.4} {:.4}",
        at(0.5),
        at(0.99),
        at(1.0)
    );
    Ok(())
}

fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|p| p.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0
}
