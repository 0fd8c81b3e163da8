//! Somebody who works in a joint project.

use sea_orm::entity::prelude::*;

use crate::ids::{CooperationId, CooperationPersonId, PersonId, UnitId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cooperation_person")]
pub struct Model {
    /// The row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CooperationPersonId,
    /// The project.
    pub cooperation_id: CooperationId,
    /// Who.
    pub person_id: PersonId,
    /// For which unit.
    pub unit_id: UnitId,
    /// What they do.
    pub task: String,
}

impl ActiveModelBehavior for ActiveModel {}
