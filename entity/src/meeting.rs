//! A meeting of the alliance: the yearly assembly, the council, the standing council.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{MeetingId, PersonId, TermId};

/// Which kind.
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
pub enum MeetingKind {
    /// 全体成员大会
    Assembly,
    /// 理事会会议
    Council,
    /// 常务理事会会议
    StandingCouncil,
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
pub enum MeetingState {
    /// 拟定中
    Draft,
    /// 已通知
    Called,
    /// 已召开，待纪要
    Held,
    /// 纪要已发
    Minuted,
    /// 已取消
    Cancelled,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "meeting")]
pub struct Model {
    /// The meeting.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MeetingId,
    /// Number for people.
    pub number: String,
    /// Which kind.
    pub kind: MeetingKind,
    /// Where it stands.
    pub state: MeetingState,
    /// The council term.
    pub term_id: TermId,
    /// Title.
    pub title: String,
    /// The day.
    pub date: Date,
    /// Start on that day, on the clocks of the zone.
    pub from_time: Time,
    /// End.
    pub to_time: Time,
    /// The zone.
    pub zone: String,
    /// Start as an instant.
    pub starts_at: DateTimeUtc,
    /// End as an instant.
    pub ends_at: DateTimeUtc,
    /// Where.
    pub place: String,
    /// What is on, a line each.
    pub agenda: String,
    /// Last day to answer.
    pub reply_by: Date,
    /// SEQUENCE of its calendar entry: rises whenever it is moved or called off.
    pub sequence: i32,
    /// 纪要
    pub minutes: String,
    /// When they were sent.
    pub minuted_at: Option<DateTimeUtc>,
    /// When the units were told.
    pub called_at: Option<DateTimeUtc>,
    /// Why it was called off.
    pub note: String,
    /// Who planned it.
    pub created_by: PersonId,
    /// When.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
