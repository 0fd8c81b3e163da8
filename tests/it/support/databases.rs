//! An empty database of each kind for one test body.

use tempfile::TempDir;

use super::postgres::PostgresDatabase;

/// An empty database that goes away with this value.
#[derive(Debug)]
pub enum TestDatabase {
    /// A file in a folder of its own.
    Sqlite(TempDir),
    /// A database on the server of `./scripts/test`.
    Postgres(PostgresDatabase),
}

impl TestDatabase {
    /// A new SQLite file.
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A new PostgreSQL database, or `None` where no server is set up (see [`super::missing`]).
    pub async fn postgres() -> Option<Self> {
        PostgresDatabase::create().await.map(Self::Postgres)
    }

    /// What `[database] url` of the configuration would say.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => {
                format!(
                    "sqlite://{}?mode=rwc",
                    folder.path().join("test.db").display()
                )
            }
            Self::Postgres(database) => database.url(),
        }
    }
}

/// One empty database of each kind, so that the same test body runs on both:
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
