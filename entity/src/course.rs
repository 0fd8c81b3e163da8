//! What is taught (课程); it is held as runs.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{BaseId, CourseId, PersonId, RoomId};

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
pub enum CourseState {
    /// 草稿
    Draft,
    /// 开设
    Offered,
    /// 已停开
    Retired,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "course")]
pub struct Model {
    /// The course.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CourseId,
    /// 课程编号
    pub number: String,
    /// Where it stands.
    pub state: CourseState,
    /// Title.
    pub title: String,
    /// What one can do afterwards.
    pub aim: String,
    /// For whom.
    pub audience: String,
    /// What one should know or bring.
    pub prerequisites: String,
    /// Codes, a list.
    pub domains: Json,
    /// Keywords, a list.
    pub keywords: Json,
    /// A certificate needs so much of the hours, 0–100.
    pub attendance_percent: i32,
    /// A certificate needs this mark, 0–100; none without an exam.
    pub min_mark: Option<i32>,
    /// Usual seats of a run.
    pub capacity: i32,
    /// Usual 开班人数.
    pub least: i32,
    /// Usual most people of one unit.
    pub per_unit: Option<i32>,
    /// Usual fee, in 分.
    pub fee_fen: i32,
    /// Who is free of it, in words.
    pub fee_free: String,
    /// When it is held regularly: six cron fields on the clocks of the base.
    pub recurrence: Option<String>,
    /// Usual base.
    pub base_id: Option<BaseId>,
    /// Usual room.
    pub room_id: Option<RoomId>,
    /// A run that is due by the recurrence is drafted so many days before.
    pub lead_days: i32,
    /// The last start of the recurrence for which there is a draft.
    pub drafted_until: Option<DateTimeUtc>,
    /// Who made it.
    pub created_by: PersonId,
    /// When.
    pub created_at: DateTimeUtc,
    /// When last changed.
    pub updated_at: DateTimeUtc,
    /// Rises with each change.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
