//! A consent of a person to a purpose, given and withdrawn.

use sea_orm::entity::prelude::*;

use crate::ids::{ConsentId, PersonId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    /// The consent.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsentId,
    /// Who.
    pub person_id: PersonId,
    /// For what (`pool`, `secrecy`, `integrity`, …).
    pub purpose: String,
    /// Version of the text.
    pub version: String,
    /// The matter, where the consent is for one.
    pub matter_id: Option<Uuid>,
    /// When.
    pub given_at: DateTimeUtc,
    /// How: `link`, `paper`, `account`.
    pub channel: String,
    /// When taken back.
    pub withdrawn_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
