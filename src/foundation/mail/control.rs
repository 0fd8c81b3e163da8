//! What the office does with single mails: hold, release, retry, send now.

use chrono::{DateTime, Utc};
use entity::{
    ids::MailId,
    mail::{self, MailState},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};

use super::{suppression, verdict::EXPIRED};
use crate::foundation::{
    error::{Error, Refusal, Result},
    store::WriteTx,
};

/// What may be done with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Keep it back until it is released.
    Hold,
    /// Let it leave.
    Release,
    /// Try again what was given up.
    Retry,
    /// Do not wait for its time.
    SendNow,
}

/// Whether `control` fits the mail as it stands.
pub fn fits(row: &mail::Model, control: Control, now: DateTime<Utc>) -> bool {
    let waiting = matches!(row.state, MailState::Ready | MailState::Deferred);
    match control {
        Control::Hold => waiting,
        Control::Release => row.state == MailState::Held,
        Control::Retry => {
            let given_up = matches!(
                row.state,
                MailState::Failed | MailState::Unknown | MailState::Suppressed
            );
            let blanked = row.bytes.is_none() && row.facts == serde_json::json!({});
            let of_use = row.expires_at.is_none_or(|until| until > now);
            given_up && of_use && !blanked && !row.confidential_links && row.address.is_some()
        }
        Control::SendNow => waiting && !(row.urgent && row.not_before <= now),
    }
}

/// Does it. `by` is who holds it and why, for [`Control::Hold`].
///
/// # Errors
/// A conflict when the mail has moved on in the meantime.
pub async fn apply(tx: &WriteTx, id: MailId, control: Control, by: &str) -> Result<()> {
    let row = mail::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    if !fits(&row, control, tx.now()) {
        return Err(Error::Conflict(Refusal::new("mail.moved_on")));
    }
    let address = row.address.clone().unwrap_or_default();
    let mut change = mail::ActiveModel {
        updated_at: Set(tx.now()),
        ..row.into()
    };
    match control {
        Control::Hold => {
            change.state = Set(MailState::Held);
            change.held_by = Set(Some(by.to_owned()));
        }
        Control::Release => {
            change.state = Set(MailState::Ready);
            change.held_by = Set(None);
        }
        Control::Retry => {
            // Somebody knows better than the server's last word about this address.
            suppression::lift(tx, &address).await?;
            change.state = Set(MailState::Ready);
            change.attempts = Set(0);
            change.not_before = Set(tx.now());
        }
        Control::SendNow => {
            change.urgent = Set(true);
            change.not_before = Set(tx.now());
        }
    }
    mail::Entity::update(change).exec(tx.db()).await?;
    tx.wake_workers();
    Ok(())
}

/// Said of mails that were held together, so that they can be released together.
const TOGETHER: &str = "全部暂缓";

/// Holds everything that waits to leave; how many. `who` says who did it, or what for. Mails that
/// carry a secret go on: somebody is waiting at the door.
///
/// # Errors
/// When the database fails.
pub async fn hold_all(tx: &WriteTx, who: &str) -> Result<u64> {
    let held = mail::Entity::update_many()
        .filter(mail::Column::State.is_in([MailState::Ready, MailState::Deferred]))
        .filter(mail::Column::ConfidentialLinks.eq(false))
        .col_expr(mail::Column::State, Expr::value(MailState::Held))
        .col_expr(
            mail::Column::HeldBy,
            Expr::value(format!("{who}：{TOGETHER}")),
        )
        .col_expr(mail::Column::UpdatedAt, Expr::value(tx.now()))
        .exec(tx.db())
        .await?;
    Ok(held.rows_affected)
}

/// Holds everything that was due before `now`, also what was under way: after a restored backup nobody
/// knows what of it has left. How many. Mails that carry a secret are given up: whoever still stands at
/// the door asks again.
///
/// # Errors
/// When the database fails.
pub async fn hold_due(tx: &WriteTx, now: DateTime<Utc>, why: &str) -> Result<u64> {
    mail::Entity::update_many()
        .filter(mail::Column::State.eq(MailState::Leased))
        .col_expr(mail::Column::MaybeDelivered, Expr::value(true))
        .col_expr(mail::Column::State, Expr::value(MailState::Deferred))
        .col_expr(mail::Column::NotBefore, Expr::value(now))
        .col_expr(
            mail::Column::LeaseToken,
            Expr::value(Option::<uuid::Uuid>::None),
        )
        .col_expr(
            mail::Column::LeasedUntil,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .exec(tx.db())
        .await?;
    let due = || {
        mail::Entity::update_many()
            .filter(mail::Column::State.is_in([MailState::Ready, MailState::Deferred]))
            .filter(mail::Column::NotBefore.lte(now))
            .col_expr(mail::Column::UpdatedAt, Expr::value(tx.now()))
    };
    due()
        .filter(mail::Column::ConfidentialLinks.eq(true))
        .col_expr(mail::Column::State, Expr::value(MailState::Cancelled))
        .col_expr(mail::Column::LastReply, Expr::value(EXPIRED))
        .exec(tx.db())
        .await?;
    let held = due()
        .col_expr(mail::Column::State, Expr::value(MailState::Held))
        .col_expr(
            mail::Column::HeldBy,
            Expr::value(format!("{why}：{TOGETHER}")),
        )
        .exec(tx.db())
        .await?;
    Ok(held.rows_affected)
}

/// Whether something is held by [`hold_all`] or [`hold_due`].
///
/// # Errors
/// When the database fails.
pub async fn any_held_together<C: ConnectionTrait>(db: &C) -> Result<bool> {
    let one = mail::Entity::find()
        .filter(mail::Column::State.eq(MailState::Held))
        .filter(mail::Column::HeldBy.ends_with(TOGETHER))
        .one(db)
        .await?;
    Ok(one.is_some())
}

/// Releases everything that was held by [`hold_all`] or [`hold_due`]; what was held singly stays. How many.
///
/// # Errors
/// When the database fails.
pub async fn release_all(tx: &WriteTx) -> Result<u64> {
    let released = mail::Entity::update_many()
        .filter(mail::Column::State.eq(MailState::Held))
        .filter(mail::Column::HeldBy.ends_with(TOGETHER))
        .col_expr(mail::Column::State, Expr::value(MailState::Ready))
        .col_expr(mail::Column::HeldBy, Expr::value(Option::<String>::None))
        .col_expr(mail::Column::UpdatedAt, Expr::value(tx.now()))
        .exec(tx.db())
        .await?;
    tx.wake_workers();
    Ok(released.rows_affected)
}
