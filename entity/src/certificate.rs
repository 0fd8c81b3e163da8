//! A certificate (结业证书) as it was printed. It is never changed: a mistake is mended by another
//! certificate that takes its place.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{CertificateId, CourseRunId, EnrolmentId, PersonId};

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
pub enum CertificateState {
    /// 有效
    Valid,
    /// 已撤销
    Revoked,
    /// 已换发: another one took its place
    Replaced,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificate")]
pub struct Model {
    /// The certificate. Its id is the subject of the person's link to it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CertificateId,
    /// Of which run.
    pub run_id: CourseRunId,
    /// Of whom.
    pub enrolment_id: EnrolmentId,
    /// The person.
    pub person_id: PersonId,
    /// 证书编号 with its check character, never given again.
    pub number: String,
    /// Where it stands.
    pub state: CertificateState,
    /// Name as printed.
    pub name: String,
    /// Unit as printed; may be empty.
    pub unit_name: String,
    /// Title as printed.
    pub title: String,
    /// Issuer as printed.
    pub issuer: String,
    /// Body as printed.
    pub body: String,
    /// The course.
    pub course: String,
    /// 学时
    pub hours: i32,
    /// Its date.
    pub issued_on: Date,
    /// The signed payload of the picture, in base64url.
    pub payload: String,
    /// The key that signed it.
    pub key_id: String,
    /// The certificate whose place it took.
    pub replaces: Option<CertificateId>,
    /// Why it was revoked or replaced; empty while valid.
    pub reason: String,
    /// Who issued it.
    pub issued_by: PersonId,
    /// When.
    pub issued_at: DateTimeUtc,
    /// Who revoked or replaced it.
    pub ended_by: Option<PersonId>,
    /// When.
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
