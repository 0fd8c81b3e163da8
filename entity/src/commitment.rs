//! A span of a person's time that is taken, checked under lock: nobody is in two places.

use sea_orm::entity::prelude::*;

use crate::ids::{CommitmentId, PersonId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commitment")]
pub struct Model {
    /// The span.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommitmentId,
    /// Who.
    pub person_id: PersonId,
    /// From.
    pub from_at: DateTimeUtc,
    /// Until.
    pub to_at: DateTimeUtc,
    /// What takes it: kind of row.
    pub source_kind: String,
    /// What takes it: the row.
    pub source_id: Uuid,
    /// In words.
    pub label: String,
}

impl ActiveModelBehavior for ActiveModel {}
