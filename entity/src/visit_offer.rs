//! Places that a unit offers to people of others (人才互访 名额).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, UnitId, VisitOfferId};

/// Whether units are still brought together over it; wishes have the same two states.
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
pub enum PostingState {
    /// 招募中
    Open,
    /// 已关闭
    Closed,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_offer")]
pub struct Model {
    /// The offer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VisitOfferId,
    /// 编号.
    pub number: String,
    /// Who offers.
    pub unit_id: UnitId,
    /// The contact who filed it.
    pub filed_by: PersonId,
    /// Whether it stands.
    pub state: PostingState,
    /// What can be learned, a line.
    pub title: String,
    /// More about it.
    pub description: String,
    /// Codes, a list.
    pub domains: Json,
    /// Keywords, a list.
    pub keywords: Json,
    /// Not before.
    pub from_date: Date,
    /// Not after.
    pub to_date: Date,
    /// How many groups it takes.
    pub rounds: i32,
    /// How many people a group may have.
    pub places: i32,
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
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// When it was closed.
    pub closed_at: Option<DateTimeUtc>,
    /// Rises with every change.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
