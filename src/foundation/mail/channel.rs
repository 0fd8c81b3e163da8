//! The way to the mail server: open, or closed after failures that are no mail's fault. Shared by all
//! instances, so that a server that is away is asked once a step, and not by everybody.

use chrono::{DateTime, Duration, Utc};
use entity::installation;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};
use serde::{Deserialize, Serialize};

use super::verdict::closed_for;
use crate::foundation::{error::Result, store::WriteTx};

const NAME: &str = "mail.channel";

/// The way is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Failures in a row.
    pub failures: u32,
    /// When the first of them was.
    pub since: DateTime<Utc>,
    /// When it is tried again.
    pub retry_at: DateTime<Utc>,
    /// What the server said, or what broke.
    pub reply: String,
}

/// Whether the way is closed.
///
/// # Errors
/// When the database fails.
pub async fn closed<C: ConnectionTrait>(db: &C) -> Result<Option<Closed>> {
    let row = installation::Entity::find_by_id(NAME.to_owned())
        .one(db)
        .await?;
    Ok(match row {
        Some(row) => Some(serde_json::from_str(&row.value)?),
        None => None,
    })
}

/// Closes the way, or keeps it closed for longer.
pub(super) async fn close(
    tx: &WriteTx,
    now: DateTime<Utc>,
    first: Duration,
    reply: String,
) -> Result<DateTime<Utc>> {
    let before = closed(tx.db()).await?;
    let failures = before.as_ref().map_or(0, |before| before.failures) + 1;
    let retry_at = now + closed_for(failures, first);
    write(
        tx,
        &Closed {
            failures,
            since: before.map_or(now, |before| before.since),
            retry_at,
            reply,
        },
    )
    .await?;
    Ok(retry_at)
}

/// One instance goes to see whether the server is back; the others wait on.
pub(super) async fn probe(tx: &WriteTx, now: DateTime<Utc>, closed: Closed) -> Result<()> {
    let wait = closed_for(closed.failures + 1, Duration::seconds(5));
    write(
        tx,
        &Closed {
            retry_at: now + wait,
            ..closed
        },
    )
    .await
}

/// Opens the way.
///
/// # Errors
/// When the database fails.
pub async fn open(tx: &WriteTx) -> Result<()> {
    installation::Entity::delete_by_id(NAME.to_owned())
        .exec(tx.db())
        .await?;
    Ok(())
}

async fn write(tx: &WriteTx, closed: &Closed) -> Result<()> {
    installation::Entity::insert(installation::ActiveModel {
        name: Set(NAME.to_owned()),
        value: Set(serde_json::to_string(closed)?),
    })
    .on_conflict(
        OnConflict::column(installation::Column::Name)
            .update_column(installation::Column::Value)
            .to_owned(),
    )
    .exec_without_returning(tx.db())
    .await?;
    Ok(())
}
