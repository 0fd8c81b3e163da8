//! A member organisation of the alliance (成员单位).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::UnitId;

/// Standing in the alliance.
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
pub enum Tier {
    /// 普通成员单位
    Member,
    /// 理事单位
    Council,
    /// 常务理事单位
    StandingCouncil,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    /// The unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UnitId,
    /// Full name.
    pub name: String,
    /// Short name, or empty.
    pub short_name: String,
    /// Names normalised, for searching.
    pub name_normal: String,
    /// Their pinyin in all readings.
    pub name_pinyin: String,
    /// Their initials.
    pub name_initials: String,
    /// Standing since the last change.
    pub tier: Tier,
    /// 统一社会信用代码; some members are alliances without one.
    pub credit_code: Option<String>,
    /// What the unit deals with, for matching.
    pub scope: String,
    /// Whether it runs the 秘书处.
    pub secretariat: bool,
    /// Since when a member.
    pub joined_on: Option<Date>,
    /// When it left.
    pub left_on: Option<Date>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
