//! Chaining entries in order, outside the business transactions. Each seal is an HMAC over the
//! former seal and the entry, with a key that the database does not hold.

use entity::{audit_entry, installation};
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};
use sha2::Sha256;
use uuid::Uuid;

use super::record::hex;
use crate::foundation::{
    context::Context,
    error::{Error, Result},
    store::WriteTx,
};

/// Row of the installation table that holds the end of the chain.
const HEAD: &str = "audit_head";
/// Entries sealed in one write, so that no writer waits long.
const BATCH: u64 = 500;

/// The end of the chain: place and seal of the last sealed entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Place, from 1; 0 for an empty chain.
    pub sequence: i64,
    /// Its seal in hexadecimal; empty for an empty chain.
    pub seal: String,
}

impl Head {
    /// Reads `12:ab…`, as it is printed.
    pub fn parse(text: &str) -> Option<Self> {
        let (sequence, seal) = text.split_once(':')?;
        Some(Self {
            sequence: sequence.parse().ok()?,
            seal: seal.to_owned(),
        })
    }
}

impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.sequence, self.seal)
    }
}

/// Seals everything that is not sealed yet, oldest first, and gives how many entries that were.
/// The new end of the chain goes to the log: kept outside the database, it shows later whether the
/// end was cut off.
///
/// # Errors
/// When the database fails.
pub async fn seal(ctx: &Context) -> Result<usize> {
    let key = ctx.links.audit_key();
    let mut sealed = 0;
    loop {
        let tx = ctx.store.begin().await?;
        let count = batch(&tx, &key).await?;
        tx.commit().await?;
        sealed += count;
        if count < usize::try_from(BATCH).map_err(Error::internal)? {
            break;
        }
    }
    if sealed > 0 {
        let head = head(ctx.store.read()).await?;
        tracing::info!(sealed, %head, "audit trail sealed");
    }
    Ok(sealed)
}

async fn batch(tx: &WriteTx, key: &[u8; 32]) -> Result<usize> {
    // The row is there before it is locked, so that two sealers take turns from the first entry on.
    installation::Entity::insert(installation::ActiveModel {
        name: Set(HEAD.to_owned()),
        value: Set(Head::default().to_string()),
    })
    .on_conflict(
        OnConflict::column(installation::Column::Name)
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(tx.db())
    .await?;
    let row = installation::Entity::find_by_id(HEAD.to_owned())
        .lock_exclusive()
        .one(tx.db())
        .await?
        .ok_or_else(|| Error::internal("the head of the audit trail is gone"))?;
    let mut head = Head::parse(&row.value)
        .ok_or_else(|| Error::internal("the head of the audit trail cannot be read"))?;
    let entries = audit_entry::Entity::find()
        .filter(audit_entry::Column::Sequence.is_null())
        .order_by_asc(audit_entry::Column::At)
        .order_by_asc(audit_entry::Column::Id)
        .limit(BATCH)
        .all(tx.db())
        .await?;
    let count = entries.len();
    for entry in entries {
        head = Head {
            sequence: head.sequence + 1,
            seal: link(key, &head, &entry),
        };
        audit_entry::Entity::update(audit_entry::ActiveModel {
            sequence: Set(Some(head.sequence)),
            seal: Set(Some(head.seal.clone())),
            ..entry.into()
        })
        .exec(tx.db())
        .await?;
    }
    if count > 0 {
        installation::Entity::update(installation::ActiveModel {
            value: Set(head.to_string()),
            ..row.into()
        })
        .exec(tx.db())
        .await?;
    }
    Ok(count)
}

/// The end of the chain as the database remembers it.
pub(super) async fn head<C: ConnectionTrait>(db: &C) -> Result<Head> {
    let row = installation::Entity::find_by_id(HEAD.to_owned())
        .one(db)
        .await?;
    Ok(row
        .and_then(|row| Head::parse(&row.value))
        .unwrap_or_default())
}

/// The seal of `entry` behind `former`: HMAC-SHA-256 over fields that are each closed by their
/// length. Salt, details and address are covered by the commitment.
pub(super) fn link(key: &[u8; 32], former: &Head, entry: &audit_entry::Model) -> String {
    // HMAC fills a short key up with zeros to the block of 64 bytes; doing it here cannot fail.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    let mut part = |bytes: &[u8]| {
        mac.update(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(bytes);
    };
    part(b"expert-pool audit v1");
    part(&(former.sequence + 1).to_be_bytes());
    part(former.seal.as_bytes());
    part(entry.id.0.as_bytes());
    part(&entry.at.timestamp_micros().to_be_bytes());
    part(&uuid_bytes(entry.actor_person.map(|id| id.0)));
    part(entry.action.as_bytes());
    part(entry.subject_kind.as_bytes());
    part(&uuid_bytes(entry.subject_id));
    part(entry.commitment.as_bytes());
    hex(&mac.finalize().into_bytes())
}

fn uuid_bytes(id: Option<Uuid>) -> Vec<u8> {
    id.map(|id| id.as_bytes().to_vec()).unwrap_or_default()
}
