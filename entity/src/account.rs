//! A sign-in by e-mail and password.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, PersonId};

/// A row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// Whose it is.
    pub person_id: PersonId,
    /// E-mail address to sign in with, lower case.
    pub email: String,
    /// Argon2id in PHC form; none until the invitation is taken up.
    pub password_hash: Option<String>,
    /// When it was closed.
    pub disabled_at: Option<DateTimeUtc>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
