//! A unit that joins a need of another (附议).

use sea_orm::entity::prelude::*;

use crate::ids::{NeedId, PersonId, UnitId, VoiceId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "need_voice")]
pub struct Model {
    /// The voice.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VoiceId,
    /// What it joins.
    pub need_id: NeedId,
    /// Who joins; once.
    pub unit_id: UnitId,
    /// The contact who joined.
    pub by_person: PersonId,
    /// How many people of this unit.
    pub headcount: i32,
    /// More about it.
    pub note: String,
    /// When joined.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
