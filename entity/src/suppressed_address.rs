//! An address that is known not to exist.

use sea_orm::entity::prelude::*;

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suppressed_address")]
pub struct Model {
    /// The address, lower case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub address: String,
    /// What the server said.
    pub reply: String,
    /// When it was noted.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
