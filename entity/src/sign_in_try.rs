//! Wrong passwords lately, by account address and by network address.

use sea_orm::entity::prelude::*;

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_try")]
pub struct Model {
    /// `mail:` or `ip:` and the digest of the address.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// Wrong passwords since `since`.
    pub tries: i32,
    /// When the count began.
    pub since: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
