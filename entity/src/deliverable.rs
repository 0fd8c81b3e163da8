//! What a joint project is to bring, with its day.

use sea_orm::entity::prelude::*;

use crate::ids::{CooperationId, DeliverableId, PersonId, UnitId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deliverable")]
pub struct Model {
    /// The deliverable.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeliverableId,
    /// The project.
    pub cooperation_id: CooperationId,
    /// What.
    pub title: String,
    /// Who is to bring it.
    pub unit_id: UnitId,
    /// Until when.
    pub due_on: Date,
    /// When it was brought.
    pub delivered_on: Option<Date>,
    /// Who said so.
    pub delivered_by: Option<PersonId>,
    /// What was brought.
    pub note: String,
}

impl ActiveModelBehavior for ActiveModel {}
