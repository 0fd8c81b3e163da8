//! The face of accounts for bodies that give people something to do: an account, its roles.

use entity::{
    account,
    ids::{AccountId, CommitteeId, GrantId, PersonId, UnitId},
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

/// How far a role reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// One unit only.
    pub unit: Option<UnitId>,
    /// One committee only.
    pub committee: Option<CommitteeId>,
}

impl Reach {
    /// For one committee or working group.
    pub fn committee(committee: CommitteeId) -> Self {
        Self {
            unit: None,
            committee: Some(committee),
        }
    }

    fn is_of(self, row: &role_grant::Model) -> bool {
        row.unit_id == self.unit && row.committee_id == self.committee
    }
}

/// For one unit, or without one for the whole alliance.
impl From<Option<UnitId>> for Reach {
    fn from(unit: Option<UnitId>) -> Self {
        Self {
            unit,
            committee: None,
        }
    }
}

/// Gives an account a role. Whether it is new; a role that holds already is left as it is.
///
/// # Errors
/// When the database fails.
pub async fn grant(
    tx: &WriteTx,
    account: AccountId,
    role: Role,
    reach: impl Into<Reach>,
) -> Result<bool> {
    let reach = reach.into();
    let held = store::grant_rows(tx.db(), account)
        .await?
        .into_iter()
        .any(|row| row.role == role && reach.is_of(&row));
    if held {
        return Ok(false);
    }
    role_grant::Entity::insert(role_grant::ActiveModel {
        id: Set(tx.id::<GrantId>()),
        account_id: Set(account),
        role: Set(role),
        unit_id: Set(reach.unit),
        committee_id: Set(reach.committee),
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
    reach: impl Into<Reach>,
) -> Result<()> {
    let reach = reach.into();
    people::lock(tx, person).await?;
    let Some(account) = store::account_of(tx.db(), person).await? else {
        return Ok(());
    };
    let rows = store::grant_rows(tx.db(), account.id).await?;
    let (gone, left): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|row| row.role == role && reach.is_of(row));
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
