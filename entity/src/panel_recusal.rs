//! Who may not serve on a panel, and by which rule.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{ExpertId, PanelId, RecusalId, UnitId};

/// The rule.
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
pub enum RecusalRule {
    /// 申请单位
    AskingUnit,
    /// 起草单位
    DraftingUnit,
    /// 起草人
    Drafter,
    /// 申请人指明回避
    Named,
    /// 本人申报的利益
    Declared,
    /// 本人答复需要回避
    Answered,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_recusal")]
pub struct Model {
    /// The recusal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RecusalId,
    /// The panel.
    pub panel_id: PanelId,
    /// The rule.
    pub rule: RecusalRule,
    /// All experts of this unit.
    pub unit_id: Option<UnitId>,
    /// This expert.
    pub expert_id: Option<ExpertId>,
    /// A person or organisation by name, or empty.
    pub name: String,
    /// More, in words.
    pub note: String,
}

impl ActiveModelBehavior for ActiveModel {}
