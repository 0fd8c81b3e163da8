//! An expert's written opinion, with versions.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{AssignmentId, ConsultationId, OpinionId, PersonId};

/// The verdict of a review.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::None)",
    rename_all = "snake_case"
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 同意
    Agree,
    /// 修改后同意
    AgreeAfterChanges,
    /// 不同意
    Disagree,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opinion")]
pub struct Model {
    /// The opinion.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OpinionId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Whose place.
    pub assignment_id: AssignmentId,
    /// Who.
    pub person_id: PersonId,
    /// From 1.
    pub version: i32,
    /// For a review.
    pub verdict: Option<Verdict>,
    /// The opinion.
    pub text: String,
    /// When.
    pub filed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
