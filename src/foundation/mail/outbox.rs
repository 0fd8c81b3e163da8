//! What bodies do with the outbox: queue a mail, take it back, send it elsewhere.

use chrono::{DateTime, Utc};
use entity::{
    ids::{MailId, PersonId},
    mail::{self, MailState},
};
use lettre::Address;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    letter::Template,
    relink::MAY_LEAVE,
    suppression,
    verdict::{BAD_ADDRESS, NO_ADDRESS},
};
use crate::foundation::{error::Result, store::WriteTx};

/// States from which a mail may still leave.
pub(super) const WAITING: [MailState; 3] = [MailState::Held, MailState::Ready, MailState::Deferred];

/// Who is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The person, when one of the service.
    pub person: Option<PersonId>,
    /// Name, as it stands in the address line.
    pub name: String,
    /// Address; without one the mail is kept as not sent, so that somebody sees it.
    pub address: Option<String>,
}

/// What a mail is about: together with kind and recipient it makes the mail unique.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The row that it is about.
    pub subject: Uuid,
    /// Rises when the same has to be said again.
    pub generation: i32,
    /// What caused it, in words for the mail list, with the number of the matter
    /// (`批准匹配 PP-2026-036`).
    pub cause: String,
}

/// How a mail leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Leaves before others, in quiet hours too, and from the reserve of the day's quota.
    pub urgent: bool,
    /// Not before this instant.
    pub not_before: Option<DateTime<Utc>>,
    /// Of no use from this instant on: it is then cancelled instead of sent.
    pub expires_at: Option<DateTime<Utc>>,
    /// Waits for a person to release it, for this reason.
    pub hold: Option<String>,
}

/// What became of a request to queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queued {
    /// It is in the outbox now.
    New(MailId),
    /// The same was queued before; nothing is sent twice.
    Already,
}

/// What a mail says, before it is made into a letter: no longer bound to the template's type, so that
/// what follows is compiled once and not once for each kind of mail.
pub(super) struct Content {
    kind: &'static str,
    secret: bool,
    facts: serde_json::Value,
}

impl Content {
    pub(super) fn of<T: Template>(template: &T) -> Result<Self> {
        Ok(Self {
            kind: T::KIND,
            secret: T::SECRET,
            facts: serde_json::to_value(template)?,
        })
    }
}

/// Queues a mail: it exists when `tx` is committed, and not otherwise. Without an address, or with
/// one that is known not to exist, the mail is kept as not sent.
///
/// # Errors
/// When the database fails.
pub fn enqueue<'a, T: Template>(
    tx: &'a WriteTx,
    to: &'a Recipient,
    about: &'a About,
    options: Options,
    template: &T,
) -> impl Future<Output = Result<Queued>> + Send + use<'a, T> {
    enqueue_content(tx, to, about, options, Content::of(template))
}

async fn enqueue_content(
    tx: &WriteTx,
    to: &Recipient,
    about: &About,
    options: Options,
    content: Result<Content>,
) -> Result<Queued> {
    let known = match to.address.as_deref() {
        Some(address) => suppression::reason(tx.db(), address).await?,
        None => None,
    };
    let obstacle = obstacle(to.address.as_deref(), known);
    let id: MailId = tx.id();
    let row = row(tx, id, to, about, options, content?, obstacle);
    let added = mail::Entity::insert(row)
        .on_conflict(unless_queued())
        .exec_without_returning(tx.db())
        .await?;
    if added == 0 {
        return Ok(Queued::Already);
    }
    tx.wake_workers();
    Ok(Queued::New(id))
}

/// The row of a mail; `obstacle` says why it cannot be sent.
pub(super) fn row(
    tx: &WriteTx,
    id: MailId,
    to: &Recipient,
    about: &About,
    options: Options,
    content: Content,
    obstacle: Option<String>,
) -> mail::ActiveModel {
    let state = match (&obstacle, &options.hold) {
        (Some(_), _) => MailState::Suppressed,
        (None, Some(_)) => MailState::Held,
        (None, None) => MailState::Ready,
    };
    mail::ActiveModel {
        id: Set(id),
        kind: Set(content.kind.to_owned()),
        subject_id: Set(about.subject),
        generation: Set(about.generation),
        person_id: Set(to.person),
        recipient_key: Set(recipient_key(to)),
        recipient_name: Set(to.name.clone()),
        address: Set(to.address.clone()),
        cause: Set(about.cause.clone()),
        facts: Set(content.facts),
        state: Set(state),
        urgent: Set(options.urgent),
        confidential_links: Set(content.secret),
        not_before: Set(options.not_before.unwrap_or(tx.now())),
        expires_at: Set(options.expires_at),
        attempts: Set(0),
        lease_token: Set(None),
        leased_until: Set(None),
        maybe_delivered: Set(false),
        subject_line: Set(None),
        bytes: Set(None),
        last_reply: Set(obstacle),
        held_by: Set(options.hold),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        sent_at: Set(None),
    }
}

/// What was queued before is left as it is.
pub(super) fn unless_queued() -> OnConflict {
    OnConflict::columns([
        mail::Column::Kind,
        mail::Column::SubjectId,
        mail::Column::Generation,
        mail::Column::RecipientKey,
    ])
    .do_nothing()
    .to_owned()
}

/// Takes back all mails of `kind` about `subject` that have not left. One that is just leaving is
/// not sent again if this try fails. Returns how many were taken back.
///
/// # Errors
/// When the database fails.
pub async fn cancel(tx: &WriteTx, kind: &str, subject: Uuid) -> Result<u64> {
    let of_subject = || {
        mail::Entity::update_many()
            .filter(mail::Column::Kind.eq(kind))
            .filter(mail::Column::SubjectId.eq(subject))
            .col_expr(mail::Column::UpdatedAt, Expr::value(tx.now()))
    };
    let cancelled = of_subject()
        .filter(mail::Column::State.is_in(WAITING))
        .col_expr(mail::Column::State, Expr::value(MailState::Cancelled))
        .exec(tx.db())
        .await?;
    of_subject()
        .filter(mail::Column::State.eq(MailState::Leased))
        .col_expr(mail::Column::ExpiresAt, Expr::value(tx.now()))
        .exec(tx.db())
        .await?;
    Ok(cancelled.rows_affected)
}

/// Sends everything of `person` that has not left to `address` from now on. What was refused at
/// the old address stays refused until somebody retries it.
///
/// # Errors
/// When the database fails.
pub async fn readdress(tx: &WriteTx, person: PersonId, address: &str) -> Result<()> {
    mail::Entity::update_many()
        .filter(mail::Column::PersonId.eq(person))
        .filter(mail::Column::State.is_in(MAY_LEAVE))
        .col_expr(mail::Column::Address, Expr::value(address))
        // The frozen bytes name the old address.
        .col_expr(mail::Column::Bytes, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(mail::Column::UpdatedAt, Expr::value(tx.now()))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Why nothing can be sent to `address`, if so; `known` is the reply by which it is known not to
/// exist.
pub(super) fn obstacle(address: Option<&str>, known: Option<String>) -> Option<String> {
    let Some(address) = address else {
        return Some(NO_ADDRESS.to_owned());
    };
    if address.parse::<Address>().is_err() {
        return Some(BAD_ADDRESS.to_owned());
    }
    known
}

fn recipient_key(to: &Recipient) -> String {
    match (&to.person, &to.address) {
        (Some(person), _) => person.to_string(),
        (None, Some(address)) => address.to_lowercase(),
        (None, None) => to.name.clone(),
    }
}
