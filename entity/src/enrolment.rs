//! A person in the queue of a registration: with a seat, waiting, or gone.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{EnrolmentId, PersonId, RegistrationId, UnitId};

/// Where it stands.
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
pub enum EnrolmentState {
    /// 待单位确认
    AwaitingUnit,
    /// 已报名: has a seat
    Enrolled,
    /// 候补
    Waiting,
    /// 有名额待确认: a seat is kept for a time
    Offered,
    /// 已取消
    Cancelled,
    /// 逾期未确认
    Lapsed,
    /// 单位未同意
    Refused,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrolment")]
pub struct Model {
    /// The enrolment. Its id is the subject of the person's own link.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EnrolmentId,
    /// For what.
    pub registration_id: RegistrationId,
    /// Who.
    pub person_id: PersonId,
    /// Unit of the alliance, if any.
    pub unit_id: Option<UnitId>,
    /// Unit as written; empty for none.
    pub unit_name: String,
    /// Position.
    pub position: String,
    /// Number to reach the person on the day; digits or empty.
    pub phone: String,
    /// Address given for this matter.
    pub email: Option<String>,
    /// Where it stands.
    pub state: EnrolmentState,
    /// Place in the order of arrival, given under the lock of the registration.
    pub arrival: i32,
    /// Answers to the extra questions, by key.
    pub answers: Json,
    /// The contact who enrolled the person; none who came by the open form.
    pub by_person: Option<PersonId>,
    /// Whether the person ever stood in the queue.
    pub waited: bool,
    /// What else the person has promised at the time after a move, in words; empty for nothing.
    pub clash: String,
    /// Generation of the person's own link.
    pub generation: i32,
    /// How often the person was told of a change of state: numbers the mails.
    pub rounds: i32,
    /// When the person arrived.
    pub arrived_at: DateTimeUtc,
    /// When the seat was given.
    pub enrolled_at: Option<DateTimeUtc>,
    /// When it ended.
    pub ended_at: Option<DateTimeUtc>,
    /// Why, in words.
    pub end_note: String,
}

impl ActiveModelBehavior for ActiveModel {}
