//! Somebody on a visit: the hat of a person, with a link of their own.

use sea_orm::entity::prelude::*;

use crate::ids::{PersonId, VisitId, VisitorId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visitor")]
pub struct Model {
    /// The hat.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VisitorId,
    /// The visit.
    pub visit_id: VisitId,
    /// Who.
    pub person_id: PersonId,
    /// 职务.
    pub position: String,
    /// Generation of the link.
    pub generation: i32,
    /// Whether the person goes by the terms that both approved.
    pub coming: bool,
    /// Said to have left, where such links are switched on.
    pub departed_at: Option<DateTimeUtc>,
    /// Said to have arrived.
    pub arrived_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
