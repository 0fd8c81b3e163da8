//! Somebody who does without the weekly digest.

use sea_orm::entity::prelude::*;

use crate::ids::PersonId;

/// A row; without one the digest is sent.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "digest_stop")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    /// When it was switched off.
    pub stopped_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
