//! A part of the syllabus (大纲): in a run it becomes a lesson.

use sea_orm::entity::prelude::*;

use crate::ids::{CourseId, ExpertId, PartId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "course_part")]
pub struct Model {
    /// The part.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartId,
    /// Of which course.
    pub course_id: CourseId,
    /// Its place, from 1.
    pub position: i32,
    /// Title.
    pub title: String,
    /// What is taught.
    pub content: String,
    /// 学时 of 45 minutes.
    pub hours: i32,
    /// The lecturer named by the group, when of the pool.
    pub lecturer_expert: Option<ExpertId>,
    /// The name of the one named; empty: found by the match.
    pub lecturer_name: String,
    /// Where that person works.
    pub lecturer_unit: String,
    /// Why this person.
    pub lecturer_reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
