//! 专家组: places to be filled by experts, whoever asks (a consultation, a study, a lecture, a talk).
//! A panel keeps a snapshot of the facts that it needs, so it never asks its owner; the owner hears
//! of it through [`PanelOwner`]. One matching run fills all open panels together; an approved run
//! becomes assignments, these become invitations, and a decline is filled again by the next best.

pub mod answer;
pub mod answer_pages;
pub mod ask_again;
mod board;
pub mod change;
mod choice;
mod close;
pub mod deadlines;
pub mod disown;
mod facts;
mod figures;
mod head;
pub mod head_pages;
mod history;
mod home;
mod invitation_list;
pub mod invitation_pages;
pub mod invite;
pub mod jobs;
pub mod lapse;
mod leave;
pub mod mails;
pub mod matching;
pub mod matter;
mod moved;
pub mod notify;
mod open;
mod owners;
pub mod panel_pages;
pub mod papers;
mod part;
pub mod pledge;
mod promise;
mod questions;
pub mod race;
pub mod recompute;
pub mod record_answer;
pub mod release;
pub mod remind;
pub mod replace;
pub mod rules;
mod seats;
mod status;
mod store;
mod timing;
mod withdraw;
mod work;
pub mod work_pages;

use crate::foundation::{links::Purpose, ui::proof};

pub use change::change;
pub use choice::Chosen;
pub use close::close;
pub use facts::{
    ChangeEffect, Meeting, NewPanel, NewRecusal, NewWish, PanelChange, PanelFacts, texts,
};
pub use figures::PanelFigures;
pub use head::{answer_head, ask_head};
pub use history::AssignmentHistory;
pub use home::QuestionsHome;
pub use leave::PanelDuties;
pub use matching::{
    Coverage, CoverageQuestion, DomainCoverage, DrawOutcome, Kinds, OutcomeRow, Verdict, coverage,
    outcome, suitable,
};
pub use moved::PanelLinks;
pub use notify::work_target;
pub use open::open;
pub use owners::{Briefing, Owners, PanelEvent, PanelOwner};
pub use promise::{Promise, contribute, promise};
pub use recompute::{Recomputed, provisional_cutoffs, recompute_cutoffs};
pub use seats::{Member, Seats, members, seats};
pub use store::{get, lock};
pub use timing::rounds_before;
pub use withdraw::withdraw;
pub use work::{Work, member_by_work_token};
pub use work_pages::{WorkSite, WorkSites};

/// The link by which an expert answers a question. Its subject is the invitation, its generation the
/// invitation's.
pub const ANSWER: Purpose = Purpose {
    label: "panels.answer",
    path: "/i/",
};

/// The link by which an expert works on a panel: from acceptance to closing. Its subject is the
/// assignment, its generation the assignment's `work_generation`.
pub const WORK: Purpose = Purpose {
    label: "panels.work",
    path: "/w/",
};

/// The link by which a member answers whether to be 组长. Subject and generation as of [`WORK`].
pub const HEAD: Purpose = Purpose {
    label: "panels.head",
    path: "/h/",
};
