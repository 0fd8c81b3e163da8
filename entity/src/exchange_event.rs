//! History of what the exchange group keeps: who, when, what.

use sea_orm::entity::prelude::*;

use crate::ids::{ExchangeEventId, PersonId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exchange_event")]
pub struct Model {
    /// The event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExchangeEventId,
    /// Kind of row: `visit`, `visit_offer`, `visit_wish`, `cooperation`, `forum`.
    pub owner_kind: String,
    /// The row.
    pub owner_id: Uuid,
    /// When.
    pub at: DateTimeUtc,
    /// Who; none for the service itself.
    pub by_person: Option<PersonId>,
    /// What happened.
    pub code: String,
    /// More about it.
    pub note: String,
}

impl ActiveModelBehavior for ActiveModel {}
