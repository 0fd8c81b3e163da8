//! A training base (培训基地) at a host unit.

use sea_orm::entity::prelude::*;

use crate::ids::{BaseId, UnitId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "training_base")]
pub struct Model {
    /// The base.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BaseId,
    /// Name.
    pub name: String,
    /// 依托单位: its contacts confirm bookings.
    pub host_unit_id: UnitId,
    /// Address with the way there.
    pub address: String,
    /// IANA zone of its clocks.
    pub zone: String,
    /// 授牌日期
    pub plaque_on: Option<Date>,
    /// Last day as a base.
    pub valid_until: Option<Date>,
    /// Who is there.
    pub contact_name: String,
    /// Their number.
    pub contact_phone: String,
    /// When it was closed.
    pub closed_at: Option<DateTimeUtc>,
    /// When entered.
    pub created_at: DateTimeUtc,
    /// When last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
