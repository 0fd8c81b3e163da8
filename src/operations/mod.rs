//! Running the service: which mails left and why others did not, what happened by the clock, which days
//! are worked, and the mailbox of a demonstration.

pub mod addresses;
pub mod backup;
pub mod bounces;
pub mod calendar;
pub mod health;
mod home;
pub mod mail_controls;
pub mod mail_page;
pub mod mailbox;
pub mod mails;
mod query;
pub mod runs;
mod words;

pub use home::OperationsHome;
use std::sync::Arc;

use crate::foundation::{config::Config, schedule::Job};

/// What operations do by the clock, as far as the configuration asks for it.
pub fn jobs(config: &Config) -> Vec<Arc<dyn Job>> {
    let mut jobs: Vec<Arc<dyn Job>> = Vec::new();
    if !config.mail.bounce_maildir.is_empty() {
        jobs.push(Arc::new(bounces::Bounces));
    }
    if !config.backup.folder.is_empty() {
        jobs.push(Arc::new(backup::Backup));
    }
    jobs
}
