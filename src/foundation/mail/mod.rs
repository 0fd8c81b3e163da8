//! Mail: an outbox in the database, letters made from facts, and delivery at least once.
//!
//! A body writes a [`Template`] for each kind of mail and calls [`outbox::enqueue`] inside the write
//! that causes it; the mail exists exactly when that write does.

pub mod bounce;
mod bulk;
pub mod channel;
pub mod control;
mod dkim;
mod housekeeping;
mod lease;
mod letter;
mod line_by_line;
mod message;
pub mod outbox;
mod pacing;
mod read;
mod registry;
mod relink;
mod render;
mod replies;
mod smtp;
pub mod suppression;
mod transport;
mod verdict;
mod worker;

pub use bulk::{Addressed, enqueue_all};
pub use dkim::Signer;
pub use housekeeping::Housekeeping;
pub use letter::{Block, Letter, LetterDesk, Template};
pub use outbox::{About, Options, Queued, Recipient};
pub use read::{ReadMail, mask_links, read};
pub use registry::Registry;
pub use relink::{Renewed, relink};
pub use render::{html, text};
pub use replies::reply_in_words;
pub use smtp::Smtp;
pub use transport::{Mailbox, Outgoing, Transport, file_name};
pub use verdict::{
    BAD_ADDRESS, BOUNCED, Cause, EXPIRED, Failure, MAX_ATTEMPTS, NO_ADDRESS, NO_ANSWER, Stage,
    UNRENDERED, throttles,
};
pub use worker::{Step, run, try_execute};
