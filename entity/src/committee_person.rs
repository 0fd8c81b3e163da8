//! A person with an office in a committee, for a term.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{CommitteeId, CommitteePersonId, PersonId, UnitId};

/// Which office.
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
pub enum Office {
    /// 主任委员
    Chair,
    /// 副主任委员
    ViceChair,
    /// 秘书
    Secretary,
    /// 委员
    Member,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "committee_person")]
pub struct Model {
    /// The row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommitteePersonId,
    /// The committee.
    pub committee_id: CommitteeId,
    /// The person.
    pub person_id: PersonId,
    /// The unit of the committee that the person comes from.
    pub unit_id: UnitId,
    /// The office.
    pub office: Office,
    /// Position in the unit.
    pub position: String,
    /// First day.
    pub from_date: Date,
    /// Last day.
    pub to_date: Date,
    /// When it ended; at the latest the day after the last one.
    pub ended_on: Option<Date>,
    /// Why it ended.
    pub end_reason: String,
    /// When it was recorded.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
