//! Running the service: which mails left and why others did not, what happened by the clock, which days
//! are worked, and the mailbox of a demonstration.

pub mod calendar;
mod home;
pub mod mail_controls;
pub mod mail_page;
pub mod mailbox;
pub mod mails;
mod query;
pub mod runs;
mod words;

pub use home::OperationsHome;
