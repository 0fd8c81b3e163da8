//! What an expert answered to being engaged for another council term.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{ExpertId, RenewalId, TermId};

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
pub enum RenewalAnswer {
    /// 同意续聘
    Renew,
    /// 不再续聘
    Decline,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "expert_renewal")]
pub struct Model {
    /// The row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RenewalId,
    /// The expert.
    pub expert_id: ExpertId,
    /// The term to come.
    pub term_id: TermId,
    /// The answer.
    pub answer: RenewalAnswer,
    /// Why not, or a remark.
    pub note: String,
    /// How it came: `link`, `phone` or `paper`.
    pub channel: String,
    /// Number of the engagement before.
    pub former_number: Option<String>,
    /// Last day of the engagement before.
    pub former_to: Option<Date>,
    /// When.
    pub answered_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
