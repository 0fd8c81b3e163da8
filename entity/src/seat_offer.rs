//! A freed seat kept for somebody who waited, until an instant.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{EnrolmentId, OfferId, PersonId, RegistrationId};

/// What became of it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::None)",
    rename_all = "snake_case"
)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// Waits for the answer
    Open,
    /// 接受
    Taken,
    /// 逾期
    Lapsed,
    /// 放弃
    Declined,
    /// Taken back: the registration was cancelled
    Withdrawn,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "seat_offer")]
pub struct Model {
    /// The offer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfferId,
    /// Of which registration.
    pub registration_id: RegistrationId,
    /// To whom.
    pub enrolment_id: EnrolmentId,
    /// What became of it.
    pub state: OfferState,
    /// When made.
    pub made_at: DateTimeUtc,
    /// Until when the seat is kept.
    pub until: DateTimeUtc,
    /// 暂定: the calendar does not cover the limit.
    pub provisional: bool,
    /// Who made it; none for the queue itself.
    pub made_by: Option<PersonId>,
    /// When it was answered or ran out.
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
