//! What is seen over all bodies at once: the weekly digest for those who act for a unit, and the report
//! on a period. Bodies tell through their faces ([`crate::accounts::HomeSource`],
//! [`crate::units::FigureSource`]); nothing here knows one of them.

mod digest;
mod mails;
pub mod pages;
mod paper;
mod picture;
mod report;

pub use digest::Digest;
pub use mails::register;
