//! The commands `assign` and `verify` on files, without a database.

use std::fmt;
use std::path::{Path, PathBuf};

use super::draw_file::DrawFile;
use super::input::Pool;
use super::output;
use super::report::{FairReport, NamedShortage, Report, named};
use super::table::FileError;
use super::texts::Texts;
use crate::assign::dense::{self, Rows};
use crate::assign::draw;
use crate::assign::explain;
use crate::assign::fair::solve_fair;
use crate::assign::shortage;
use crate::assign::{Failure, Options, Pairs, Solution, solve, verify};

/// Where the problem comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `experts.csv`, `requests.csv` and `edges.csv`.
    Edges {
        /// Experts.
        experts: PathBuf,
        /// Requests.
        requests: PathBuf,
        /// Pairs with their scores.
        edges: PathBuf,
    },
    /// `experts.csv` and `requests.csv`; scores are made from their texts.
    Texts {
        /// Experts.
        experts: PathBuf,
        /// Requests.
        requests: PathBuf,
    },
    /// A generator's folder.
    Instance(PathBuf),
}

/// How the experts are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The best total.
    #[default]
    Best,
    /// The weakest request first.
    Fair,
    /// By lot.
    Draw,
}

/// What `assign` is told.
#[derive(Clone, Default)]
pub struct Assign {
    /// At most so many experts of a unit on a panel; no limit if none.
    pub max_per_unit: Option<u32>,
    /// How the experts are chosen.
    pub mode: Mode,
    /// Decides ties, or the draw.
    pub seed: u64,
    /// Where the assignment goes.
    pub out: PathBuf,
    /// Where the certificate goes, if wanted; of a draw, the [`DrawFile`] that it is checked by.
    pub certificate: Option<PathBuf>,
    /// Where the report goes, if wanted.
    pub report: Option<PathBuf>,
}

/// Why a command failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandError {
    /// A file is refused.
    File(FileError),
    /// The run has no answer.
    Run(Failure),
    /// The certificate does not hold.
    Violation(String),
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(e) => e.fmt(f),
            Self::Run(e) => e.fmt(f),
            Self::Violation(reason) => reason.fmt(f),
        }
    }
}

impl std::error::Error for CommandError {}

impl From<FileError> for CommandError {
    fn from(e: FileError) -> Self {
        Self::File(e)
    }
}

impl From<Failure> for CommandError {
    fn from(e: Failure) -> Self {
        Self::Run(e)
    }
}

/// Reads the problem. Of texts, for the best total only the pairs that can matter are kept and solved
/// at once, otherwise all.
fn read(
    source: &Source,
    limit: Option<u32>,
    mode: Mode,
    options: &Options,
) -> Result<(Pool, Option<Solution>), CommandError> {
    let limit = limit.unwrap_or(u32::MAX);
    match source {
        Source::Instance(folder) => Ok((Pool::read_instance(folder, limit)?, None)),
        Source::Edges {
            experts,
            requests,
            edges,
        } => {
            let mut pool = Pool::read(experts, requests, limit)?;
            pool.read_edges(edges)?;
            Ok((pool, None))
        }
        Source::Texts { experts, requests } => {
            let mut pool = Pool::read(experts, requests, limit)?;
            let problem = priced(&pool);
            let rows = Texts::of(&pool);
            if mode != Mode::Best {
                let mut pairs = Pairs::default();
                let mut row = Vec::new();
                for request in 0..pool.requests.len() {
                    row.clear();
                    rows.row(request, &mut row);
                    pairs.push_row(row.iter().copied());
                }
                drop(rows);
                pool.take_pairs(pairs);
                return Ok((pool, None));
            }
            let (pairs, solution) = dense::solve_rows(&problem, &rows, options)?;
            drop(rows);
            pool.problem = problem;
            pool.problem.pairs = pairs;
            Ok((pool, Some(solution)))
        }
    }
}

/// The problem of texts, whose scores are below a million and a bit: every place is wanted.
fn priced(pool: &Pool) -> crate::assign::Problem {
    let mut problem = pool.problem.clone();
    let places = i64::try_from(problem.places()).unwrap_or(i64::MAX);
    let price = places
        .saturating_add(1)
        .saturating_mul(1 << 20)
        .min(1 << 38);
    for (request, priority) in problem.requests.iter_mut().zip(&pool.priorities) {
        request.unfilled_price = price / 8 * (8 + i64::from(5 - priority));
    }
    problem
}

