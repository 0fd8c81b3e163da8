//! Terms of a visit: each version needs the approval of both units.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, UnitId, VisitId, VisitTermsId};

/// What became of a version.
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
pub enum TermsState {
    /// 待审批
    Pending,
    /// 双方已同意
    Agreed,
    /// 未同意
    Refused,
    /// 已由新条件代替
    Replaced,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_terms")]
pub struct Model {
    /// The version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VisitTermsId,
    /// The visit.
    pub visit_id: VisitId,
    /// 1, 2, …
    pub version: i32,
    /// What became of it.
    pub state: TermsState,
    /// First day.
    pub from_date: Date,
    /// Last day.
    pub to_date: Date,
    /// What is to be done.
    pub tasks: String,
    /// Where.
    pub place: String,
    /// 带教老师.
    pub mentor_name: String,
    /// Their number.
    pub mentor_phone: String,
    /// Who bears the costs.
    pub cost: String,
    /// Who insures.
    pub insurance: String,
    /// What is to be kept secret.
    pub secrecy: String,
    /// 因公出国（境）.
    pub abroad: bool,
    /// 批件号, when abroad.
    pub approval_number: String,
    /// Visitors who go by these terms, a list of ids.
    pub visitors: Json,
    /// Why the terms are to change.
    pub reason: String,
    /// Who proposed them.
    pub proposed_by: Option<PersonId>,
    /// Which unit; none for the exchange group.
    pub proposed_unit: Option<UnitId>,
    /// When.
    pub proposed_at: DateTimeUtc,
    /// Who approved for 派出单位.
    pub sending_by: Option<PersonId>,
    /// When.
    pub sending_at: Option<DateTimeUtc>,
    /// Who approved for 接收单位.
    pub host_by: Option<PersonId>,
    /// When.
    pub host_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
