//! A job and its rule.

use chrono::{DateTime, Duration, Utc};
use entity::ids::SlotId;

use crate::foundation::{
    context::{Boxed, Context},
    error::Result,
};

/// Work that happens by the clock.
pub trait Job: Send + Sync {
    /// When it is due.
    fn rule(&self) -> Rule;

    /// Does the work of one slot. A run that broke off is done again, so the work must bear that:
    /// what it writes carries unique keys, as mails do.
    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>>;
}

/// When a job is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable name, `body.what`: the ledger is kept by it.
    pub name: &'static str,
    /// The job in words, for the ledger page.
    pub label: &'static str,
    /// Six fields with names of weekdays (`0 30 8 * * Mon-Fri`: second, minute, hour, day, month,
    /// weekday), read on the clocks of the office.
    pub cron: &'static str,
    /// What happens to slots that passed while nothing ran.
    pub catch_up: CatchUp,
    /// A slot older than this is not worth running any more.
    pub max_age: Duration,
}

/// What happens to slots that passed while nothing ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatchUp {
    /// They are left out.
    None,
    /// The latest of them is run, if it is not too old.
    Latest,
}

/// One firing of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its row in the ledger.
    pub id: SlotId,
    /// The instant by the rule: work by this, not by the time at which the run begins.
    pub due_at: DateTime<Utc>,
    /// 1 for the first try.
    pub attempt: i32,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Things done, for the ledger.
    pub handled: i32,
    /// A line for the ledger; may be empty.
    pub note: String,
}

impl Outcome {
    /// So many things done.
    pub fn handled(count: usize) -> Self {
        Self {
            handled: i32::try_from(count).unwrap_or(i32::MAX),
            note: String::new(),
        }
    }
}
