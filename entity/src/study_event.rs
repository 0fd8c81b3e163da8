//! History of a study: who, when, what.

use sea_orm::entity::prelude::*;

use crate::ids::{PersonId, StudyEventId, StudyId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "study_event")]
pub struct Model {
    /// The event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StudyEventId,
    /// The study.
    pub study_id: StudyId,
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
