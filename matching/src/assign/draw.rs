//! 随机抽取: a draw among the qualified that everybody can check.
//!
//! When a request is filed, the server publishes the SHA-256 of a nonce it keeps ([`commit`]). The
//! requester adds a contribution of their own. The seed is the SHA-256 of both, so neither side can
//! choose it. Afterwards the nonce is shown and anybody replays the draw from the record.
//!
//! A draw takes the requests in the order of the list and each one's qualified experts in a shuffled
//! order; whoever fits takes a place. "Qualified" is: listed, relevant enough, with a place left, and
//! on a panel the rules of unit and kind still allow.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::model::{Invalid, Kind, Link, Problem};

/// Name and version of the procedure; any change to it must change this.
pub const ALGORITHM: &str = "expert-pool draw 1: sha256 counter, rejection sampling, fisher-yates";

/// Everything needed to draw again, except the problem itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// [`ALGORITHM`] at the time of the draw.
    pub algorithm: String,
    /// SHA-256 of the nonce, published beforehand, in hexadecimal.
    pub commitment: String,
    /// The server's nonce, in hexadecimal; shown after the draw.
    pub nonce: String,
    /// What the requester contributed, as given.
    pub contribution: String,
    /// SHA-256 of the problem drawn from, in hexadecimal.
    pub snapshot: String,
}

/// A draw and how likely it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draw {
    /// Experts of each request, fixed ones first, then in the order drawn.
    pub panels: Vec<Vec<usize>>,
    /// Everybody each request could draw from, in the order drawn: those who took a place and those
    /// who come next, one after the other, when a place becomes empty.
    pub orders: Vec<Vec<usize>>,
    /// Places left open, by request.
    pub unfilled: Vec<u32>,
    /// For replaying.
    pub record: Record,
}

/// Why a draw or a replay is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refused {
    /// The problem cannot be read.
    Problem {
        /// What is wrong with it.
        reason: Invalid,
    },
    /// The record was made by another procedure.
    Algorithm,
    /// The nonce does not match the commitment.
    Commitment,
    /// The problem is not the one drawn from.
    Snapshot,
    /// The record is not hexadecimal where it must be.
    Malformed,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem { reason } => reason.fmt(f),
            Self::Algorithm => write!(f, "drawn by another procedure; this one is “{ALGORITHM}”"),
            Self::Commitment => write!(f, "the nonce does not belong to the published commitment"),
            Self::Snapshot => write!(f, "the pool is not the one that was drawn from"),
            Self::Malformed => write!(f, "the nonce is not hexadecimal"),
        }
    }
}

impl std::error::Error for Refused {}

/// The commitment to a nonce: its SHA-256 in hexadecimal.
#[must_use]
pub fn commit(nonce: &[u8]) -> String {
    hex(&Sha256::digest(nonce))
}

/// SHA-256 over everything a draw depends on, in hexadecimal.
#[must_use]
pub fn snapshot(problem: &Problem) -> String {
    let mut hash = Sha256::new();
    let mut number = |x: u64| hash.update(x.to_be_bytes());
    number(problem.experts.len() as u64);
    for e in &problem.experts {
        number(u64::from(e.capacity));
        number(u64::from(e.unit));
        number(e.kind as u64);
        number(e.key);
    }
    number(problem.requests.len() as u64);
    for (r, wanted) in problem.requests.iter().enumerate() {
        number(wanted.key);
        for x in [
            wanted.demand,
            wanted.max_per_unit,
            wanted.min_technical,
            wanted.min_standardization,
        ] {
            number(u64::from(x));
        }
        let mut row: Vec<_> = problem.pairs.row(r).to_vec();
        row.sort_unstable_by_key(|p| p.expert);
        number(row.len() as u64);
        for p in row {
            number(u64::from(p.expert));
            number(i64::from(p.score) as u64);
        }
    }
    let mut fixed = problem.fixed.clone();
    fixed.sort_unstable();
    for Link { request, expert } in fixed {
        number(request as u64);
        number(expert as u64);
    }
    number(i64::from(problem.min_relevance) as u64);
    hex(&hash.finalize())
}

