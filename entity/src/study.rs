//! A study (专项研究) of a committee, done by a panel of experts.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{CommitteeId, PanelId, PersonId, StudyId};

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
pub enum StudyState {
    /// 计划中
    Planned,
    /// 组建专家组
    Staffing,
    /// 研究中
    Working,
    /// 评审中
    Review,
    /// 已结题
    Closed,
    /// 已撤销
    Withdrawn,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "study")]
pub struct Model {
    /// The study.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StudyId,
    /// Number for people.
    pub number: String,
    /// Whose study.
    pub committee_id: CommitteeId,
    /// Where it stands.
    pub state: StudyState,
    /// Title.
    pub title: String,
    /// What is to be found out.
    pub question: String,
    /// Codes like `ics:29.240`, a list.
    pub domains: Json,
    /// Keywords, a list.
    pub keywords: Json,
    /// Experts.
    pub demand: i32,
    /// At least so many 技术 experts.
    pub min_technical: i32,
    /// At least so many 标准化 experts.
    pub min_standardization: i32,
    /// Most experts of one unit.
    pub max_per_unit: i32,
    /// Its panel, once it was asked for.
    pub panel_id: Option<PanelId>,
    /// What the review found.
    pub conclusion: String,
    /// Who planned it.
    pub filed_by: PersonId,
    /// When.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// When it was closed or withdrawn.
    pub closed_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
