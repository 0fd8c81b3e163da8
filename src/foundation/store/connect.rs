//! Opening SQLite and PostgreSQL with the settings on which the service's promises stand.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

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
        check_file(&path)?;
        let unusable = |error: &dyn std::fmt::Display| {
            Error::internal(format!(
                "the SQLite file {} cannot be used ({error}): see that the service may write it, or put \
                 the newest backup in its place (expert-pool restore FILE)",
                path.display()
            ))
        };
        let writer = Database::connect(sqlite(config, 1))
            .await
            .map_err(|error| unusable(&error))?;
        check_integrity(&writer)
            .await
            .map_err(|error| unusable(&error))?;
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

/// A file of no length was a database once: SQLite would take it for a new one, and the service would
/// start as if nothing had ever been.
fn check_file(path: &Path) -> Result<()> {
    let empty = std::fs::metadata(path).is_ok_and(|file| file.len() == 0);
    let started = path.with_extension("migration.lock").exists();
    if empty && started {
        return Err(Error::internal(format!(
            "the SQLite file {} is empty though it has been in use: put the newest backup in its place \
             (expert-pool restore FILE)",
            path.display()
        )));
    }
    Ok(())
}

/// Refuses a database on which a newer version has worked.
pub(super) async fn check_age(db: &DatabaseConnection) -> Result<()> {
    if !has_migrations(db).await? {
        return Ok(());
    }
    let rows = db
        .query_all_raw(Statement::from_string(
            db.get_database_backend(),
            "SELECT version FROM seaql_migrations",
        ))
        .await?;
    let known = Migrator::migrations();
    for row in rows {
        let version: String = row.try_get_by_index(0)?;
        if !known.iter().any(|migration| migration.name() == version) {
            return Err(Error::internal(format!(
                "a newer version of expert-pool has worked on this database (it knows {version}): start \
                 that version, or restore a backup that was made before"
            )));
        }
    }
    Ok(())
}

async fn has_migrations(db: &DatabaseConnection) -> Result<bool> {
    let tables = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE name = 'seaql_migrations'",
        _ => {
            "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema() \
              AND table_name = 'seaql_migrations'"
        }
    };
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), tables))
        .await?;
    let count = row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
    Ok(count.unwrap_or(0) > 0)
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
        Err(Error::internal(format!("damaged: {verdict}")))
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
