//! Sending: one mail a step, outside any transaction; what came of it is recorded before the next
//! one begins.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::{
    ids::MailId,
    mail::{self, MailState},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use tokio::sync::watch;

use super::{
    channel,
    lease::{Found, Leased, lease},
    outbox::WAITING,
    registry::Registry,
    suppression::suppress,
    transport::Transport,
    verdict::{Failure, MAX_ATTEMPTS, Verdict, backoff, judge, spread},
};
use crate::foundation::{context::Context, error::Result, store::Store};

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing is due, or nothing may leave now.
    Idle,
    /// The way to the server is closed until then.
    Closed(DateTime<Utc>),
    /// This mail was tried, and stands so now.
    Tried(MailId, MailState),
    /// This mail was tried, but its lease had been lost: the record is another's.
    Fenced(MailId),
}

/// Sends the next mail, if one is due and may leave.
///
/// # Errors
/// When the database fails. A mail that was sent but could not be recorded goes again, with the
/// same bytes, when its lease lapses.
pub async fn try_execute(
    ctx: &Context,
    registry: &Registry,
    transport: &dyn Transport,
) -> Result<Step> {
    match lease(ctx, registry, transport.reaches_people()).await? {
        Found::Nothing => Ok(Step::Idle),
        Found::Closed(until) => Ok(Step::Closed(until)),
        Found::Unsendable(id) => Ok(Step::Tried(id, MailState::Failed)),
        Found::Mail(leased) => {
            let outcome = transport.send(&leased.outgoing).await;
            record_surely(&ctx.store, &leased, &outcome).await
        }
    }
}

/// Sends until told to stop; a mail under way is finished and recorded first.
pub async fn run(
    ctx: Context,
    registry: &Registry,
    transport: &dyn Transport,
    mut stop: watch::Receiver<bool>,
) {
    while !*stop.borrow() {
        let pause = match try_execute(&ctx, registry, transport).await {
            Ok(Step::Tried(mail, state)) => {
                tracing::info!(%mail, ?state, "mail");
                continue;
            }
            Ok(Step::Fenced(mail)) => {
                tracing::warn!(%mail, "sent under a lost lease");
                continue;
            }
            Ok(Step::Closed(until)) => {
                let left = (until - ctx.now()).to_std().unwrap_or_default();
                left.clamp(Duration::from_millis(200), Duration::from_secs(10))
            }
            Ok(Step::Idle) => Duration::from_secs(3),
            Err(error) => {
                tracing::error!(%error, "the outbox could not be worked on");
                Duration::from_secs(5)
            }
        };
        tokio::select! {
            () = ctx.store.woken(pause) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Records, and tries again for a little while if the database is away: a mail whose sending is not
/// recorded will be sent twice.
async fn record_surely(
    store: &Store,
    leased: &Leased,
    outcome: &Result<String, Failure>,
) -> Result<Step> {
    let mut wait = Duration::from_millis(100);
    loop {
        match record(store, leased, outcome).await {
            Err(error) if wait < Duration::from_secs(10) => {
                tracing::warn!(%error, mail = %leased.row.id, "not recorded yet");
                tokio::time::sleep(wait).await;
                wait *= 3;
            }
            done => return done,
        }
    }
}

async fn record(store: &Store, leased: &Leased, outcome: &Result<String, Failure>) -> Result<Step> {
    let now = store.now().await?;
    let tx = store.begin().await?;
    let row = &leased.row;
    let [chance] = tx.platform().bytes();
    let next = follow(row, outcome, chance, now);
    let mut update = mail::Entity::update_many()
        .filter(mail::Column::Id.eq(row.id))
        .filter(mail::Column::State.eq(MailState::Leased))
        .filter(mail::Column::LeaseToken.eq(leased.token))
        .col_expr(mail::Column::State, Expr::value(next.state))
        .col_expr(mail::Column::Attempts, Expr::value(next.attempts))
        .col_expr(
            mail::Column::MaybeDelivered,
            Expr::value(next.maybe_delivered),
        )
        .col_expr(mail::Column::LastReply, Expr::value(next.reply.as_str()))
        .col_expr(mail::Column::NotBefore, Expr::value(next.not_before))
        .col_expr(
            mail::Column::LeaseToken,
            Expr::value(Option::<uuid::Uuid>::None),
        )
        .col_expr(
            mail::Column::LeasedUntil,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .col_expr(mail::Column::UpdatedAt, Expr::value(now));
    if next.state == MailState::Sent {
        update = update.col_expr(mail::Column::SentAt, Expr::value(now));
    }
    if row.confidential_links && !WAITING.contains(&next.state) {
        update = update
            .col_expr(mail::Column::Bytes, Expr::value(Option::<Vec<u8>>::None))
            .col_expr(mail::Column::Facts, Expr::value(serde_json::json!({})));
    }
    let held_it = update.exec(tx.db()).await?.rows_affected == 1;
    if let Some(first) = next.closes {
        let until = channel::close(&tx, now, first, next.reply.clone()).await?;
        tracing::error!(reply = next.reply, %until, "the mail server cannot be used");
    } else if leased.probing {
        channel::open(&tx).await?;
    }
    if next.dead_address {
        suppress(&tx, leased.outgoing.to.as_ref(), &next.reply).await?;
    }
    tx.commit().await?;
    Ok(if held_it {
        Step::Tried(row.id, next.state)
    } else {
        Step::Fenced(row.id)
    })
}

/// How a mail goes on after a try.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Next {
    state: MailState,
    attempts: i32,
    maybe_delivered: bool,
    not_before: DateTime<Utc>,
    reply: String,
    /// The way to the server closes, at first for this long.
    closes: Option<chrono::Duration>,
    dead_address: bool,
}

/// The rule of [`record`].
fn follow(
    row: &mail::Model,
    outcome: &Result<String, Failure>,
    chance: u8,
    now: DateTime<Utc>,
) -> Next {
    let mut next = Next {
        state: MailState::Sent,
        attempts: row.attempts,
        maybe_delivered: row.maybe_delivered,
        not_before: row.not_before,
        reply: String::new(),
        closes: None,
        dead_address: false,
    };
    let failure = match outcome {
        Ok(reply) => {
            next.reply = reply
                .chars()
                .filter(|c| !c.is_control())
                .take(300)
                .collect();
            return next;
        }
        Err(failure) => failure,
    };
    next.reply = failure.line();
    match judge(failure) {
        Verdict::Never { dead_address } => {
            next.state = MailState::Failed;
            next.dead_address = dead_address;
        }
        Verdict::Closed(first) => {
            // No try of this mail: it stands as it stood before.
            next.state = if row.attempts > 1 {
                MailState::Deferred
            } else {
                MailState::Ready
            };
            next.attempts -= 1;
            next.closes = Some(first);
        }
        verdict @ (Verdict::Later(least) | Verdict::Ambiguous(least)) => {
            next.maybe_delivered |= matches!(verdict, Verdict::Ambiguous(_));
            next.not_before = now + spread(backoff(row.attempts), chance).max(least);
            next.state = if row.attempts < MAX_ATTEMPTS {
                MailState::Deferred
            } else if next.maybe_delivered {
                MailState::Unknown
            } else {
                MailState::Failed
            };
        }
    }
    next
}
