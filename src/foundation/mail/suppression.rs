//! Addresses that are known not to exist: nothing is sent there until somebody knows better.

use entity::{
    mail::{self, MailState},
    suppressed_address,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, Func, OnConflict},
};

use super::outbox::WAITING;
use crate::foundation::{error::Result, store::WriteTx};

/// All of them, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn all<C: ConnectionTrait>(db: &C) -> Result<Vec<suppressed_address::Model>> {
    Ok(suppressed_address::Entity::find()
        .order_by_desc(suppressed_address::Column::CreatedAt)
        .order_by_asc(suppressed_address::Column::Address)
        .all(db)
        .await?)
}

/// How many there are.
///
/// # Errors
/// When the database fails.
pub async fn count<C: ConnectionTrait>(db: &C) -> Result<u64> {
    Ok(suppressed_address::Entity::find().count(db).await?)
}

/// Why nothing is sent to `address`, if so: what the server said.
///
/// # Errors
/// When the database fails.
pub async fn reason<C: ConnectionTrait>(db: &C, address: &str) -> Result<Option<String>> {
    let known = suppressed_address::Entity::find_by_id(address.to_lowercase())
        .one(db)
        .await?;
    Ok(known.map(|row| row.reply))
}

/// Has mails sent to `address` again; whether it was known not to exist. Mails that were not sent in
/// the meantime stay so until somebody retries them.
///
/// # Errors
/// When the database fails.
pub async fn lift(tx: &WriteTx, address: &str) -> Result<bool> {
    let gone = suppressed_address::Entity::delete_by_id(address.to_lowercase())
        .exec(tx.db())
        .await?;
    Ok(gone.rows_affected > 0)
}

/// Notes that `address` does not exist, and sends nothing more of what waits for it.
pub(super) async fn suppress(tx: &WriteTx, address: &str, reply: &str) -> Result<()> {
    let address = address.to_lowercase();
    suppressed_address::Entity::insert(suppressed_address::ActiveModel {
        address: Set(address.clone()),
        reply: Set(reply.to_owned()),
        created_at: Set(tx.now()),
    })
    .on_conflict(
        OnConflict::column(suppressed_address::Column::Address)
            .update_column(suppressed_address::Column::Reply)
            .to_owned(),
    )
    .exec_without_returning(tx.db())
    .await?;
    mail::Entity::update_many()
        .filter(mail::Column::State.is_in(WAITING))
        .filter(Expr::expr(Func::lower(Expr::col(mail::Column::Address))).eq(address))
        .col_expr(mail::Column::State, Expr::value(MailState::Suppressed))
        .col_expr(mail::Column::LastReply, Expr::value(reply))
        .col_expr(mail::Column::UpdatedAt, Expr::value(tx.now()))
        .exec(tx.db())
        .await?;
    Ok(())
}
