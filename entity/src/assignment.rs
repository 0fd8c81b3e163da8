//! An expert chosen for a place of a panel.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{AssignmentId, ExpertId, PanelId, PersonId, RunId, UnitId};

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
pub enum AssignmentState {
    /// 待答复
    Invited,
    /// 接受
    Accepted,
    /// 谢绝
    Declined,
    /// 逾期未答
    Lapsed,
    /// 撤销: changed, withdrawn or thanked
    Released,
    /// 完成
    Done,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    /// The assignment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssignmentId,
    /// The panel.
    pub panel_id: PanelId,
    /// The expert.
    pub expert_id: ExpertId,
    /// The person.
    pub person_id: PersonId,
    /// The unit at that time.
    pub unit_id: Option<UnitId>,
    /// The run that chose, when one did.
    pub run_id: Option<RunId>,
    /// Where it stands.
    pub state: AssignmentState,
    /// Order among those asked for the panel.
    pub rank: i32,
    /// In millionths.
    pub relevance: i32,
    /// Why this expert, in words.
    pub reason: String,
    /// 组长, accepted as such.
    pub head: bool,
    /// Asked to be 组长.
    pub head_asked: bool,
    /// Declined to be 组长.
    pub head_declined_at: Option<DateTimeUtc>,
    /// It ended, and its place is still to be asked for again.
    pub refill: bool,
    /// Which round: 1 for the first, more for replacements.
    pub wave: i32,
    /// Asked together with others for one place (加急).
    pub race: bool,
    /// When chosen.
    pub created_at: DateTimeUtc,
    /// When it ended.
    pub ended_at: Option<DateTimeUtc>,
    /// Why it ended.
    pub end_note: String,
    /// Generation of the work link.
    pub work_generation: i32,
}

impl ActiveModelBehavior for ActiveModel {}
