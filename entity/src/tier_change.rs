//! History of a unit's standing.

use sea_orm::entity::prelude::*;

use crate::ids::{PersonId, TierChangeId, UnitId};
use crate::unit::Tier;

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tier_change")]
pub struct Model {
    /// The change.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TierChangeId,
    /// The unit.
    pub unit_id: UnitId,
    /// The new standing.
    pub tier: Tier,
    /// Since when.
    pub on_date: Date,
    /// Why.
    pub reason: String,
    /// Who recorded it.
    pub by_person: Option<PersonId>,
    /// When it was recorded.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
