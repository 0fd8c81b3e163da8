//! What happened to a run, for the people concerned.

use sea_orm::entity::prelude::*;

use crate::ids::{CourseRunEventId, CourseRunId, PersonId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "course_run_event")]
pub struct Model {
    /// The event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CourseRunEventId,
    /// The run.
    pub run_id: CourseRunId,
    /// When.
    pub at: DateTimeUtc,
    /// Who; none: by the clock.
    pub by_person: Option<PersonId>,
    /// What.
    pub code: String,
    /// In words.
    pub note: String,
}

impl ActiveModelBehavior for ActiveModel {}
