//! 全体成员大会 and 理事会: the yearly assembly and the council's meetings as dated duties, with notice,
//! replies, attendance and minutes; seats in the standing council by application, nomination and a
//! recorded vote; and the reminders of a term that ends.

mod apply;
mod attend;
mod call;
mod cancel;
mod duties;
mod events;
mod home;
mod jobs;
mod mails;
mod minutes;
pub mod pages;
mod papers;
mod plan;
mod remind;
mod reply;
pub mod rules;
mod store;
mod vote;

use crate::foundation::mail::Registry;

pub use call::call;
pub(super) use home::due;
pub(super) use jobs::jobs;
pub use plan::{NewMeeting, plan};

/// Makes the mails of meetings known.
pub(super) fn register(registry: &mut Registry) {
    mails::register(registry);
}
