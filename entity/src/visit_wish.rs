//! A stay that a unit asks for (人才互访 申请).

use sea_orm::entity::prelude::*;

use crate::ids::{PersonId, UnitId, VisitWishId};
use crate::visit_offer::PostingState;

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_wish")]
pub struct Model {
    /// The wish.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VisitWishId,
    /// 编号.
    pub number: String,
    /// Who asks.
    pub unit_id: UnitId,
    /// The contact who filed it.
    pub filed_by: PersonId,
    /// Whether it stands.
    pub state: PostingState,
    /// What for, a line.
    pub title: String,
    /// More about it.
    pub description: String,
    /// Codes, a list.
    pub domains: Json,
    /// Keywords, a list.
    pub keywords: Json,
    /// Not before.
    pub from_date: Date,
    /// Not after.
    pub to_date: Date,
    /// Length of the stay in calendar days.
    pub days: i32,
    /// The group, when several go together; may be empty.
    pub group_name: String,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// When it was closed.
    pub closed_at: Option<DateTimeUtc>,
    /// Rises with every change.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
