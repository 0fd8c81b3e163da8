//! A unit that leads a committee applies for a seat in the standing council.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{CommitteeId, MeetingId, PersonId, StandingApplicationId, UnitId};

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
pub enum ApplicationState {
    /// 已申请
    Applied,
    /// 已提名，待表决
    Nominated,
    /// 已当选
    Elected,
    /// 未当选
    NotElected,
    /// 未提名
    Refused,
    /// 已撤回
    Withdrawn,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "standing_application")]
pub struct Model {
    /// The application.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StandingApplicationId,
    /// The unit.
    pub unit_id: UnitId,
    /// What it leads or is to lead.
    pub committee_id: CommitteeId,
    /// Where it stands.
    pub state: ApplicationState,
    /// Why.
    pub text: String,
    /// The contact who applied.
    pub applied_by: PersonId,
    /// When.
    pub applied_at: DateTimeUtc,
    /// Who recorded the nomination or its refusal.
    pub nominated_by: Option<PersonId>,
    /// When.
    pub nominated_at: Option<DateTimeUtc>,
    /// Who nominated it, or why not.
    pub nomination_note: String,
    /// The meeting that voted.
    pub meeting_id: Option<MeetingId>,
    /// 赞成
    pub votes_for: Option<i32>,
    /// 反对
    pub votes_against: Option<i32>,
    /// 弃权
    pub votes_abstained: Option<i32>,
    /// Who recorded the vote.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
