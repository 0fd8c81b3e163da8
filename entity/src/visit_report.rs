//! A report about a visit, with versions.

use sea_orm::entity::prelude::*;

use crate::ids::{PersonId, VisitId, VisitReportId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_report")]
pub struct Model {
    /// The version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VisitReportId,
    /// The visit.
    pub visit_id: VisitId,
    /// 1, 2, …
    pub version: i32,
    /// The report.
    pub text: String,
    /// Who filed it.
    pub filed_by: PersonId,
    /// When.
    pub filed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
