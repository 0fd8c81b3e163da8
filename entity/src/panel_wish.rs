//! An expert that the requester hopes for: on the record, never a right.

use sea_orm::entity::prelude::*;

use crate::ids::{ExpertId, PanelId, WishId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_wish")]
pub struct Model {
    /// The wish.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WishId,
    /// The panel.
    pub panel_id: PanelId,
    /// The expert, when in the pool.
    pub expert_id: Option<ExpertId>,
    /// Name as typed.
    pub name: String,
    /// Why.
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
