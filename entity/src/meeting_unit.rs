//! A unit that ought to come to a meeting, its answer, and whether it came.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{MeetingId, MeetingUnitId, PersonId, UnitId};

/// The answer.
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
pub enum Reply {
    /// 参加
    Coming,
    /// 请假
    Absent,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "meeting_unit")]
pub struct Model {
    /// The row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MeetingUnitId,
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The unit.
    pub unit_id: UnitId,
    /// Its answer.
    pub reply: Option<Reply>,
    /// Who comes.
    pub attendee_name: String,
    /// Their position.
    pub attendee_position: String,
    /// Their number.
    pub attendee_mobile: String,
    /// Why it stays away, or a remark.
    pub reply_note: String,
    /// Who answered.
    pub replied_by: Option<PersonId>,
    /// When.
    pub replied_at: Option<DateTimeUtc>,
    /// Whether it came.
    pub attended: Option<bool>,
    /// Who recorded that.
    pub attended_by: Option<PersonId>,
}

impl ActiveModelBehavior for ActiveModel {}
