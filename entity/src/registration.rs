//! Seats with a queue: of whatever has places to enrol for (a course run, a forum).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::RegistrationId;

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
pub enum RegistrationState {
    /// Not shown to anybody yet
    Draft,
    /// 报名中, within its window
    Open,
    /// 报名截止
    Closed,
    /// 已结束
    Ended,
    /// 已取消
    Cancelled,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registration")]
pub struct Model {
    /// The registration.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RegistrationId,
    /// Which body owns it: `course_run`, `forum`.
    pub owner_kind: String,
    /// What has the seats.
    pub owner_id: Uuid,
    /// Title.
    pub title: String,
    /// Where it stands.
    pub state: RegistrationState,
    /// Seats.
    pub capacity: i32,
    /// Most seats of one unit.
    pub per_unit: Option<i32>,
    /// From when people may enrol.
    pub opens_at: DateTimeUtc,
    /// Until when.
    pub closes_at: DateTimeUtc,
    /// Begin of the first sitting.
    pub starts_at: DateTimeUtc,
    /// End of the last sitting.
    pub ends_at: DateTimeUtc,
    /// People who enrol by themselves wait for their unit's contact.
    pub needs_unit_approval: bool,
    /// Anyone may enrol with a confirmed address.
    pub open_form: bool,
    /// Extra questions, a list.
    pub questions: Json,
    /// Place, or online room.
    pub place: String,
    /// Zone of its wall clocks, an IANA name.
    pub zone: String,
    /// Whom to call, in words.
    pub contact: String,
    /// The last place in the queue that was given.
    pub arrivals: i32,
    /// The highest SEQUENCE that was sent with a calendar entry.
    pub calendar_sequence: i32,
    /// When made.
    pub created_at: DateTimeUtc,
    /// When first shown.
    pub published_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
