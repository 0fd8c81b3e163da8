//! A write: a transaction with its instant.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::{DateTime, Utc};
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::foundation::{
    error::{Error, Result},
    platform::Platform,
};

/// A transaction that writes. On SQLite it is the only writer from its first moment (`BEGIN
/// IMMEDIATE`), so nothing that it has read can change under it; on PostgreSQL rows that decide
/// something are read with `lock_exclusive()`.
///
/// Nothing slow is awaited while one is open: no mail, no password hash, no document, no solving.
#[derive(Debug)]
pub struct WriteTx {
    inner: DatabaseTransaction,
    platform: Platform,
    now: DateTime<Utc>,
    wake: AtomicBool,
    woken: Arc<Notify>,
}

impl WriteTx {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that begins transactions"
    )]
    pub(super) async fn begin(
        connection: &DatabaseConnection,
        platform: Platform,
        woken: Arc<Notify>,
    ) -> Result<Self> {
        let inner = connection
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await?;
        Ok(Self {
            inner,
            now: platform.now(),
            platform,
            wake: AtomicBool::new(false),
            woken,
        })
    }

    /// The connection of this transaction, for queries.
    pub fn db(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// The instant of this write: every row it makes carries the same.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// A new identifier.
    pub fn id<I: From<Uuid>>(&self) -> I {
        self.platform.id()
    }

    /// Clock and randomness.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Asks that the workers look for work once this write is committed.
    pub fn wake_workers(&self) {
        self.wake.store(true, Ordering::Relaxed);
    }

    /// Makes the write lasting.
    ///
    /// # Errors
    /// When the database refuses; nothing has then happened.
    pub async fn commit(self) -> Result<()> {
        self.inner.commit().await.map_err(Error::from)?;
        if self.wake.load(Ordering::Relaxed) {
            self.woken.notify_waiters();
        }
        Ok(())
    }

    /// Takes everything back. Dropping does the same, a little later.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rollback(self) -> Result<()> {
        self.inner.rollback().await.map_err(Error::from)
    }
}
