//! What a participant reached in the examination of a run.

use sea_orm::entity::prelude::*;

use crate::ids::{CourseRunId, EnrolmentId, MarkId, PersonId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "run_mark")]
pub struct Model {
    /// The mark.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MarkId,
    /// Of which run.
    pub run_id: CourseRunId,
    /// Of whom; once.
    pub enrolment_id: EnrolmentId,
    /// 0 to 100.
    pub mark: i32,
    /// Who typed it last.
    pub by_person: PersonId,
    /// When.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
