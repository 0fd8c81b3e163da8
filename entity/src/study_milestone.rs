//! A milestone of a study: what the experts file, and until when.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{MilestoneId, StudyId};

/// Which one, in their order.
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
pub enum MilestoneKind {
    /// 研究方案
    Plan,
    /// 中期报告
    Interim,
    /// 研究报告
    Report,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "study_milestone")]
pub struct Model {
    /// The milestone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MilestoneId,
    /// The study.
    pub study_id: StudyId,
    /// Which one.
    pub kind: MilestoneKind,
    /// Last day.
    pub due_on: Date,
    /// When it was accepted.
    pub done_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
