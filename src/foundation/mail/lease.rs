//! Taking the next mail: in one short write the instance gets the right to send it until the lease
//! lapses, and the mail gets its bytes if it has none yet.

use chrono::{DateTime, Duration, Utc};
use entity::{
    ids::MailId,
    mail::{self, MailState},
};
use lettre::Address;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func, LockBehavior, LockType, Query},
};
use uuid::Uuid;

use super::{
    bounce::envelope_sender,
    channel,
    letter::LetterDesk,
    message::{Envelope, freeze},
    outbox::WAITING,
    pacing::{self, Budget},
    registry::Registry,
    transport::Outgoing,
    verdict::{BAD_ADDRESS, EXPIRED, NO_ANSWER, UNRENDERED},
};
use crate::foundation::{
    calendar::OfficeClock,
    context::Context,
    error::{Error, Result},
    store::WriteTx,
};

/// What [`lease`] found.
#[derive(Debug)]
pub(super) enum Found {
    /// Nothing is due, or nothing may leave now.
    Nothing,
    /// The way to the server is closed until then.
    Closed(DateTime<Utc>),
    /// This mail can never be sent; it has been put aside.
    Unsendable(MailId),
    /// This one.
    Mail(Box<Leased>),
}

/// A mail that this instance may send.
#[derive(Debug)]
pub(super) struct Leased {
    /// Its row as it was leased.
    pub row: mail::Model,
    /// Proves, in the final update, that the lease is still this one.
    pub token: Uuid,
    /// What is sent.
    pub outgoing: Outgoing,
    /// Whether this try is to see if the server is back.
    pub probing: bool,
}

/// Takes the next mail. `paced` is whether limits and quiet hours hold.
pub(super) async fn lease(ctx: &Context, registry: &Registry, paced: bool) -> Result<Found> {
    let now = ctx.store.now().await?;
    ctx.pulse.beat_mail(now);
    let tx = ctx.store.begin().await?;
    pacing::pass_gate(&tx).await?;
    let closed = channel::closed(tx.db()).await?;
    if let Some(closed) = &closed
        && closed.retry_at > now
    {
        return Ok(Found::Closed(closed.retry_at));
    }
    rescue(&tx, now).await?;
    expire(&tx, now).await?;
    let budget = if paced {
        pacing::budget(&tx, &ctx.config.mail, now).await?
    } else {
        Budget {
            any: true,
            urgent: true,
            full_domains: Vec::new(),
        }
    };
    let quiet = paced && is_quiet(ctx, now)?;
    let row = if budget.urgent {
        next(&tx, now, quiet || !budget.any, &budget.full_domains).await?
    } else {
        None
    };
    let Some(row) = row else {
        tx.commit().await?;
        return Ok(Found::Nothing);
    };
    let probing = closed.is_some();
    if let Some(closed) = closed {
        channel::probe(&tx, now, closed).await?;
    }
    let found = match take(ctx, &tx, registry, row, now).await? {
        Ok((row, token, outgoing)) => {
            if paced {
                pacing::take(&tx, &outgoing.to.domain().to_lowercase(), now).await?;
            }
            Found::Mail(Box::new(Leased {
                row,
                token,
                outgoing,
                probing,
            }))
        }
        Err(id) => Found::Unsendable(id),
    };
    tx.commit().await?;
    Ok(found)
}

fn is_quiet(ctx: &Context, now: DateTime<Utc>) -> Result<bool> {
    let calendar = ctx.calendar();
    let clock = OfficeClock::new(&calendar, ctx.office_hours()).map_err(Error::internal)?;
    Ok(clock.quiet(now, false).is_some())
}

