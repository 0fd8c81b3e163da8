//! A role given to an account, for the whole alliance, for one unit or for one committee.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, CommitteeId, GrantId, UnitId};

/// What an account may act as.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::None)",
    rename_all = "snake_case"
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 秘书处 经办
    Handler,
    /// 秘书处 审批
    Approver,
    /// 成员单位的联络员
    Contact,
    /// 培训工作组
    Training,
    /// 交流工作组
    Exchange,
    /// 主任委员, 副主任委员 or 秘书 of a committee or working group
    Committee,
    /// An expert at the own page, by a mailed link. Never stored: it comes with the session.
    Expert,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    /// The grant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GrantId,
    /// To whom.
    pub account_id: AccountId,
    /// Which role.
    pub role: Role,
    /// For which unit; none means the whole alliance.
    pub unit_id: Option<UnitId>,
    /// For which committee; none where the role is not one of a committee.
    pub committee_id: Option<CommitteeId>,
    /// Since when.
    pub granted_at: DateTimeUtc,
    /// When it was taken back.
    pub revoked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
