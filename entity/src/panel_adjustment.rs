//! A hand on the matching: an expert pinned to a panel or excluded from it, with the reason.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{AdjustmentId, ExpertId, PanelId, PersonId};

/// Which.
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
pub enum AdjustmentKind {
    /// 锁定
    Pin,
    /// 排除
    Exclude,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_adjustment")]
pub struct Model {
    /// The adjustment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AdjustmentId,
    /// The panel.
    pub panel_id: PanelId,
    /// The expert.
    pub expert_id: ExpertId,
    /// Which.
    pub kind: AdjustmentKind,
    /// Why.
    pub reason: String,
    /// Who.
    pub by_person: PersonId,
    /// When.
    pub created_at: DateTimeUtc,
    /// When taken back.
    pub revoked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
