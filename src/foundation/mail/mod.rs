//! Mail: an outbox in the database, letters made from facts, and delivery at least once.
//!
//! A body writes a [`Template`] for each kind of mail and calls [`outbox::enqueue`] inside the write
//! that causes it; the mail exists exactly when that write does.

mod letter;
pub mod outbox;
mod registry;

pub use letter::{Block, Letter, LetterDesk, Template};
pub use outbox::{About, Options, Queued, Recipient};
pub use registry::Registry;
