//! A member's request for expert help (咨询申请).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{ConsultationId, PanelId, PersonId, UnitId};
use crate::panel::Half;
use crate::panel::MeetingForm;

/// What for.
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
pub enum Purpose {
    /// 技术咨询
    Advice,
    /// 立项评审
    InitiationReview,
    /// 技术审查会
    TechnicalReview,
    /// 函审
    WrittenReview,
    /// 其他
    Other,
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
pub enum ConsultationState {
    /// 草稿
    Draft,
    /// 已提交，待受理
    Submitted,
    /// 退回补充
    Returned,
    /// 已受理，匹配中
    Accepted,
    /// 不予受理
    Refused,
    /// 专家组已到齐
    Standing,
    /// 专家办理中
    Working,
    /// 待申请单位确认
    Concluded,
    /// 追问中
    AskedAgain,
    /// 已结束
    Closed,
    /// 已撤回
    Withdrawn,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consultation")]
pub struct Model {
    /// The consultation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsultationId,
    /// 申请编号, once submitted.
    pub number: Option<String>,
    /// Who asks.
    pub unit_id: UnitId,
    /// The contact who files.
    pub filed_by: PersonId,
    /// Where it stands.
    pub state: ConsultationState,
    /// What for.
    pub purpose: Purpose,
    /// Title.
    pub title: String,
    /// What the experts shall settle.
    pub description: String,
    /// The standard's name.
    pub standard_name: String,
    /// Its number.
    pub standard_number: String,
    /// Drafting units, a list of names.
    pub drafting_units: Json,
    /// Drafters, a list.
    pub drafters: Json,
    /// Others to be recused, a list.
    pub recusals: Json,
    /// Codes, a list.
    pub domains: Json,
    /// Keywords, a list.
    pub keywords: Json,
    /// Number of experts.
    pub demand: i32,
    /// How they meet.
    pub form: MeetingForm,
    /// Day.
    pub meeting_date: Option<Date>,
    /// Part of the day.
    pub meeting_half: Option<Half>,
    /// Place or online room.
    pub place: String,
    /// Answer wanted by.
    pub wanted_by: Option<Date>,
    /// Wished experts with reasons, a list of {name, reason}.
    pub wishes: Json,
    /// Confidential.
    pub confidential: bool,
    /// Choices that a draft leaves open (`purpose`, `form`), a list; empty once handed in.
    pub undecided: Json,
    /// Its panel, once accepted.
    pub panel_id: Option<PanelId>,
    /// Why it was returned or refused.
    pub note: String,
    /// The common conclusion.
    pub conclusion: String,
    /// `agree`, `agree_after_changes`, `disagree`, for reviews.
    pub conclusion_verdict: Option<String>,
    /// The 组长 who filed it.
    pub conclusion_by: Option<PersonId>,
    /// When.
    pub concluded_at: Option<DateTimeUtc>,
    /// How often the requester asked again.
    pub questions: i32,
    /// What was asked again.
    pub question_text: String,
    /// 1–5.
    pub rating: Option<i32>,
    /// Comment of the requester.
    pub rating_note: String,
    /// When submitted.
    pub submitted_at: Option<DateTimeUtc>,
    /// When taken in.
    pub accepted_at: Option<DateTimeUtc>,
    /// Who took it in.
    pub accepted_by: Option<PersonId>,
    /// When it ended.
    pub closed_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// Rises with every change by the requester.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
