//! A room taken for a lesson.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{BookingId, CourseRunId, LessonId, PersonId, RoomId};

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
pub enum BookingState {
    /// 待确认
    Asked,
    /// 已确认
    Confirmed,
    /// 不能提供
    Declined,
    /// 已退订
    Released,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "room_booking")]
pub struct Model {
    /// The booking.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BookingId,
    /// Which room.
    pub room_id: RoomId,
    /// For which run.
    pub run_id: CourseRunId,
    /// For which lesson.
    pub lesson_id: LessonId,
    /// From.
    pub from_at: DateTimeUtc,
    /// Until.
    pub to_at: DateTimeUtc,
    /// Where it stands.
    pub state: BookingState,
    /// Who asked.
    pub asked_by: Option<PersonId>,
    /// When.
    pub asked_at: DateTimeUtc,
    /// Who answered.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
    /// What was said with the answer.
    pub note: String,
}

impl ActiveModelBehavior for ActiveModel {}
