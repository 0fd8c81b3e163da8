//! The generation of a calendar feed that was renewed; a feed without a row is of the first.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Whose feed.
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
pub enum FeedKind {
    /// Of a person
    Person,
    /// Of a unit's people
    Unit,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feed_key")]
pub struct Model {
    /// The person or unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
    /// Which of the two.
    pub kind: FeedKind,
    /// Generation of its address; older ones are dead.
    pub generation: i32,
    /// When renewed.
    pub renewed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
