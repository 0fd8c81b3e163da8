//! Mails of panels: questions to experts, and what experts, the asking unit and the secretariat are
//! told.

mod asking;
mod telling;

pub use asking::{CutoffMoved, HeadAsked, Invitation, Redated, Reminder};
pub use telling::{
    Complete, Ending, FactsChanged, MeetingReminder, Misdirected, NewLink, Notice, Receipt,
    Released, Reopened, Seated,
};

use entity::ids::PersonId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::foundation::{
    links::{Purpose, Target},
    mail::{LetterDesk, Registry},
};

/// Makes all mails of this body known.
pub fn register(registry: &mut Registry) {
    registry.register::<Invitation>();
    registry.register::<Reminder>();
    registry.register::<Redated>();
    registry.register::<CutoffMoved>();
    registry.register::<HeadAsked>();
    registry.register::<Receipt>();
    registry.register::<Seated>();
    registry.register::<Released>();
    registry.register::<FactsChanged>();
    registry.register::<Notice>();
    registry.register::<MeetingReminder>();
    registry.register::<Complete>();
    registry.register::<Reopened>();
    registry.register::<NewLink>();
    registry.register::<Misdirected>();
}

/// What a personal link stands for; the link itself is made when the mail leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The row that it opens.
    pub subject: Uuid,
    /// Whom it is for.
    pub person: PersonId,
    /// Older generations are dead.
    pub generation: i32,
}

impl Key {
    /// What is signed, for `purpose`.
    pub fn target(&self, purpose: Purpose) -> Target {
        Target {
            purpose,
            subject: self.subject,
            person: self.person.0,
            generation: self.generation,
        }
    }

    fn url(&self, purpose: Purpose, desk: &LetterDesk<'_>) -> String {
        desk.links.url(&self.target(purpose))
    }
}

/// 沈知行老师：您好！
fn greeting(desk: &LetterDesk<'_>) -> String {
    format!("{}老师：您好！", desk.recipient)
}

#[cfg(test)]
mod tests;
