//! A lesson of a run (课程安排).

use sea_orm::entity::prelude::*;

use crate::ids::{CourseRunId, ExpertId, LessonId, PanelId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lesson")]
pub struct Model {
    /// The lesson.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LessonId,
    /// Of which run.
    pub run_id: CourseRunId,
    /// Its place, from 1.
    pub position: i32,
    /// Title.
    pub title: String,
    /// What is taught.
    pub content: String,
    /// 学时 of 45 minutes.
    pub hours: i32,
    /// Local day.
    pub on_date: Date,
    /// Local start.
    pub from_time: Time,
    /// Local end.
    pub to_time: Time,
    /// IANA zone of these.
    pub zone: String,
    /// Start as an instant.
    pub from_at: DateTimeUtc,
    /// End as an instant.
    pub to_at: DateTimeUtc,
    /// The place for a lecturer found by the match.
    pub panel_id: Option<PanelId>,
    /// The lecturer, when of the pool.
    pub lecturer_expert: Option<ExpertId>,
    /// The lecturer; empty while nobody is known.
    pub lecturer_name: String,
    /// Where that person works.
    pub lecturer_unit: String,
    /// Why the group named this person; empty: by the match.
    pub lecturer_reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
