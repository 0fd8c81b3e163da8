//! History of a committee: who, when, what.

use sea_orm::entity::prelude::*;

use crate::ids::{CommitteeEventId, CommitteeId, PersonId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "committee_event")]
pub struct Model {
    /// The event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommitteeEventId,
    /// The committee.
    pub committee_id: CommitteeId,
    /// When.
    pub at: DateTimeUtc,
    /// Who; none for the schedule.
    pub by_person: Option<PersonId>,
    /// What happened.
    pub code: String,
    /// In words.
    pub note: String,
}

impl ActiveModelBehavior for ActiveModel {}
