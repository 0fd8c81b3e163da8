//! 团标论坛、交流活动: the exchange group publishes a programme. Speakers are places to be filled by the
//! match, a panel each; seats, queue, calendar and check-in are a registration; whoever has a seat or
//! waits is told what a change of the programme changes.

mod end;
pub mod jobs;
mod keep;
pub mod mails;
mod owners;
pub mod pages;
mod programme;
mod publish;
mod seats;
mod store;
mod talk;

pub use keep::{Filing, change, file};
pub use owners::{ForumSeats, Talks};
pub use publish::publish;

use entity::ids::ForumId;

use super::events::Matter;

/// A forum as a matter of the history.
fn matter(id: ForumId) -> Matter {
    Matter {
        kind: "forum",
        id: id.0,
    }
}
