//! Queries of accounts, grants and sessions.

use chrono::{DateTime, Utc};
use entity::{
    account,
    ids::{AccountId, PersonId},
    person, role_grant, session, sign_in_try,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
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
    let rows = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account))
        .filter(role_grant::Column::RevokedAt.is_null())
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Grant {
            role: row.role,
            unit: row.unit_id,
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
        .col_expr(
            session::Column::SeenAt,
            sea_orm::sea_query::Expr::value(now),
        )
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

pub(super) async fn delete_sessions_of(tx: &WriteTx, person: PersonId) -> Result<()> {
    session::Entity::delete_many()
        .filter(session::Column::PersonId.eq(person))
        .exec(tx.db())
        .await?;
    Ok(())
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
