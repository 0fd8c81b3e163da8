//! A matching run over panels: prepared by one person, approved by another.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, RunId};

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
pub enum RunState {
    /// 草案
    Draft,
    /// 待审批
    HandedIn,
    /// 已批准
    Approved,
    /// 退回经办
    Returned,
    /// 已被新的匹配取代
    Superseded,
}

/// How it chose.
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
pub enum RunMode {
    /// 择优
    Best,
    /// 均衡
    Fair,
    /// 随机抽取
    Draw,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "matching_run")]
pub struct Model {
    /// The run.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RunId,
    /// Number for people.
    pub number: String,
    /// Where it stands.
    pub state: RunState,
    /// How it chose.
    pub mode: RunMode,
    /// Seed of the order of ties, or of the draw.
    pub seed: i64,
    /// The run that it is compared with.
    pub former_id: Option<RunId>,
    /// 经办
    pub prepared_by: PersonId,
    /// When.
    pub prepared_at: DateTimeUtc,
    /// When handed in.
    pub handed_in_at: Option<DateTimeUtc>,
    /// Note of the 经办.
    pub hand_in_note: String,
    /// 审批
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
    /// Note of the 审批.
    pub decision_note: String,
    /// Recorded where one person did both steps.
    pub exception_note: String,
    /// Total relevance in millionths.
    pub total: i64,
    /// What no choice can exceed.
    pub bound: i64,
    /// Whether the independent checker proved that there is no better total.
    pub proved: bool,
    /// Time of matching.
    pub millis: i32,
    /// SHA-256 over everything that it was computed from.
    pub facts_digest: String,
    /// Explanation as data: run, panels, experts left out and why.
    pub report: Json,
    /// Prices and pairs; of a drawn run, what each panel drew from and in which order.
    pub certificate: Json,
}

impl ActiveModelBehavior for ActiveModel {}
