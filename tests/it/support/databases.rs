//! A database of each kind for one test body, with its tables or empty.

use std::{
    sync::{Arc, OnceLock},
    thread,
};

use expert_pool::foundation::{
    config::Config,
    platform::{ManualClock, Platform, SeededRandom},
    store::Store,
};
use tempfile::TempDir;

use super::{app::shanghai, postgres::PostgresDatabase};

/// A database that goes away with this value.
#[derive(Debug)]
pub enum TestDatabase {
    /// A file in a folder of its own.
    Sqlite(TempDir),
    /// A database on the server of `./scripts/test`.
    Postgres(PostgresDatabase),
}

impl TestDatabase {
    /// A new SQLite file with all tables.
    pub fn sqlite() -> Self {
        static MIGRATED: OnceLock<Vec<u8>> = OnceLock::new();
        let bytes = MIGRATED.get_or_init(migrated_sqlite);
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join(FILE), bytes).expect("the folder is writable");
        Self::Sqlite(folder)
    }

    /// A new SQLite file without any table.
    pub fn empty_sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A new PostgreSQL database with all tables, or `None` where no server is set up (see
    /// [`super::missing`]).
    pub async fn postgres() -> Option<Self> {
        PostgresDatabase::create().await.map(Self::Postgres)
    }

    /// What `[database] url` of the configuration would say.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => {
                format!("sqlite://{}?mode=rwc", folder.path().join(FILE).display())
            }
            Self::Postgres(database) => database.url(),
        }
    }
}

/// Name of the SQLite file in its folder.
const FILE: &str = "test.db";

/// The bytes of a SQLite file with all tables.
fn migrated_sqlite() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let template = TestDatabase::Sqlite(folder);
    let url = template.url();
    // A thread of its own: the caller may be a task, which cannot wait for another runtime.
    thread::scope(|scope| {
        let made = scope.spawn(|| {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime starts")
                .block_on(migrate(&url));
        });
        made.join().expect("the tables were made");
    });
    let TestDatabase::Sqlite(folder) = &template else {
        unreachable!("{template:?}")
    };
    std::fs::read(folder.path().join(FILE)).expect("the file was made")
}

/// Makes all tables, once for all tests that begin with them.
pub(super) async fn migrate(url: &str) {
    let mut config = Config::load(None).expect("the defaults are sound").database;
    config.url = url.to_owned().into();
    let clock = Arc::new(ManualClock::new(shanghai("2026-09-14 10:00")));
    let platform = Platform::new(clock, Arc::new(SeededRandom::new(1)));
    let store = Store::open(&config, platform)
        .await
        .expect("the database can be opened");
    store.migrate().await.expect("the tables can be made");
    for connection in [store.read(), store.maintenance()] {
        connection.close_by_ref().await.expect("nobody uses it");
    }
}

/// One database of each kind with all tables, so that the same test body runs on both:
///
/// ```ignore
/// for database in databases().await {
///     let store = open(&database.url()).await;
/// }
/// ```
pub async fn databases() -> Vec<TestDatabase> {
    let mut all = vec![TestDatabase::sqlite()];
    all.extend(TestDatabase::postgres().await);
    all
}

/// The same without any table.
pub async fn empty_databases() -> Vec<TestDatabase> {
    let mut all = vec![TestDatabase::empty_sqlite()];
    all.extend(PostgresDatabase::empty().await.map(TestDatabase::Postgres));
    all
}

mod tests {
    use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbErr, Statement};

    use super::*;

    async fn count(connection: &DatabaseConnection, from: &str) -> Result<i64, DbErr> {
        let sql = format!("SELECT COUNT(*) FROM {from}");
        connection
            .query_one_raw(Statement::from_string(
                connection.get_database_backend(),
                sql,
            ))
            .await?
            .expect("a count is one row")
            .try_get_by_index(0)
    }

    #[tokio::test]
    async fn every_database_is_new_and_alone() {
        for (mine, other) in databases().await.into_iter().zip(databases().await) {
            let connection = Database::connect(mine.url()).await.unwrap();
            connection
                .execute_unprepared("CREATE TABLE seat (name TEXT)")
                .await
                .unwrap();
            connection
                .execute_unprepared("INSERT INTO seat VALUES ('专家')")
                .await
                .unwrap();
            assert_eq!(count(&connection, "seat").await.unwrap(), 1);

            let beside = Database::connect(other.url()).await.unwrap();
            assert!(
                count(&beside, "seat").await.is_err(),
                "{mine:?} and {other:?} are one"
            );
        }
    }

    #[tokio::test]
    async fn a_postgresql_database_goes_away_though_connections_are_open() {
        let (Some(mine), Some(other)) = (
            TestDatabase::postgres().await,
            TestDatabase::postgres().await,
        ) else {
            return;
        };
        let TestDatabase::Postgres(database) = &mine else {
            unreachable!("{mine:?}")
        };
        let url = database.url();
        let name = url
            .split(['/', '?'])
            .find(|part| part.starts_with("t_"))
            .unwrap();
        let row = format!("pg_database WHERE datname = '{name}'");

        let connection = Database::connect(mine.url()).await.unwrap();
        let beside = Database::connect(other.url()).await.unwrap();
        assert_eq!(count(&beside, &row).await.unwrap(), 1);
        drop(mine);
        assert_eq!(count(&beside, &row).await.unwrap(), 0);
        assert!(connection.ping().await.is_err());
    }
}
