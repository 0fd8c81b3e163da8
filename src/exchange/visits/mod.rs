//! 人才互访: a unit offers places or asks for a stay; the engine brings the two together so that what
//! each unit gives and receives comes out even; both units approve the terms, and every change of
//! them; after the return one confirmation with the true dates, then a report.
//!
//! Offers and wishes are *postings*. A pair of them becomes a visit, and a visit has *terms* in
//! versions: the one that both units have approved holds, and takes the visitors' time.

mod agree;
mod amend;
mod approve;
mod balance;
mod difference;
mod end;
mod facts;
mod home;
pub mod jobs;
mod link;
pub mod mails;
pub mod pages;
mod pair;
mod papers;
mod postings;
mod propose;
mod reasons;
mod report;
mod return_home;
pub mod rules;
mod store;
mod terms;
mod visitors;

pub use amend::{Amendment, amend};
pub use approve::approve;
pub use end::{close, decline, withdraw};
pub use facts::{Facts, facts};
pub(super) use home::{due, standing};
pub use link::{LINK, target};
pub use pair::{Pairing, pair};
pub use postings::{
    OfferFiling, WishFiling, change_offer, change_wish, close_offer, close_wish, file_offer,
    file_wish,
};
pub use propose::{ProposedPair, propose};
pub use reasons::of as why;
pub use report::file_report;
pub use return_home::{Return, confirm_return};
pub use rules::Side;
pub use terms::Terms;

use entity::{ids::VisitId, visit};

use super::events::Matter;

/// A visit as a matter of the history.
fn matter(id: VisitId) -> Matter {
    Matter {
        kind: "visit",
        id: id.0,
    }
}

/// The unit on one side of a visit.
fn unit_of(visit: &visit::Model, side: Side) -> entity::ids::UnitId {
    match side {
        Side::Sending => visit.sending_unit_id,
        Side::Host => visit.host_unit_id,
    }
}
