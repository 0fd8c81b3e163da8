//! 报名、候补、签到: whatever has seats (a course run, a forum). A registration is opened by its owner,
//! who says what it is, how many seats there are and when people sit; it knows nothing of courses or
//! programmes. The owner hears of it through [`RegistrationOwner`].
//!
//! Who is enrolled is decided under the lock of the registration, in the order of arrival that is
//! given there. When seats are taken people wait; a freed seat is offered to the first who may take
//! it, for a time, then to the next. Whoever has a seat has promised the time of every sitting
//! ([`crate::people::commitments`]), so nobody sits in two places.
//!
//! What somebody types into an open form is kept apart ([`entity::open_application`]) until the
//! address is confirmed: it takes no place in the queue and makes no person known.
//!
//! Owners write: `let id = registration::open(&tx, &ctx, &new).await?`, then [`publish`], [`change`]
//! (facts and sittings together, so that one mail tells of both), [`close`], [`end`] or [`cancel`],
//! each in the owner's own write; [`participants`] is what papers, certificates and statistics read.

mod access;
pub mod answer_offer;
pub mod apply;
pub mod approve_unit;
mod arrive;
pub mod attend;
mod board;
pub mod by_hand;
mod change;
pub mod code;
pub mod enrol;
mod facts;
pub mod feeds;
mod home;
pub mod jobs;
pub mod leave;
mod list_text;
pub mod mails;
mod matter;
mod merge;
mod new_link;
pub mod not_reached;
mod open;
pub mod own;
mod owners;
pub mod pages;
mod participants;
pub mod remind;
pub mod return_to;
pub mod rules;
mod seats;
mod store;
mod window;

pub use change::{change, set_sittings};
pub use facts::{
    Answers, Facts, NewRegistration, NewSitting, Question, QuestionKind, questions, zone,
};
pub use home::RegistrationsHome;
pub use merge::{Carried, Merge, merge};
pub use new_link::{EnrolmentLinks, send_new_link};
pub use open::{cancel, close, end, open, publish};
pub use owners::{Owners, RegistrationEvent, RegistrationOwner};
pub use participants::{Participant, participants};
pub use rules::{Phase, phase};
pub use store::{get, of_owner, sittings};

use crate::foundation::links::Purpose;

/// A person's own link to their enrolment: how it stands, the seat kept for them, cancelling, the
/// calendar. Its subject is the enrolment, its generation the enrolment's.
pub const ENROLMENT: Purpose = Purpose {
    label: "registration.enrolment",
    path: "/r/",
};

/// Path of the page that confirms an address typed into an open form, before its secret.
const CONFIRM_PATH: &str = "/join/confirm/";
