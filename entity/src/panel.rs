//! Places to be filled by experts, whoever asks, with a snapshot of the facts that matching and mails need.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{PanelId, UnitId};

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
pub enum PanelState {
    /// Places are to be filled
    Open,
    /// All places accepted
    Standing,
    /// The matter has ended
    Closed,
    /// The matter was withdrawn
    Withdrawn,
}

/// How the experts meet.
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
pub enum MeetingForm {
    /// 现场会议
    OnSite,
    /// 线上会议
    Online,
    /// 不开会
    None,
}

/// Which part of the day.
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
pub enum Half {
    /// 上午
    Morning,
    /// 下午
    Afternoon,
    /// 全天
    FullDay,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel")]
pub struct Model {
    /// The panel.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PanelId,
    /// Which body asks: `consultation`, `study`, `lecture`, `talk`.
    pub owner_kind: String,
    /// What asks.
    pub owner_id: Uuid,
    /// Number of the matter for people.
    pub number: String,
    /// Where it stands.
    pub state: PanelState,
    /// What the experts are asked for, in words (for example 技术审查会).
    pub purpose: String,
    /// Title.
    pub title: String,
    /// What is asked.
    pub text: String,
    /// Codes like `ics:29.240`, a list.
    pub domains: Json,
    /// Keywords, a list.
    pub keywords: Json,
    /// Places.
    pub demand: i32,
    /// Most experts of one unit.
    pub max_per_unit: i32,
    /// At least so many 技术 experts.
    pub min_technical: i32,
    /// At least so many 标准化 experts.
    pub min_standardization: i32,
    /// Higher is served first when places stay unfilled.
    pub priority: i32,
    /// The unit that asks.
    pub asking_unit_id: Option<UnitId>,
    /// Who asks, in words.
    pub asking_name: String,
    /// No content in mails; attachments only after the pledge.
    pub confidential: bool,
    /// How they meet.
    pub form: MeetingForm,
    /// Day of the meeting.
    pub meeting_date: Option<Date>,
    /// Part of that day.
    pub meeting_half: Option<Half>,
    /// Start as an instant.
    pub meeting_from: Option<DateTimeUtc>,
    /// End as an instant.
    pub meeting_to: Option<DateTimeUtc>,
    /// Place, or online room.
    pub place: String,
    /// Answer wanted by.
    pub wanted_by: Option<Date>,
    /// The standard at stake.
    pub standard_name: String,
    /// Its number.
    pub standard_number: String,
    /// Drafting units and drafters, as shown in the statement of no interest.
    pub drafting_text: String,
    /// What the expert will do, a line.
    pub duties: String,
    /// Who bears the costs, a line.
    pub fee_text: String,
    /// Whom to call.
    pub contact_name: String,
    /// Their number.
    pub contact_phone: String,
    /// 加急
    pub urgent: bool,
    /// SEQUENCE of the calendar entries of all members: rises whenever one is sent, moved or taken back.
    pub calendar_sequence: i32,
    /// When opened.
    pub created_at: DateTimeUtc,
    /// When the last place was accepted.
    pub standing_at: Option<DateTimeUtc>,
    /// When closed or withdrawn.
    pub closed_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