/// Solves and writes. Returns the report.
///
/// # Errors
/// A refused file, an unreadable problem, or a stopped run.
pub fn assign(
    source: &Source,
    command: &Assign,
    options: &Options,
) -> Result<Report, CommandError> {
    let options = Options {
        seed: command.seed,
        ..*options
    };
    let (pool, solved) = read(source, command.max_per_unit, command.mode, &options)?;
    let problem = &pool.problem;
    let (mut fair, mut record) = (None, None);
    let mut file = None;
    let solution = match command.mode {
        Mode::Best => match solved {
            Some(solution) => solution,
            None => solve(problem, &options)?,
        },
        Mode::Fair => {
            let found = solve_fair(problem, None, &options)?;
            fair = Some(FairReport {
                worst: found.worst,
                worst_bound: found.worst_bound,
                proved: found.proved,
                loss: found.best_total - found.solution.total,
            });
            found.solution
        }
        Mode::Draw => {
            let drawn = draw::draw(problem, &command.seed.to_be_bytes(), "");
            let drawn = drawn.map_err(|e| CommandError::Violation(e.to_string()))?;
            let best = solve(problem, &options)?;
            record = Some(drawn.record.clone());
            let solution = crate::assign::fair::with_choice(problem, best, &drawn.panels);
            let about = command.out.display().to_string();
            let (experts, requests) = (&pool.experts, &pool.requests);
            file = Some(DrawFile::of(about, problem, experts, requests, drawn));
            solution
        }
    };
    output::write_assignment(&command.out, &pool, &solution.choice())?;
    match (&command.certificate, &file) {
        (Some(path), Some(file)) => output::write_json(path, file)?,
        (Some(path), None) => output::write_json(path, &solution.certificate)?,
        (None, _) => {}
    }
    let open = pool
        .requests
        .iter()
        .zip(&solution.unfilled)
        .filter(|(_, u)| **u > 0);
    let open: Vec<(String, u32)> = open.map(|(id, &u)| (id.clone(), u)).collect();
    let mut at_fault = None;
    if !open.is_empty() && command.mode != Mode::Draw {
        at_fault = shortage::shortage(problem, &solution, &options)?;
    }
    let report = Report {
        summary: explain::summary(problem, &solution),
        open,
        shortage: at_fault.map(|found| NamedShortage {
            requests: found
                .requests
                .iter()
                .map(|&r| pool.requests[r].clone())
                .collect(),
            experts: found
                .experts
                .iter()
                .map(|&e| pool.experts[e].clone())
                .collect(),
            found,
        }),
        fair,
        draw: record,
    };
    if let Some(path) = &command.report {
        output::write_json(path, &report)?;
    }
    Ok(report)
}

/// Checks an assignment and its certificate. Returns the proved total.
///
/// # Errors
/// A refused file, the first violated condition, or the gap of a choice that is not proved best.
pub fn check(
    source: &Source,
    max_per_unit: Option<u32>,
    assignment: &Path,
    certificate: &Path,
) -> Result<i64, CommandError> {
    let (pool, choice, proof);
    let limit = max_per_unit.unwrap_or(u32::MAX);
    let proved = match source {
        Source::Texts { experts, requests } => {
            let mut texts = Pool::read(experts, requests, limit)?;
            texts.problem = priced(&texts);
            pool = texts;
            let rows = Texts::of(&pool);
            choice = output::read_assignment(assignment, &pool)?;
            proof = output::read_certificate(certificate)?;
            crate::assign::verify::verify_rows(&pool.problem, &rows, &choice, &proof)
        }
        _ => {
            pool = read(source, max_per_unit, Mode::Best, &Options::default())?.0;
            choice = output::read_assignment(assignment, &pool)?;
            proof = output::read_certificate(certificate)?;
            verify(&pool.problem, &choice, &proof)
        }
    };
    let proved = proved.map_err(|v| CommandError::Violation(named(&v, &pool)))?;
    if proved.gap() > 0 {
        let (total, gap) = (proved.total, proved.gap());
        let reason = format!("the total is {total}; a better one could have up to {gap} more");
        return Err(CommandError::Violation(reason));
    }
    Ok(proved.total)
}

/// Draws again from a [`DrawFile`]. Returns it once it has come out the same.
///
/// # Errors
/// A file that is none, or that does not replay.
pub fn replay(path: &Path) -> Result<DrawFile, CommandError> {
    let file: DrawFile = output::read_json(path)?;
    file.replay()
        .map_err(|reason| CommandError::Violation(format!("{}: {reason}", path.display())))?;
    Ok(file)
}
