//! A committee (专门委员会) or a working group (项目工作组).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::CommitteeId;

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
pub enum CommitteeKind {
    /// 专门委员会
    Committee,
    /// 项目工作组
    WorkingGroup,
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
pub enum CommitteeState {
    /// 筹建: its units are still being found
    Preparing,
    /// 已成立
    Standing,
    /// 已撤销或已到期
    Ended,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "committee")]
pub struct Model {
    /// The committee.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommitteeId,
    /// Which kind; a group that is promoted becomes a committee and stays the same row.
    pub kind: CommitteeKind,
    /// Name.
    pub name: String,
    /// Another spelling of the name in the founding text, or empty.
    pub alias: String,
    /// What it does.
    pub task: String,
    /// Where it stands.
    pub state: CommitteeState,
    /// The committee that a group belongs to.
    pub parent_id: Option<CommitteeId>,
    /// Since when it stands.
    pub founded_on: Option<Date>,
    /// Last day of a dated group.
    pub until: Option<Date>,
    /// Number of the founding document.
    pub founding_number: Option<String>,
    /// By what decision it was founded.
    pub founding_basis: String,
    /// When it ended.
    pub ended_on: Option<Date>,
    /// Number of the document that dissolved it; none where a dated group ended by itself.
    pub ending_number: Option<String>,
    /// Why it ended.
    pub end_reason: String,
    /// When the row was made; the order of the list.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