/// Mails whose lease has lapsed: their sender is gone, and what it achieved is not known. The lease
/// was longer than any answer takes, so they may go again at once.
async fn rescue(tx: &WriteTx, now: DateTime<Utc>) -> Result<()> {
    mail::Entity::update_many()
        .filter(mail::Column::State.eq(MailState::Leased))
        .filter(mail::Column::LeasedUntil.lte(now))
        .col_expr(mail::Column::State, Expr::value(MailState::Deferred))
        .col_expr(mail::Column::MaybeDelivered, Expr::value(true))
        .col_expr(mail::Column::NotBefore, Expr::value(now))
        .col_expr(mail::Column::LastReply, Expr::value(NO_ANSWER))
        .col_expr(mail::Column::LeaseToken, Expr::value(Option::<Uuid>::None))
        .col_expr(mail::Column::UpdatedAt, Expr::value(now))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Mails that are of no use any more are not sent late.
async fn expire(tx: &WriteTx, now: DateTime<Utc>) -> Result<()> {
    for (maybe_delivered, state) in [(false, MailState::Cancelled), (true, MailState::Unknown)] {
        mail::Entity::update_many()
            .filter(mail::Column::State.is_in(WAITING))
            .filter(mail::Column::ExpiresAt.lte(now))
            .filter(mail::Column::MaybeDelivered.eq(maybe_delivered))
            .col_expr(mail::Column::State, Expr::value(state))
            .col_expr(mail::Column::LastReply, Expr::value(EXPIRED))
            .col_expr(mail::Column::UpdatedAt, Expr::value(now))
            .exec(tx.db())
            .await?;
    }
    Ok(())
}

/// The next mail: urgent ones first, then by due time; never one that would overtake an earlier
/// mail about the same matter to the same person.
async fn next(
    tx: &WriteTx,
    now: DateTime<Utc>,
    urgent_only: bool,
    full_domains: &[String],
) -> Result<Option<mail::Model>> {
    let earlier = |column: mail::Column| Expr::col(("earlier", column));
    let this = |column: mail::Column| Expr::col((mail::Entity, column));
    let on_its_way = Condition::any()
        .add(earlier(mail::Column::State).is_in([MailState::Leased, MailState::Deferred]))
        .add(
            earlier(mail::Column::State)
                .eq(MailState::Ready)
                .and(earlier(mail::Column::NotBefore).lte(now)),
        );
    let before = Query::select()
        .expr(Expr::value(1))
        .from_as(mail::Entity, "earlier")
        .and_where(earlier(mail::Column::SubjectId).eq(this(mail::Column::SubjectId)))
        .and_where(earlier(mail::Column::RecipientKey).eq(this(mail::Column::RecipientKey)))
        .and_where(earlier(mail::Column::CreatedAt).lt(this(mail::Column::CreatedAt)))
        .cond_where(on_its_way)
        .to_owned();
    let mut query = mail::Entity::find()
        .filter(mail::Column::State.is_in([MailState::Ready, MailState::Deferred]))
        .filter(mail::Column::NotBefore.lte(now))
        .filter(Expr::not_exists(before))
        .order_by(mail::Column::Urgent, Order::Desc)
        .order_by_asc(mail::Column::NotBefore)
        .order_by_asc(mail::Column::Id)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    if urgent_only {
        query = query.filter(mail::Column::Urgent.eq(true));
    }
    for domain in full_domains {
        let address = Expr::expr(Func::lower(this(mail::Column::Address)));
        query = query.filter(address.not_like(format!("%@{domain}")));
    }
    Ok(query.one(tx.db()).await?)
}

/// Leases the row and freezes its bytes, or puts it aside when that cannot be.
async fn take(
    ctx: &Context,
    tx: &WriteTx,
    registry: &Registry,
    row: mail::Model,
    now: DateTime<Utc>,
) -> Result<Result<(mail::Model, Uuid, Outgoing), MailId>> {
    let mut change = mail::ActiveModel {
        updated_at: Set(now),
        ..row.clone().into()
    };
    let made = match parties(ctx, &row) {
        Ok((from, to)) => match bytes(ctx, registry, &row, now) {
            Ok((bytes, subject)) => Ok((from, to, bytes, subject)),
            Err(error) => {
                tracing::error!(mail = %row.id, kind = row.kind, %error, "a mail could not be made");
                Err(format!("{UNRENDERED} {error}"))
            }
        },
        Err(reason) => Err(reason),
    };
    match made {
        Ok((from, to, bytes, subject)) => {
            let token: Uuid = tx.id();
            let lease = Duration::seconds(ctx.config.mail.lease_seconds);
            change.state = Set(MailState::Leased);
            change.lease_token = Set(Some(token));
            change.leased_until = Set(Some(now + lease));
            change.attempts = Set(row.attempts + 1);
            if row.bytes.is_none() {
                change.bytes = Set(Some(bytes.clone()));
                change.subject_line = Set(subject);
            }
            let id = row.id;
            let row = mail::Entity::update(change).exec(tx.db()).await?;
            let outgoing = Outgoing {
                id,
                from,
                to,
                bytes,
            };
            Ok(Ok((row, token, outgoing)))
        }
        Err(reason) => {
            change.state = Set(MailState::Failed);
            change.last_reply = Set(Some(reason));
            mail::Entity::update(change).exec(tx.db()).await?;
            Ok(Err(row.id))
        }
    }
}

/// Envelope sender and recipient.
fn parties(ctx: &Context, row: &mail::Model) -> Result<(Address, Address), String> {
    let from = envelope_sender(&ctx.config.mail, row.id).parse();
    let to = row.address.as_deref().unwrap_or_default().parse();
    match (from, to) {
        (Ok(from), Ok(to)) => Ok((from, to)),
        (Err(_), _) => Err(format!(
            "{UNRENDERED} mail.bounce_address or mail.from_address"
        )),
        (_, Err(_)) => Err(BAD_ADDRESS.to_owned()),
    }
}

/// The frozen bytes, or new ones with their subject.
fn bytes(
    ctx: &Context,
    registry: &Registry,
    row: &mail::Model,
    now: DateTime<Utc>,
) -> Result<(Vec<u8>, Option<String>)> {
    if let Some(bytes) = &row.bytes {
        return Ok((bytes.clone(), None));
    }
    let desk = LetterDesk {
        links: &ctx.links,
        office: &ctx.config.office,
        zone: ctx.zone(),
        recipient: &row.recipient_name,
        now,
    };
    let letter = registry.letter(&row.kind, &row.facts, &desk)?;
    let envelope = Envelope {
        id: row.id,
        name: &row.recipient_name,
        address: row.address.as_deref().unwrap_or_default(),
        date: now,
        sender: &ctx.config.mail,
        office: &ctx.config.office,
    };
    let mut bytes = freeze(&letter, &envelope).map_err(Error::internal)?;
    if let Some(signer) = registry.signer() {
        let mut signed = signer.sign(&bytes, now)?;
        signed.append(&mut bytes);
        bytes = signed;
    }
    Ok((bytes, Some(letter.subject)))
}
