//! 人才合作: several units carry a project together. The lead names the units and what is to be
//! brought until when; each unit says whether it takes part and who works for it; whoever is due is
//! reminded; the lead ends it with what came of it.

mod answer;
mod deliver;
mod end;
mod file;
pub mod home;
pub mod jobs;
pub mod mails;
pub mod pages;
mod rules;
mod store;

pub use answer::answer;
pub use file::{Due, Filing, file};

use entity::ids::CooperationId;

use super::events::Matter;

pub(super) use home::due;

/// A project as a matter of the history.
fn matter(id: CooperationId) -> Matter {
    Matter {
        kind: "cooperation",
        id: id.0,
    }
}
