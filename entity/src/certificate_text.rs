//! What the certificates of a course say, with placeholders.

use sea_orm::entity::prelude::*;

use crate::ids::{CourseId, PersonId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificate_text")]
pub struct Model {
    /// The course.
    #[sea_orm(primary_key, auto_increment = false)]
    pub course_id: CourseId,
    /// Title, with placeholders.
    pub title: String,
    /// Issuer, with placeholders.
    pub issuer: String,
    /// Body, with placeholders.
    pub body: String,
    /// Who wrote it.
    pub by_person: PersonId,
    /// When.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
