//! A room of a training base.

use sea_orm::entity::prelude::*;

use crate::ids::{BaseId, RoomId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "room")]
pub struct Model {
    /// The room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoomId,
    /// Where.
    pub base_id: BaseId,
    /// Name, for example `201 教室`.
    pub name: String,
    /// Seats.
    pub seats: i32,
    /// From when it can be used, on the clocks of the base.
    pub opens: Time,
    /// Until when.
    pub closes: Time,
    /// What is in it.
    pub equipment: String,
    /// When it was given up.
    pub closed_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
