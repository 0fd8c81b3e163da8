//! The database: one place that knows its kind. Reading goes to [`Store::read`]; a write is a
//! [`WriteTx`], which carries the instant and the identifiers of what is written.

mod backup;
mod connect;
mod write;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, SubsecRound, Utc};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use tokio::sync::Notify;

use super::{
    config::{DatabaseConfig, Secret},
    error::{Error, Result},
    platform::Platform,
};

pub use backup::{Copied, copies_in, copy_name, forget_copies, restore, stamp};
pub use write::WriteTx;

/// Connections to the one database of the service. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    read: DatabaseConnection,
    write: DatabaseConnection,
    platform: Platform,
    woken: Arc<Notify>,
    url: Secret,
}

impl Store {
    /// Opens the database that `config` names; SQLite files are created when missing. No migration
    /// is run.
    ///
    /// # Errors
    /// When the database cannot be reached, or the SQLite file is damaged.
    pub async fn open(config: &DatabaseConfig, platform: Platform) -> Result<Self> {
        let (read, write) = connect::open(config).await?;
        Ok(Self {
            read,
            write,
            platform,
            woken: Arc::new(Notify::new()),
            url: config.url.clone(),
        })
    }

    /// Whether `config` names a SQLite file that is not there yet; [`Self::open`] would make it.
    pub fn is_missing(config: &DatabaseConfig) -> bool {
        connect::sqlite_path(config.url.reveal()).is_some_and(|path| !path.exists())
    }

    /// Brings the tables to the newest version. Several starters at once are safe: they take turns.
    ///
    /// # Errors
    /// When a newer version has worked on the database, or a migration fails; it is then undone as a
    /// whole.
    pub async fn migrate(&self) -> Result<()> {
        connect::check_age(&self.write).await?;
        connect::migrate(&self.write, self.url.reveal()).await
    }

    /// Migrations that have not been run yet.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pending_migrations(&self) -> Result<usize> {
        Ok(Migrator::get_pending_migrations(&self.read).await?.len())
    }

    /// The connection for reading.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// The connection that migrations and maintenance use.
    pub fn maintenance(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Begins a write. Drop it without [`WriteTx::commit`] and nothing has happened.
    ///
    /// # Errors
    /// When no connection is free in time.
    pub async fn begin(&self) -> Result<WriteTx> {
        WriteTx::begin(&self.write, self.platform.clone(), self.woken.clone()).await
    }

    /// The instant by which leases and due times are compared. Several instances on PostgreSQL
    /// share the database's clock; on SQLite, and wherever the clock is moved by hand, it is the
    /// platform's.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(&self) -> Result<DateTime<Utc>> {
        if self.read.get_database_backend() == DbBackend::Sqlite || !self.platform.is_real() {
            return Ok(self.platform.now());
        }
        let row = self
            .read
            .query_one_raw(Statement::from_string(
                DbBackend::Postgres,
                "SELECT clock_timestamp()",
            ))
            .await?
            .ok_or_else(|| Error::internal("no row"))?;
        Ok(micros(row.try_get_by_index::<DateTime<Utc>>(0)?))
    }

    /// Clock and randomness.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Waits until a committed write has queued mail or work, or until `limit` has passed.
    pub async fn woken(&self, limit: Duration) {
        let _ = tokio::time::timeout(limit, self.woken.notified()).await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        self.read
            .query_one_raw(Statement::from_string(
                self.read.get_database_backend(),
                "SELECT 1",
            ))
            .await?
            .map(|_| ())
            .ok_or_else(|| Error::internal("no row"))
    }

    /// The kind of the database in words, for people.
    pub fn kind(&self) -> &'static str {
        match self.read.get_database_backend() {
            DbBackend::Sqlite => "SQLite",
            _ => "PostgreSQL",
        }
    }
}

/// Truncates to microseconds, the precision of both databases.
pub fn micros(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.trunc_subsecs(6)
}
