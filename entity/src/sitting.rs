//! A span of time for which people sign in: a lesson, a part of a programme.

use sea_orm::entity::prelude::*;

use crate::ids::{RegistrationId, SittingId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sitting")]
pub struct Model {
    /// The sitting.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SittingId,
    /// Of which registration.
    pub registration_id: RegistrationId,
    /// The owner's row: a lesson, an item of the programme.
    pub owner_ref: Uuid,
    /// What it is.
    pub label: String,
    /// Begin.
    pub from_at: DateTimeUtc,
    /// End.
    pub to_at: DateTimeUtc,
    /// Place, or online room.
    pub place: String,
    /// SEQUENCE of its entries in feeds: rises with every change.
    pub sequence: i32,
}

impl ActiveModelBehavior for ActiveModel {}
