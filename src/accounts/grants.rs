//! The face of accounts for bodies that give people something to do: an account, its roles.

use entity::{
    account,
    ids::{AccountId, GrantId, PersonId, UnitId},
    role_grant::{self, Role},
    ticket::TicketPurpose,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{store, tickets};
use crate::{
    foundation::{
        error::{Error, FieldErrors, Refusal, Result},
        store::WriteTx,
    },
    people,
};

/// The account of a person, made when there is none and opened again when it was closed. It keeps
/// the address it has.
///
/// # Errors
/// The refusal `accounts.email_taken` at the field `email` when somebody else signs in with it.
pub async fn open(tx: &WriteTx, person: PersonId, email: &str) -> Result<account::Model> {
    people::lock(tx, person).await?;
    if let Some(known) = store::account_of(tx.db(), person).await? {
        if known.disabled_at.is_none() {
            return Ok(known);
        }
        // Whoever comes back sets a new password by a new invitation.
        return Ok(account::Entity::update(account::ActiveModel {
            disabled_at: Set(None),
            password_hash: Set(None),
            ..known.into()
        })
        .exec(tx.db())
        .await?);
    }
    if store::account_by_email(tx.db(), email).await?.is_some() {
        return Err(Error::Invalid(FieldErrors::at(
            "email",
            Refusal::new("accounts.email_taken"),
        )));
    }
    let row = account::Model {
        id: tx.id(),
        person_id: person,
        email: email.to_owned(),
        password_hash: None,
        disabled_at: None,
        created_at: tx.now(),
    };
    account::Entity::insert(account::ActiveModel::from(row.clone()))
        .exec_without_returning(tx.db())
        .await?;
    Ok(row)
}

/// Gives an account a role. Whether it is new; a role that holds already is left as it is.
///
/// # Errors
/// When the database fails.
pub async fn grant(
    tx: &WriteTx,
    account: AccountId,
    role: Role,
    unit: Option<UnitId>,
) -> Result<bool> {
    let held = store::grant_rows(tx.db(), account)
        .await?
        .into_iter()
        .any(|row| row.role == role && row.unit_id == unit);
    if held {
        return Ok(false);
    }
    role_grant::Entity::insert(role_grant::ActiveModel {
        id: Set(tx.id::<GrantId>()),
        account_id: Set(account),
        role: Set(role),
        unit_id: Set(unit),
        granted_at: Set(tx.now()),
        revoked_at: Set(None),
    })
    .exec_without_returning(tx.db())
    .await?;
    Ok(true)
}

/// Takes a role of a person back. An account without any role is closed, and its sessions end; the
/// role itself stops at the next request anyway.
///
/// # Errors
/// When the database fails.
pub async fn revoke(
    tx: &WriteTx,
    person: PersonId,
    role: Role,
    unit: Option<UnitId>,
) -> Result<()> {
    people::lock(tx, person).await?;
    let Some(account) = store::account_of(tx.db(), person).await? else {
        return Ok(());
    };
    let rows = store::grant_rows(tx.db(), account.id).await?;
    let (gone, left): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|row| row.role == role && row.unit_id == unit);
    role_grant::Entity::update_many()
        .col_expr(role_grant::Column::RevokedAt, Expr::value(Some(tx.now())))
        .filter(role_grant::Column::Id.is_in(gone.iter().map(|row| row.id)))
        .exec(tx.db())
        .await?;
    if left.is_empty() && account.disabled_at.is_none() {
        account::Entity::update(account::ActiveModel {
            disabled_at: Set(Some(tx.now())),
            ..account.into()
        })
        .exec(tx.db())
        .await?;
        store::delete_sessions_of(tx, person, None).await?;
        tickets::cancel(tx, TicketPurpose::SetPassword, person).await?;
        tickets::cancel(tx, TicketPurpose::ResetPassword, person).await?;
    }
    Ok(())
}
