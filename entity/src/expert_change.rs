//! History of an expert's state: actor, time, reason.

use sea_orm::entity::prelude::*;

use crate::expert::ExpertState;
use crate::ids::{ExpertChangeId, ExpertId, PersonId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "expert_change")]
pub struct Model {
    /// The change.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExpertChangeId,
    /// Who.
    pub expert_id: ExpertId,
    /// The new state.
    pub state: ExpertState,
    /// When.
    pub at: DateTimeUtc,
    /// Who did it.
    pub by_person: Option<PersonId>,
    /// Why.
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
