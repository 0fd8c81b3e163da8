//! What is seen over all bodies at once: the weekly digest for those who act for a unit. Bodies tell
//! through their faces; nothing here knows one of them.

mod digest;
mod mails;

pub use digest::Digest;
pub use mails::register;
