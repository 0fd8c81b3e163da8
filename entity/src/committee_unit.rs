//! A unit in a committee: as lead, as one of those who run it, or as a participant.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{CommitteeId, CommitteeUnitId, PersonId, UnitId};

/// Which part the unit has.
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
pub enum UnitPart {
    /// 牵头单位
    Lead,
    /// 组织单位
    Organiser,
    /// 参加单位
    Participant,
}

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
pub enum UnitStanding {
    /// 已申请，待审核
    Applied,
    /// 在册
    Admitted,
    /// 未接纳
    Refused,
    /// 已退出
    Left,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "committee_unit")]
pub struct Model {
    /// The row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommitteeUnitId,
    /// The committee.
    pub committee_id: CommitteeId,
    /// The unit.
    pub unit_id: UnitId,
    /// Its part.
    pub part: UnitPart,
    /// Where it stands.
    pub standing: UnitStanding,
    /// Why it wants to take part.
    pub reason: String,
    /// The contact who applied; none where the secretariat named the unit.
    pub applied_by: Option<PersonId>,
    /// When.
    pub applied_at: DateTimeUtc,
    /// Who admitted or refused it.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
    /// Why it was refused, or why it left.
    pub decision_note: String,
    /// When it left.
    pub left_on: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
