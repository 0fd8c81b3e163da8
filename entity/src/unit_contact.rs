//! A contact (联络员) of a unit: a hat of a person, with an account.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{ContactId, PersonId, UnitId};

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
pub enum ContactState {
    /// The link to set a password is out
    Invited,
    /// 在任
    Active,
    /// 已卸任
    Closed,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_contact")]
pub struct Model {
    /// The contact.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    /// The unit.
    pub unit_id: UnitId,
    /// The person.
    pub person_id: PersonId,
    /// Position in the unit.
    pub position: String,
    /// Where it stands.
    pub state: ContactState,
    /// Since when.
    pub created_at: DateTimeUtc,
    /// Until when.
    pub closed_at: Option<DateTimeUtc>,
    /// Who took over.
    pub successor_id: Option<ContactId>,
}

impl ActiveModelBehavior for ActiveModel {}
