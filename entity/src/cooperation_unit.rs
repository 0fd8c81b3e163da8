//! A unit that takes part in a joint project.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{CooperationId, CooperationUnitId, PersonId, UnitId};

/// Whether the unit takes part.
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
pub enum PartState {
    /// 待确认
    Asked,
    /// 已参加
    Joined,
    /// 不参加
    Declined,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cooperation_unit")]
pub struct Model {
    /// The row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CooperationUnitId,
    /// The project.
    pub cooperation_id: CooperationId,
    /// The unit.
    pub unit_id: UnitId,
    /// Whether it takes part.
    pub state: PartState,
    /// What it does in the project.
    pub task: String,
    /// Who answered for it.
    pub answered_by: Option<PersonId>,
    /// When.
    pub answered_at: Option<DateTimeUtc>,
    /// Why it does not.
    pub note: String,
}

impl ActiveModelBehavior for ActiveModel {}
