//! What an expert filed for a milestone of a study, with versions.

use sea_orm::entity::prelude::*;

use crate::ids::{AssignmentId, PersonId, StudyId, StudyReportId};
use crate::study_milestone::MilestoneKind;

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "study_report")]
pub struct Model {
    /// The report.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StudyReportId,
    /// The study.
    pub study_id: StudyId,
    /// For which milestone.
    pub kind: MilestoneKind,
    /// From 1, for each milestone.
    pub version: i32,
    /// Whose place.
    pub assignment_id: AssignmentId,
    /// Who.
    pub person_id: PersonId,
    /// What it says.
    pub text: String,
    /// When.
    pub filed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
