//! Days on which an expert is away.

use sea_orm::entity::prelude::*;

use crate::ids::{AbsenceId, ExpertId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "expert_absence")]
pub struct Model {
    /// The absence.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AbsenceId,
    /// Who.
    pub expert_id: ExpertId,
    /// First day.
    pub from_date: Date,
    /// Last day.
    pub to_date: Date,
    /// Why, or empty.
    pub note: String,
}

impl ActiveModelBehavior for ActiveModel {}
