//! 专门委员会 and 项目工作组: founded by one standing council unit as lead and enough council units,
//! joined by members, with people in office for a term; their studies (专项研究); and the meetings
//! of assembly and council ([`council`]). What a committee
//! misses is read anew each time, so a unit that loses its standing leaves a defect in view of everybody
//! concerned.

mod appoint;
pub mod council;
mod dissolve;
mod establish;
mod figures;
mod found;
mod home;
mod jobs;
mod join;
mod keep;
mod mails;
mod name_unit;
pub mod pages;
mod papers;
mod referrals;
pub mod rules;
mod store;
pub mod studies;
mod view;

pub use appoint::{NewOfficer, appoint};
pub use establish::establish;
pub use figures::CommitteeFigures;
pub use found::found;
pub use home::CommitteesHome;
pub use jobs::jobs;
pub use join::apply;
pub use keep::{NewCommittee, create};
pub use name_unit::name_unit;
pub use referrals::{
    NewReferral, Referrer, Referrers, Said, ask_again, open_of, recall, refer, standing,
};

use entity::{committee, ids::CommitteeId};
use sea_orm::ConnectionTrait;

use crate::foundation::{error::Result, mail::Registry};

/// Makes all mails of this body known.
pub fn register(registry: &mut Registry) {
    mails::register(registry);
    studies::register(registry);
    council::register(registry);
}

/// All committees and groups, in the order of the list.
///
/// # Errors
/// When the database fails.
pub async fn all<C: ConnectionTrait>(db: &C) -> Result<Vec<committee::Model>> {
    Ok(store::all(db)
        .await?
        .into_iter()
        .map(|full| full.row)
        .collect())
}

/// One committee or group.
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`].
pub async fn get<C: ConnectionTrait>(db: &C, id: CommitteeId) -> Result<committee::Model> {
    store::get(db, id).await
}
