//! Mails sent in a window, for pacing shared by all instances.

use sea_orm::entity::prelude::*;

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_quota")]
pub struct Model {
    /// `minute:…`, `day:…` or `domain:…` with the start of the window.
    #[sea_orm(primary_key, auto_increment = false)]
    pub window: String,
    /// Mails in it.
    pub used: i32,
    /// When the row may go.
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
