//! A forum or another activity of the exchange group, with a programme.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{ForumId, PersonId, RegistrationId};

/// What it is.
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
pub enum ForumKind {
    /// 团标论坛
    Forum,
    /// 交流活动
    Activity,
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
pub enum ForumState {
    /// 草稿
    Draft,
    /// 已发布
    Published,
    /// 已结束
    Ended,
    /// 已取消
    Cancelled,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "forum")]
pub struct Model {
    /// The forum.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ForumId,
    /// 编号.
    pub number: String,
    /// What it is.
    pub kind: ForumKind,
    /// Where it stands.
    pub state: ForumState,
    /// Title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Codes, a list, for the match of speakers.
    pub domains: Json,
    /// Keywords, a list.
    pub keywords: Json,
    /// The day.
    pub on_date: Date,
    /// 线上.
    pub online: bool,
    /// Place, or online room.
    pub place: String,
    /// Seats.
    pub capacity: i32,
    /// Most seats of one unit.
    pub per_unit: Option<i32>,
    /// Last day to enrol.
    pub closes_on: Date,
    /// Whom to call.
    pub contact_name: String,
    /// Their number.
    pub contact_phone: String,
    /// Its seats, once published.
    pub registration_id: Option<RegistrationId>,
    /// Who filed it.
    pub filed_by: PersonId,
    /// Why it was cancelled.
    pub end_note: String,
    /// When it was published.
    pub published_at: Option<DateTimeUtc>,
    /// When it ended.
    pub ended_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// Rises with every change.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
