//! Who did what, append only; the chain covers ids, codes and a salted commitment to the details.

use sea_orm::entity::prelude::*;

use crate::ids::{AuditId, PersonId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// The entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditId,
    /// When.
    pub at: DateTimeUtc,
    /// Who; none for the schedule.
    pub actor_person: Option<PersonId>,
    /// Code of what was done, `body.verb`.
    pub action: String,
    /// Kind of row.
    pub subject_kind: String,
    /// The row.
    pub subject_id: Option<Uuid>,
    /// SHA-256 over salt and details.
    pub commitment: String,
    /// The salt; gone after erasure.
    pub salt: Option<String>,
    /// Details with personal data; gone after erasure.
    pub details: Option<Json>,
    /// Network address.
    pub address: Option<String>,
    /// Place in the chain, once sealed.
    pub sequence: Option<i64>,
    /// HMAC over the former seal and this entry, once sealed.
    pub seal: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
