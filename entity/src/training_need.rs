//! What a unit wants its people to learn (培训需求).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{CourseId, NeedId, PersonId, UnitId};

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
pub enum NeedState {
    /// 征集中
    Open,
    /// 已列入课程
    Planned,
    /// 已开班
    Met,
    /// 已撤回
    Withdrawn,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "training_need")]
pub struct Model {
    /// The need.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NeedId,
    /// Who stated it.
    pub unit_id: UnitId,
    /// The contact who stated it.
    pub stated_by: PersonId,
    /// Where it stands.
    pub state: NeedState,
    /// What is to be learned, a line.
    pub topic: String,
    /// More about it.
    pub details: String,
    /// Codes like `ics:29.240`, a list.
    pub domains: Json,
    /// Keywords, a list.
    pub keywords: Json,
    /// Who would come.
    pub audience: String,
    /// How many people of the stating unit.
    pub headcount: i32,
    /// By when it is wished, the last day of a month.
    pub wished_by: Option<Date>,
    /// The course that answers it.
    pub course_id: Option<CourseId>,
    /// When a run of that course was held.
    pub met_at: Option<DateTimeUtc>,
    /// When stated.
    pub created_at: DateTimeUtc,
    /// When last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
