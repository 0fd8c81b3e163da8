//! The question to an expert, with its answer. Its id is the subject of the answer link.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{AssignmentId, InvitationId, PanelId, PersonId};

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
pub enum Answer {
    /// 能参加
    Accept,
    /// 不能参加
    Decline,
}

/// Why not.
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
pub enum DeclineReason {
    /// 时间冲突
    Time,
    /// 专业不符
    Field,
    /// 需要回避
    Interest,
    /// 健康
    Health,
    /// 其他
    Other,
}

/// How the answer came.
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
pub enum Channel {
    /// 本人通过链接
    Link,
    /// 电话
    Phone,
    /// 书面
    Paper,
    /// 逾期
    Schedule,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    /// The invitation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    /// The assignment.
    pub assignment_id: AssignmentId,
    /// The panel.
    pub panel_id: PanelId,
    /// Whom it asks.
    pub person_id: PersonId,
    /// Generation of the link.
    pub generation: i32,
    /// When asked.
    pub asked_at: DateTimeUtc,
    /// Until when an answer counts.
    pub cutoff_at: DateTimeUtc,
    /// 暂定: the calendar does not cover the cut-off.
    pub provisional: bool,
    /// When its form was first sent in, complete or not.
    pub seen_at: Option<DateTimeUtc>,
    /// The recipient said that it was not meant for them: the link is dead until sent again.
    pub disowned_at: Option<DateTimeUtc>,
    /// The answer, until changed.
    pub answer: Option<Answer>,
    /// When.
    pub answered_at: Option<DateTimeUtc>,
    /// How.
    pub channel: Option<Channel>,
    /// Who recorded an answer given by phone or on paper.
    pub recorded_by: Option<PersonId>,
    /// How it was given.
    pub record_note: String,
    /// Why not.
    pub decline_reason: Option<DeclineReason>,
    /// In words.
    pub decline_note: String,
    /// A colleague suggested, in free text.
    pub suggestion: String,
    /// When the statement of no interest was made.
    pub statement_at: Option<DateTimeUtc>,
    /// Its words.
    pub statement_text: String,
    /// Version of the 保密承诺 that was accepted.
    pub pledge_version: Option<String>,
    /// Answers so far, changes included: numbers the receipts.
    pub answers: i32,
    /// Reminders so far.
    pub reminders: i32,
    /// When last reminded.
    pub reminded_at: Option<DateTimeUtc>,
    /// When the question no longer stands.
    pub closed_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
