//! What somebody thought of a run as a whole. Whose it is only keeps it to one each; pages and papers
//! never name the person.

use sea_orm::entity::prelude::*;

use crate::ids::{CourseRunId, EnrolmentId, FeedbackId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feedback")]
pub struct Model {
    /// The answer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FeedbackId,
    /// Of which run.
    pub run_id: CourseRunId,
    /// By whom; once.
    pub enrolment_id: EnrolmentId,
    /// Organisation, 1 to 5.
    pub overall: i32,
    /// In words; may be empty.
    pub note: String,
    /// When last changed.
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
