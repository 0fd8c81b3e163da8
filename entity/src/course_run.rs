//! A course that is held once (培训班 第×期).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{BaseId, CourseId, CourseRunId, PersonId, RegistrationId, RoomId};

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
pub enum RunState {
    /// 草稿
    Draft,
    /// 报名中
    Published,
    /// 报名截止
    Closed,
    /// 已办班
    Held,
    /// 已结班
    Settled,
    /// 已取消
    Cancelled,
}

/// What was decided about a run with few people.
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
pub enum Decision {
    /// 按期开班
    Hold,
    /// 并入他期
    Merge,
    /// 取消
    Cancel,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "course_run")]
pub struct Model {
    /// The run.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CourseRunId,
    /// What is taught.
    pub course_id: CourseId,
    /// 第×期, from 1 within the course.
    pub ordinal: i32,
    /// 班次编号
    pub number: String,
    /// Where it stands.
    pub state: RunState,
    /// Title of the course as it was announced.
    pub title: String,
    /// At which base.
    pub base_id: Option<BaseId>,
    /// In which room; none online or elsewhere.
    pub room_id: Option<RoomId>,
    /// Held online.
    pub online: bool,
    /// Where: the online room, or the place when at no base.
    pub place: String,
    /// IANA zone of the local times.
    pub zone: String,
    /// Seats.
    pub capacity: i32,
    /// 开班人数: fewer are no run.
    pub least: i32,
    /// The day on which it is decided whether it is held.
    pub decide_on: Option<Date>,
    /// What was decided then.
    pub decision: Option<Decision>,
    /// Most people of one unit.
    pub per_unit: Option<i32>,
    /// Enrolment from.
    pub opens_at: Option<DateTimeUtc>,
    /// Enrolment until.
    pub closes_at: Option<DateTimeUtc>,
    /// Anyone may enrol by a confirmed address.
    pub open_form: bool,
    /// The unit agrees to each enrolment by the open form.
    pub unit_approval: bool,
    /// Extra questions, a list of {key, label, kind, choices, required}.
    pub questions: Json,
    /// Fee a head, in 分; 0: free.
    pub fee_fen: i32,
    /// Who is free of it, in words.
    pub fee_free: String,
    /// 开票信息: what is needed and from whom the invoice comes.
    pub invoice_note: String,
    /// 食宿交通
    pub lodging: String,
    /// Whom to call.
    pub contact_name: String,
    /// Their number.
    pub contact_phone: String,
    /// 文号 of the notice, once published.
    pub notice_number: Option<String>,
    /// 正文: why and for whom it is held.
    pub notice_text: String,
    /// Start of the first lesson.
    pub starts_at: Option<DateTimeUtc>,
    /// End of the last lesson.
    pub ends_at: Option<DateTimeUtc>,
    /// The start by the recurrence that drafted it.
    pub due_start: Option<DateTimeUtc>,
    /// Its seats, once published.
    pub registration_id: Option<RegistrationId>,
    /// The run that its people were offered instead.
    pub merged_into: Option<CourseRunId>,
    /// Why it was cancelled or moved last, in words.
    pub reason: String,
    /// Who made it; none: the recurrence.
    pub created_by: Option<PersonId>,
    /// When.
    pub created_at: DateTimeUtc,
    /// When last changed.
    pub updated_at: DateTimeUtc,
    /// When published.
    pub published_at: Option<DateTimeUtc>,
    /// When enrolment was closed.
    pub closed_at: Option<DateTimeUtc>,
    /// When it was over.
    pub held_at: Option<DateTimeUtc>,
    /// When settled.
    pub settled_at: Option<DateTimeUtc>,
    /// When cancelled.
    pub cancelled_at: Option<DateTimeUtc>,
    /// Rises with each change.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
