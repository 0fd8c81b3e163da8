//! An expert of the pool, from the first draft of the recommendation on; also guest experts.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{ExpertId, PersonId, TermId, UnitId};

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
pub enum ExpertKind {
    /// 技术
    Technical,
    /// 标准化
    Standardization,
}

/// Where the recommendation or engagement stands.
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
pub enum ExpertState {
    /// 草稿
    Draft,
    /// 已推荐，待审
    Recommended,
    /// 退回补正
    Returned,
    /// 已通过，待本人确认
    Approved,
    /// 已聘任
    Engaged,
    /// 中止
    Suspended,
    /// 单位撤回
    Withdrawn,
    /// 本人谢绝
    Refused,
    /// 已解聘或退出
    Ended,
    /// 届满
    Expired,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "expert")]
pub struct Model {
    /// The expert.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExpertId,
    /// The person.
    pub person_id: PersonId,
    /// The unit that recommends; none for a guest from outside.
    pub unit_id: Option<UnitId>,
    /// Where the person works, as printed.
    pub affiliation: String,
    /// Which kind.
    pub kind: ExpertKind,
    /// 特邀专家: outside the pool, no part of the quota.
    pub guest: bool,
    /// Why the guest was asked.
    pub guest_reason: String,
    /// Where it stands.
    pub state: ExpertState,
    /// 职务
    pub position: String,
    /// 职称
    pub title: String,
    /// Codes like `ics:29.240`, a list.
    pub domains: Json,
    /// Keywords, a list.
    pub keywords: Json,
    /// Works, a list.
    pub works: Json,
    /// Short biography.
    pub bio: String,
    /// Working languages.
    pub languages: String,
    /// Most assignments at a time.
    pub max_open: i32,
    /// Most assignments a year.
    pub max_year: i32,
    /// The council term of the engagement.
    pub term_id: Option<TermId>,
    /// 聘书编号
    pub engagement_number: Option<String>,
    /// First day of the engagement.
    pub engaged_from: Option<Date>,
    /// Last day.
    pub engaged_to: Option<Date>,
    /// Generation of the personal link.
    pub link_generation: i32,
    /// The contact who sent it.
    pub recommended_by: Option<PersonId>,
    /// When.
    pub recommended_at: Option<DateTimeUtc>,
    /// Who approved first, where two have to.
    pub first_approved_by: Option<PersonId>,
    /// Who approved or returned it.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
    /// Why it was returned, or a note.
    pub decision_note: String,
    /// Recorded where one person did both steps.
    pub exception_note: String,
    /// When the engagement ended before its term.
    pub ended_on: Option<Date>,
    /// Why.
    pub end_reason: String,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
