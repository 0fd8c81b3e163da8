//! What somebody typed into an open form, before the address is confirmed. It is no enrolment and makes nobody known.

use sea_orm::entity::prelude::*;

use crate::ids::{ApplicationId, EnrolmentId, RegistrationId, UnitId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "open_application")]
pub struct Model {
    /// The application.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApplicationId,
    /// For what.
    pub registration_id: RegistrationId,
    /// SHA-256 of the secret that was mailed, in hexadecimal.
    pub token_hash: String,
    /// Name.
    pub name: String,
    /// Address to be confirmed.
    pub email: String,
    /// Mobile number, digits.
    pub phone: String,
    /// Unit of the alliance, if any.
    pub unit_id: Option<UnitId>,
    /// Unit as written; empty for none.
    pub unit_name: String,
    /// Position.
    pub position: String,
    /// Answers to the extra questions, by key.
    pub answers: Json,
    /// When sent.
    pub created_at: DateTimeUtc,
    /// Until when it can be confirmed.
    pub expires_at: DateTimeUtc,
    /// When it was.
    pub confirmed_at: Option<DateTimeUtc>,
    /// What it became.
    pub enrolment_id: Option<EnrolmentId>,
}

impl ActiveModelBehavior for ActiveModel {}