/// Draws for all requests.
///
/// # Errors
/// If the problem cannot be read.
pub fn draw(problem: &Problem, nonce: &[u8], contribution: &str) -> Result<Draw, Refused> {
    problem
        .check()
        .map_err(|reason| Refused::Problem { reason })?;
    let mut dice = Dice::new(nonce, contribution);
    let mut panels = vec![Vec::new(); problem.requests.len()];
    let mut free: Vec<u32> = problem.experts.iter().map(|e| e.capacity).collect();
    for link in &problem.fixed {
        panels[link.request].push(link.expert);
        free[link.expert] = free[link.expert].saturating_sub(1);
    }
    let mut unfilled = Vec::with_capacity(panels.len());
    let mut orders = Vec::with_capacity(panels.len());
    for (r, panel) in panels.iter_mut().enumerate() {
        let mut hat = qualified(problem, r, panel, &free);
        dice.shuffle(&mut hat);
        for &e in &hat {
            if may_sit(problem, r, e, panel) {
                panel.push(e);
                free[e] -= 1;
            }
        }
        orders.push(hat);
        let open = (problem.requests[r].demand as usize).saturating_sub(panel.len());
        unfilled.push(open as u32);
    }
    let record = Record {
        algorithm: ALGORITHM.to_owned(),
        commitment: commit(nonce),
        nonce: hex(nonce),
        contribution: contribution.to_owned(),
        snapshot: snapshot(problem),
    };
    Ok(Draw {
        panels,
        orders,
        unfilled,
        record,
    })
}

/// Draws again from a record.
///
/// # Errors
/// If the record does not belong to this problem, this procedure, or its own commitment.
pub fn replay(problem: &Problem, record: &Record) -> Result<Draw, Refused> {
    let nonce = unhex(&record.nonce).ok_or(Refused::Malformed)?;
    if record.algorithm != ALGORITHM {
        return Err(Refused::Algorithm);
    }
    if record.commitment != commit(&nonce) {
        return Err(Refused::Commitment);
    }
    let again = draw(problem, &nonce, &record.contribution)?;
    if again.record.snapshot != record.snapshot {
        return Err(Refused::Snapshot);
    }
    Ok(again)
}

/// Experts a request may draw from, in an order that does not depend on the list's.
pub(super) fn qualified(problem: &Problem, r: usize, panel: &[usize], free: &[u32]) -> Vec<usize> {
    let row = problem
        .pairs
        .row(r)
        .iter()
        .filter(|p| p.score >= problem.min_relevance);
    let mut hat: Vec<usize> = row
        .map(|p| p.expert as usize)
        .filter(|&e| free[e] > 0 && may_sit(problem, r, e, panel))
        .collect();
    hat.sort_by_key(|&e| (problem.experts[e].key, e));
    hat
}

/// Whether the panel has room for another of the expert's unit and kind.
pub(super) fn may_sit(problem: &Problem, r: usize, e: usize, panel: &[usize]) -> bool {
    let (wanted, expert) = (&problem.requests[r], &problem.experts[e]);
    let same = panel
        .iter()
        .filter(|&&p| problem.experts[p].unit == expert.unit)
        .count();
    let room = |kind: Kind, minimum: u32| {
        let others = panel
            .iter()
            .filter(|&&p| problem.experts[p].kind != kind)
            .count();
        expert.kind == kind || others < (wanted.demand - minimum) as usize
    };
    panel.len() < wanted.demand as usize
        && same < wanted.max_per_unit as usize
        && !panel.contains(&e)
        && room(Kind::Technical, wanted.min_technical)
        && room(Kind::Standardization, wanted.min_standardization)
}

/// Random numbers from a seed, the same on every machine: SHA-256 of seed and counter.
struct Dice {
    seed: [u8; 32],
    counter: u64,
}

impl Dice {
    fn new(nonce: &[u8], contribution: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update((nonce.len() as u64).to_be_bytes());
        hash.update(nonce);
        hash.update(contribution.as_bytes());
        Self {
            seed: hash.finalize().into(),
            counter: 0,
        }
    }

    fn next(&mut self) -> u64 {
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(self.counter.to_be_bytes());
        self.counter += 1;
        let digest = hash.finalize();
        digest
            .iter()
            .take(8)
            .fold(0, |x, &byte| x << 8 | u64::from(byte))
    }

    /// A number below `bound`, each as likely.
    fn below(&mut self, bound: u64) -> u64 {
        let fair = u64::MAX - u64::MAX % bound;
        loop {
            let x = self.next();
            if x < fair {
                return x % bound;
            }
        }
    }

    fn shuffle(&mut self, list: &mut [usize]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

/// Bytes as hexadecimal text.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes of hexadecimal text.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || text.len() % 2 == 1 {
        return None;
    }
    let pairs = (0..text.len()).step_by(2);
    pairs
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok())
        .collect()
}
