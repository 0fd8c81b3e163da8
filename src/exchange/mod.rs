//! 交流: people of one unit stay with another to learn and to help (人才互访), units carry a project
//! together (人才合作). The exchange group (交流工作组) brings them together; the units decide.

pub mod cooperation;
mod events;
mod figures;
pub mod forums;
mod history;
mod home;
mod named;
pub mod visits;

use std::sync::Arc;

pub use figures::ExchangeFigures;
pub use home::ExchangeHome;

use crate::foundation::{mail::Registry, schedule::Job};

/// Makes all mails of this body known.
pub fn register_mails(registry: &mut Registry) {
    visits::mails::register(registry);
    cooperation::mails::register(registry);
    forums::mails::register(registry);
}

/// What happens here by the clock.
pub fn jobs() -> Vec<Arc<dyn Job>> {
    let mut jobs = visits::jobs::jobs();
    jobs.extend(cooperation::jobs::jobs());
    jobs.extend(forums::jobs::jobs());
    jobs
}
