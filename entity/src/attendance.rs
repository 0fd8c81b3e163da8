//! Somebody was at a sitting, or, corrected by hand, was not.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{AttendanceId, EnrolmentId, PersonId, SittingId};

/// How it was noted.
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
pub enum AttendanceHow {
    /// 本人链接和现场码
    Link,
    /// 姓名和手机号后四位
    Phone4,
    /// 现场登记
    Staff,
    /// 更正
    Correction,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attendance")]
pub struct Model {
    /// The note.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttendanceId,
    /// Where.
    pub sitting_id: SittingId,
    /// Who.
    pub enrolment_id: EnrolmentId,
    /// Whether the person was there.
    pub present: bool,
    /// How it was noted.
    pub how: AttendanceHow,
    /// When it was noted.
    pub at: DateTimeUtc,
    /// Who noted it; none for the person themselves.
    pub by_person: Option<PersonId>,
    /// Why it was corrected; empty otherwise.
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
