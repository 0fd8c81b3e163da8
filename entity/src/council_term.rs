//! A council term (理事会届次).

use sea_orm::entity::prelude::*;

use crate::ids::TermId;

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "council_term")]
pub struct Model {
    /// The term.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TermId,
    /// 第几届
    pub number: i32,
    /// First day.
    pub from_date: Date,
    /// Last day.
    pub to_date: Date,
}

impl ActiveModelBehavior for ActiveModel {}
