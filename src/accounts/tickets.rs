//! One-use secrets sent by mail: random, kept as a digest, good for one purpose and a time.

use chrono::Duration;
use entity::{
    ids::{PersonId, TicketId},
    ticket::{self, TicketPurpose},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect, sea_query::Expr,
};
use sha2::{Digest, Sha256};

use crate::foundation::{
    context::Context,
    error::{Error, Refusal, Result},
    links::{Purpose, Target},
    store::WriteTx,
};

/// The page that a ticket opens, for [`crate::foundation::ui::proof`]; tickets themselves carry no tag.
const PAGE: Purpose = Purpose {
    label: "accounts.ticket",
    path: "",
};

/// What the page of a ticket is about.
pub(super) fn target(ticket: &ticket::Model) -> Target {
    Target {
        purpose: PAGE,
        subject: ticket.id.0,
        person: ticket.person_id.0,
        generation: 1,
    }
}

/// Makes a secret for `person`; older ones of the same purpose end. The secret is given out here
/// and never again.
///
/// # Errors
/// When the database fails.
pub async fn issue(
    tx: &WriteTx,
    purpose: TicketPurpose,
    person: PersonId,
    detail: &str,
    lifetime: Duration,
) -> Result<String> {
    cancel(tx, purpose, person).await?;
    let secret = tx.platform().token();
    ticket::Entity::insert(ticket::ActiveModel {
        id: Set(tx.id::<TicketId>()),
        purpose: Set(purpose),
        token_hash: Set(digest(&secret)),
        person_id: Set(person),
        detail: Set(detail.to_owned()),
        created_at: Set(tx.now()),
        expires_at: Set(tx.now() + lifetime),
        used_at: Set(None),
    })
    .exec_without_returning(tx.db())
    .await?;
    Ok(secret)
}

/// Reads a ticket without using it: for the page that a link opens.
///
/// # Errors
/// As [`redeem`].
pub async fn look(ctx: &Context, purpose: TicketPurpose, secret: &str) -> Result<ticket::Model> {
    let row = find(ctx.store.read(), purpose, secret, false).await?;
    usable(row, ctx.now())
}

/// Uses a ticket up.
///
/// # Errors
/// [`Error::NotFound`] for an unknown secret; the refusals `accounts.ticket_used` and
/// `accounts.ticket_expired`.
pub async fn redeem(tx: &WriteTx, purpose: TicketPurpose, secret: &str) -> Result<ticket::Model> {
    let row = usable(find(tx.db(), purpose, secret, true).await?, tx.now())?;
    Ok(ticket::Entity::update(ticket::ActiveModel {
        used_at: Set(Some(tx.now())),
        ..row.into()
    })
    .exec(tx.db())
    .await?)
}

/// Ends the unused tickets of a person for a purpose.
///
/// # Errors
/// When the database fails.
pub async fn cancel(tx: &WriteTx, purpose: TicketPurpose, person: PersonId) -> Result<()> {
    ticket::Entity::update_many()
        .col_expr(ticket::Column::UsedAt, Expr::value(Some(tx.now())))
        .filter(ticket::Column::Purpose.eq(purpose))
        .filter(ticket::Column::PersonId.eq(person))
        .filter(ticket::Column::UsedAt.is_null())
        .exec(tx.db())
        .await?;
    Ok(())
}

/// How many tickets of a purpose a person was given so far: the generation of the mail that carries
/// the newest.
///
/// # Errors
/// When the database fails.
pub async fn count(tx: &WriteTx, purpose: TicketPurpose, person: PersonId) -> Result<i32> {
    let count = ticket::Entity::find()
        .filter(ticket::Column::Purpose.eq(purpose))
        .filter(ticket::Column::PersonId.eq(person))
        .count(tx.db())
        .await?;
    i32::try_from(count).map_err(Error::internal)
}

async fn find<C: ConnectionTrait>(
    db: &C,
    purpose: TicketPurpose,
    secret: &str,
    lock: bool,
) -> Result<ticket::Model> {
    let mut query = ticket::Entity::find()
        .filter(ticket::Column::TokenHash.eq(digest(secret)))
        .filter(ticket::Column::Purpose.eq(purpose));
    if lock {
        query = query.lock_exclusive();
    }
    query.one(db).await?.ok_or(Error::NotFound)
}

fn usable(row: ticket::Model, now: chrono::DateTime<chrono::Utc>) -> Result<ticket::Model> {
    if row.used_at.is_some() {
        return Err(Refusal::new("accounts.ticket_used").into());
    }
    if now >= row.expires_at {
        return Err(Refusal::new("accounts.ticket_expired").into());
    }
    Ok(row)
}

fn digest(secret: &str) -> String {
    Sha256::digest(secret)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
