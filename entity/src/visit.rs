//! People of one unit staying with another (人才互访), from the proposal to the report.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{UnitId, VisitId, VisitOfferId, VisitWishId};

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
pub enum VisitState {
    /// 待双方审批
    Proposed,
    /// 双方已同意
    Agreed,
    /// 已返回，待总结
    Returned,
    /// 已交总结
    Reported,
    /// 已办结
    Closed,
    /// 未达成
    Declined,
    /// 已撤回
    Withdrawn,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit")]
pub struct Model {
    /// The visit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VisitId,
    /// 编号.
    pub number: String,
    /// The offer.
    pub offer_id: VisitOfferId,
    /// The wish.
    pub wish_id: VisitWishId,
    /// 派出单位.
    pub sending_unit_id: UnitId,
    /// 接收单位.
    pub host_unit_id: UnitId,
    /// Where it stands.
    pub state: VisitState,
    /// What for.
    pub title: String,
    /// Why these two were brought together, lines in office words.
    pub reasons: Json,
    /// The terms that both have approved.
    pub agreed_version: Option<i32>,
    /// SEQUENCE of the calendar entries of all visitors.
    pub calendar_sequence: i32,
    /// True first day, after the return.
    pub left_on: Option<Date>,
    /// True last day.
    pub back_on: Option<Date>,
    /// When the return was confirmed.
    pub returned_at: Option<DateTimeUtc>,
    /// Report due on.
    pub report_due: Option<Date>,
    /// Why it was declined or withdrawn.
    pub end_note: String,
    /// Which unit ended it.
    pub ended_by_unit: Option<UnitId>,
    /// When it ended.
    pub closed_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
