//! What is known about a fee: facts typed by hand, no payment.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{CourseRunId, EnrolmentId, FeeId, PersonId};

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
pub enum FeeState {
    /// 待缴
    Due,
    /// 已缴
    Paid,
    /// 免缴
    Waived,
    /// 已退
    Refunded,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "run_fee")]
pub struct Model {
    /// The fee.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FeeId,
    /// Of which run.
    pub run_id: CourseRunId,
    /// Of whom; once.
    pub enrolment_id: EnrolmentId,
    /// Where it stands.
    pub state: FeeState,
    /// Amount, in 分.
    pub amount_fen: i32,
    /// When paid, waived or given back.
    pub on_date: Option<Date>,
    /// 发票抬头
    pub invoice_title: String,
    /// 发票号码
    pub invoice_number: String,
    /// More, for example why waived.
    pub note: String,
    /// Who typed it last.
    pub by_person: Option<PersonId>,
    /// When.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
