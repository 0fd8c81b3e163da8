//! Queries of accounts, grants and sessions.

use chrono::{DateTime, Duration, Utc};
use entity::{
    account,
    ids::{AccountId, PersonId, SessionId},
    person, role_grant, session, sign_in_try,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use super::actor::Grant;
use crate::foundation::{error::Result, store::WriteTx};

pub(super) async fn account_by_email<C: ConnectionTrait>(
    db: &C,
    email: &str,
) -> Result<Option<account::Model>> {
    Ok(account::Entity::find()
        .filter(account::Column::Email.eq(email))
        .one(db)
        .await?)
}

pub(super) async fn session_with_person<C: ConnectionTrait>(
    db: &C,
    token_hash: &str,
) -> Result<Option<(session::Model, person::Model)>> {
    let Some(session) = session::Entity::find()
        .filter(session::Column::TokenHash.eq(token_hash))
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let person = person::Entity::find_by_id(session.person_id)
        .one(db)
        .await?;
    Ok(person.map(|person| (session, person)))
}

/// Roles of an account that hold now; none when the account is closed.
pub(super) async fn grants<C: ConnectionTrait>(db: &C, account: AccountId) -> Result<Vec<Grant>> {
    let open = account::Entity::find_by_id(account)
        .filter(account::Column::DisabledAt.is_null())
        .one(db)
        .await?;
    if open.is_none() {
        return Ok(Vec::new());
    }
    Ok(grant_rows(db, account)
        .await?
        .into_iter()
        .map(|row| Grant {
            role: row.role,
            unit: row.unit_id,
            committee: row.committee_id,
        })
        .collect())
}

pub(super) async fn insert_session(tx: &WriteTx, row: session::Model) -> Result<()> {
    session::Entity::insert(session::ActiveModel::from(row))
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn touch_session(
    tx: &WriteTx,
    row: &session::Model,
    now: DateTime<Utc>,
) -> Result<()> {
    session::Entity::update_many()
        .col_expr(session::Column::SeenAt, Expr::value(now))
        .filter(session::Column::Id.eq(row.id))
        .exec(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn delete_session(tx: &WriteTx, token_hash: &str) -> Result<()> {
    session::Entity::delete_many()
        .filter(session::Column::TokenHash.eq(token_hash))
        .exec(tx.db())
        .await?;
    Ok(())
}

pub(super) async fn delete_sessions_of(
    tx: &WriteTx,
    person: PersonId,
    kept: Option<SessionId>,
) -> Result<()> {
    let mut all = session::Entity::delete_many().filter(session::Column::PersonId.eq(person));
    if let Some(kept) = kept {
        all = all.filter(session::Column::Id.ne(kept));
    }
    all.exec(tx.db()).await?;
    Ok(())
}

/// Sessions of a person that have not ended, the one used last first.
pub(super) async fn sessions_of<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<Vec<session::Model>> {
    Ok(session::Entity::find()
        .filter(session::Column::PersonId.eq(person))
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::SeenAt)
        .all(db)
        .await?)
}

/// Ends one session of a person; another's is left alone.
pub(super) async fn delete_session_of(
    tx: &WriteTx,
    person: PersonId,
    id: SessionId,
) -> Result<bool> {
    let gone = session::Entity::delete_many()
        .filter(session::Column::PersonId.eq(person))
        .filter(session::Column::Id.eq(id))
        .exec(tx.db())
        .await?;
    Ok(gone.rows_affected > 0)
}

pub(super) async fn account_of<C: ConnectionTrait>(
    db: &C,
    person: PersonId,
) -> Result<Option<account::Model>> {
    Ok(account::Entity::find()
        .filter(account::Column::PersonId.eq(person))
        .one(db)
        .await?)
}

pub(super) async fn set_password(tx: &WriteTx, account: AccountId, hash: String) -> Result<()> {
    account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(Some(hash)))
        .filter(account::Column::Id.eq(account))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Rows of roles of an account that hold now.
pub(super) async fn grant_rows<C: ConnectionTrait>(
    db: &C,
    account: AccountId,
) -> Result<Vec<role_grant::Model>> {
    Ok(role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account))
        .filter(role_grant::Column::RevokedAt.is_null())
        .order_by_asc(role_grant::Column::GrantedAt)
        .all(db)
        .await?)
}

/// Takes away what nobody needs any more: ended sessions and counts of tries of yesterday. Gives how
/// many rows went.
pub(super) async fn tidy(tx: &WriteTx) -> Result<u64> {
    let now = tx.now();
    let sessions = session::Entity::delete_many()
        .filter(session::Column::ExpiresAt.lte(now))
        .exec(tx.db())
        .await?;
    let tries = sign_in_try::Entity::delete_many()
        .filter(sign_in_try::Column::Since.lte(now - Duration::days(1)))
        .exec(tx.db())
        .await?;
    Ok(sessions.rows_affected + tries.rows_affected)
}

pub(super) async fn tries<C: ConnectionTrait>(
    db: &C,
    subject: &str,
) -> Result<Option<sign_in_try::Model>> {
    Ok(sign_in_try::Entity::find_by_id(subject.to_owned())
        .one(db)
        .await?)
}

/// Counts one more wrong password, beginning anew when the former count began before `begin`.
pub(super) async fn count_try(tx: &WriteTx, subject: &str, begin: DateTime<Utc>) -> Result<()> {
    let row = sign_in_try::Entity::find_by_id(subject.to_owned())
        .lock_exclusive()
        .one(tx.db())
        .await?;
    match row {
        Some(row) => {
            let fresh = row.since < begin;
            let next = sign_in_try::ActiveModel {
                tries: Set(if fresh { 1 } else { row.tries + 1 }),
                since: Set(if fresh { tx.now() } else { row.since }),
                ..row.into()
            };
            sign_in_try::Entity::update(next).exec(tx.db()).await?;
        }
        None => {
            sign_in_try::Entity::insert(sign_in_try::ActiveModel {
                subject: Set(subject.to_owned()),
                tries: Set(1),
                since: Set(tx.now()),
            })
            .exec_without_returning(tx.db())
            .await?;
        }
    }
    Ok(())
}

pub(super) async fn forget_tries(tx: &WriteTx, subject: &str) -> Result<()> {
    sign_in_try::Entity::delete_by_id(subject.to_owned())
        .exec(tx.db())
        .await?;
    Ok(())
}
