//! An interest that an expert declares: recused where it touches a request.

use sea_orm::entity::prelude::*;

use crate::ids::{ExpertId, InterestId, UnitId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "expert_interest")]
pub struct Model {
    /// The interest.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InterestId,
    /// Who.
    pub expert_id: ExpertId,
    /// The member unit that it is in, when one.
    pub unit_id: Option<UnitId>,
    /// The organisation, normalised name as typed.
    pub organisation: String,
    /// `share`, `adviser`, `family`, `other`.
    pub kind: String,
    /// In words.
    pub note: String,
    /// Until when it counts; none means until taken back.
    pub until_date: Option<Date>,
    /// When declared.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
