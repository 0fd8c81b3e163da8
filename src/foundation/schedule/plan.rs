//! The jobs of the service with their timetables.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    job::{Job, Rule},
    timetable::Timetable,
};
use crate::foundation::error::{Error, Result};

/// The jobs of the service with their timetables.
#[derive(Default)]
pub struct Schedule {
    pub(super) planned: Vec<Planned>,
}

pub(super) struct Planned {
    pub(super) rule: Rule,
    pub(super) timetable: Timetable,
    pub(super) job: Arc<dyn Job>,
}

impl std::fmt::Debug for Schedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.rules()).finish()
    }
}

impl Schedule {
    /// Reads the rules of `jobs` on the clocks of `zone`.
    ///
    /// # Errors
    /// When a rule is malformed, or two have one name.
    pub fn new(jobs: Vec<Arc<dyn Job>>, zone: Tz) -> Result<Self> {
        let mut planned: Vec<Planned> = Vec::new();
        for job in jobs {
            let rule = job.rule();
            if planned.iter().any(|other| other.rule.name == rule.name) {
                return Err(Error::internal(format!(
                    "two jobs are called {}",
                    rule.name
                )));
            }
            planned.push(Planned {
                rule,
                timetable: Timetable::new(rule.cron, zone)?,
                job,
            });
        }
        Ok(Self { planned })
    }

    /// The rules, in the order given.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.planned.iter().map(|planned| &planned.rule)
    }

    /// When the rule of that name is due next after `instant`.
    pub fn next(&self, name: &str, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.planned
            .iter()
            .find(|planned| planned.rule.name == name)
            .and_then(|planned| planned.timetable.next(instant))
    }
}
