//! A public key that signed certificates. Kept for ever: certificates are checked long after the key
//! has been changed.

use sea_orm::entity::prelude::*;

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_key")]
pub struct Model {
    /// Eight hexadecimal digits of its digest, as signed payloads name it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The Ed25519 public key, 32 bytes in base64url.
    pub public_key: String,
    /// When it signed first.
    pub since: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
