//! What somebody thought of a lesson.

use sea_orm::entity::prelude::*;

use crate::ids::{FeedbackId, LessonId, RatingId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lesson_rating")]
pub struct Model {
    /// The rating.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RatingId,
    /// Of which answer.
    pub feedback_id: FeedbackId,
    /// Of which lesson.
    pub lesson_id: LessonId,
    /// What was taught, 1 to 5.
    pub content: i32,
    /// How it was taught, 1 to 5.
    pub teaching: i32,
    /// In words; may be empty.
    pub note: String,
}

impl ActiveModelBehavior for ActiveModel {}
