//! A one-use secret sent by mail (setting or resetting a password, an expert's sign-in, confirming an address), kept as its digest.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, TicketId};

/// What it is for.
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
pub enum TicketPurpose {
    /// First password after an invitation
    SetPassword,
    /// 忘记密码
    ResetPassword,
    /// An expert's own page
    ExpertSession,
    /// Confirming a changed address
    ConfirmAddress,
}

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket")]
pub struct Model {
    /// The ticket.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketId,
    /// What it is for.
    pub purpose: TicketPurpose,
    /// SHA-256 of the secret, in hexadecimal.
    pub token_hash: String,
    /// Whose it is.
    pub person_id: PersonId,
    /// What belongs to it, for example the new address.
    pub detail: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// Until when.
    pub expires_at: DateTimeUtc,
    /// When it was used.
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
