//! 专家组: places to be filled by experts, whoever asks (a consultation, a study, a lecture, a talk).
//! A panel keeps a snapshot of the facts that it needs, so it never asks its owner; the owner hears
//! of it through [`PanelOwner`]. One matching run fills all open panels together; an approved run
//! becomes assignments, these become invitations, and a decline is filled again by the next best.

mod choice;
pub mod deadlines;
mod facts;
mod open;
mod owners;
pub mod rules;
mod seats;
mod store;

use crate::foundation::links::Purpose;

pub use choice::Chosen;
pub use facts::{
    ChangeEffect, Meeting, NewPanel, NewRecusal, NewWish, PanelChange, PanelFacts, texts,
};
pub use open::open;
pub use owners::{Owners, PanelEvent, PanelOwner};
pub use seats::{Member, Seats, members, seats};

/// The link by which an expert works on a panel: from acceptance to closing. Its subject is the
/// assignment, its generation the assignment's `work_generation`.
pub const WORK: Purpose = Purpose {
    label: "panels.work",
    path: "/w/",
};
