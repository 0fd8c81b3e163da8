//! Somebody who is to go on a stay that is asked for.

use sea_orm::entity::prelude::*;

use crate::ids::{PersonId, VisitWishId, VisitWishPersonId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_wish_person")]
pub struct Model {
    /// The row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VisitWishPersonId,
    /// The stay.
    pub wish_id: VisitWishId,
    /// Who.
    pub person_id: PersonId,
    /// 职务.
    pub position: String,
}

impl ActiveModelBehavior for ActiveModel {}
