//! A joint project of several units (人才合作).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{CooperationId, PersonId, UnitId};

/// Where it stands.
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
pub enum CooperationState {
    /// 待各单位确认
    Proposed,
    /// 进行中
    Running,
    /// 已结束
    Ended,
    /// 未成立
    Dropped,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cooperation")]
pub struct Model {
    /// The project.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CooperationId,
    /// 编号.
    pub number: String,
    /// Where it stands.
    pub state: CooperationState,
    /// 牵头单位.
    pub lead_unit_id: UnitId,
    /// Name.
    pub title: String,
    /// What it is for.
    pub goal: String,
    /// Begin.
    pub from_date: Date,
    /// End.
    pub to_date: Date,
    /// Who filed it.
    pub filed_by: PersonId,
    /// What came of it.
    pub outcome: String,
    /// When it ended.
    pub ended_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// Rises with every change.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
