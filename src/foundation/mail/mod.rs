//! Mail: an outbox in the database, letters made from facts, and delivery at least once.
//!
//! A body writes a [`Template`] for each kind of mail and calls [`outbox::enqueue`] inside the write
//! that causes it; the mail exists exactly when that write does.

mod letter;
mod message;
pub mod outbox;
mod read;
mod registry;
mod render;

pub use letter::{Block, Letter, LetterDesk, Template};
pub use outbox::{About, Options, Queued, Recipient};
pub use read::{ReadMail, mask_links, read};
pub use registry::Registry;
pub use render::{html, text};
