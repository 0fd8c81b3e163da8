//! Opening SQLite and PostgreSQL with the settings on which the service's promises stand.

use std::{path::PathBuf, time::Duration};

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement,
};

use crate::foundation::{
    config::DatabaseConfig,
    error::{Error, Result},
};

/// Key of the PostgreSQL advisory lock under which migrations run ("expert-pool" in ASCII, cut).
const MIGRATION_LOCK: i64 = 0x6578_7065_7274_2d70;

/// Opens (reader, writer).
pub(super) async fn open(
    config: &DatabaseConfig,
) -> Result<(DatabaseConnection, DatabaseConnection)> {
    if let Some(path) = sqlite_path(config.url.reveal()) {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let writer = Database::connect(sqlite(config, 1)).await?;
        check_integrity(&writer).await?;
        let reader = Database::connect(sqlite(config, config.connections)).await?;
        Ok((reader, writer))
    } else {
        let mut options = ConnectOptions::new(config.url.reveal());
        options
            .max_connections(config.connections)
            .acquire_timeout(Duration::from_secs(config.acquire_seconds))
            .sqlx_logging(false);
        let pool = Database::connect(options).await?;
        Ok((pool.clone(), pool))
    }
}

/// SQLite: write-ahead log, full sync (an answer confirmed to a person survives a power cut),
/// foreign keys, and patience when another process writes.
fn sqlite(config: &DatabaseConfig, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.url.reveal());
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(config.acquire_seconds))
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(5))
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("cache_size", "-16000")
        });
    options
}

async fn check_integrity(writer: &DatabaseConnection) -> Result<()> {
    let row = writer
        .query_one_raw(Statement::from_string(
            DbBackend::Sqlite,
            "PRAGMA quick_check(1)",
        ))
        .await?
        .ok_or_else(|| Error::internal("quick_check gave no row"))?;
    let verdict: String = row.try_get_by_index(0)?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(Error::internal(format!(
            "the SQLite file is damaged ({verdict}); restore the newest backup"
        )))
    }
}

/// Runs the migrations, one starter at a time: PostgreSQL under an advisory lock, SQLite under a
/// lock of a file beside the database.
pub(super) async fn migrate(writer: &DatabaseConnection, url: &str) -> Result<()> {
    if let Some(path) = sqlite_path(url) {
        let beside = path.with_extension("migration.lock");
        let lock = tokio::task::spawn_blocking(move || {
            let file = std::fs::File::create(beside)?;
            file.lock()?;
            Ok::<_, std::io::Error>(file)
        })
        .await
        .map_err(Error::internal)??;
        Migrator::up(writer, None).await?;
        drop(lock);
    } else {
        #[expect(
            clippy::disallowed_methods,
            reason = "the lock lives as long as this transaction"
        )]
        let lock = sea_orm::TransactionTrait::begin(writer).await?;
        lock.execute_raw(Statement::from_string(
            DbBackend::Postgres,
            format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"),
        ))
        .await?;
        Migrator::up(writer, None).await?;
        lock.commit().await?;
    }
    Ok(())
}

/// The file that a SQLite address names.
pub(super) fn sqlite_path(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(PathBuf::from(path.split('?').next().unwrap_or_default()))
}
