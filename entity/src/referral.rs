//! A request that was referred to a committee, with what it needs to know of it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{CommitteeId, PersonId, ReferralId};

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
pub enum ReferralState {
    /// 等委员会答复
    Open,
    /// 委员会已答复
    Answered,
    /// 请组织专家组
    Passed,
    /// 申请单位已撤回
    Recalled,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "referral")]
pub struct Model {
    /// The referral.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReferralId,
    /// To which committee.
    pub committee_id: CommitteeId,
    /// Which body refers: `consultation`.
    pub owner_kind: String,
    /// What it refers.
    pub owner_id: Uuid,
    /// Number of the matter.
    pub number: String,
    /// Its title.
    pub title: String,
    /// What is asked.
    pub text: String,
    /// Who asks.
    pub asking_name: String,
    /// Where it stands.
    pub state: ReferralState,
    /// The answer, or why a panel is wanted.
    pub note: String,
    /// Who referred it.
    pub referred_by: PersonId,
    /// When.
    pub created_at: DateTimeUtc,
    /// Who answered for the committee.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
