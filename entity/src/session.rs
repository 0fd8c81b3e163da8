//! A signed-in browser: a random reference, stored as its digest.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, PersonId, SessionId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// The session.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// SHA-256 of the cookie's value, in hexadecimal.
    pub token_hash: String,
    /// Whose it is.
    pub person_id: PersonId,
    /// The account that signed in; none for an expert who came by a mailed link.
    pub account_id: Option<AccountId>,
    /// The browser's own description, shortened, so that people know their sessions.
    pub browser: String,
    /// When it began.
    pub created_at: DateTimeUtc,
    /// When it was last used, to the minute.
    pub seen_at: DateTimeUtc,
    /// When it ends whatever happens.
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
