//! A PostgreSQL database for one test, with all tables or empty, on the server that `./scripts/test` started.

use std::{env, sync::Once, thread};

use reqwest::Url;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbErr};
use tokio::sync::OnceCell;

/// Names the server: the URL of a user who may create databases.
const SERVER: &str = "EXPERT_POOL_TEST_POSTGRES";

/// A database; dropped, connections and all, with this value.
#[derive(Debug)]
pub struct PostgresDatabase {
    server: Url,
    name: String,
}

impl PostgresDatabase {
    /// Creates a database with all tables, or `None` where no server is set up. The tables are made
    /// once, in a database that the others copy.
    pub async fn create() -> Option<Self> {
        static MIGRATED: OnceCell<PostgresDatabase> = OnceCell::const_new();
        let server = server()?;
        let migrated = MIGRATED
            .get_or_init(async || {
                let template = Self::copy(server.clone(), "template0").await;
                super::databases::migrate(&template.url()).await;
                template
            })
            .await;
        Some(Self::copy(server, &migrated.name).await)
    }

    /// Creates an empty database, or `None` where no server is set up.
    pub async fn empty() -> Option<Self> {
        // template0 is as it was shipped, and nobody can be connected to it.
        Some(Self::copy(server()?, "template0").await)
    }

    /// Creates a copy of a database, named after the running test.
    async fn copy(server: Url, template: &str) -> Self {
        let name = unique_name();
        execute(
            &server,
            &format!(r#"CREATE DATABASE "{name}" TEMPLATE "{template}""#),
        )
        .await
        .expect("the server creates a database");
        Self { server, name }
    }

    /// Where to connect.
    pub fn url(&self) -> String {
        let mut url = self.server.clone();
        url.set_path(&self.name);
        url.into()
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        // A thread of its own, because the test's runtime cannot be waited for from within it.
        let dropped = thread::scope(|scope| {
            scope
                .spawn(|| {
                    tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build()
                        .expect("a runtime starts")
                        .block_on(execute(
                            &self.server,
                            &format!(r#"DROP DATABASE "{}" WITH (FORCE)"#, self.name),
                        ))
                })
                .join()
        });
        if !thread::panicking() {
            dropped
                .expect("no panic")
                .expect("the server drops the database");
        }
    }
}

/// The server, when one is set up.
fn server() -> Option<Url> {
    static SAID: Once = Once::new();
    let Ok(server) = env::var(SERVER) else {
        super::missing("PostgreSQL", &SAID);
        return None;
    };
    Some(Url::parse(&server).expect("EXPERT_POOL_TEST_POSTGRES is a URL"))
}

async fn execute(server: &Url, statement: &str) -> Result<(), DbErr> {
    let mut options = ConnectOptions::new(server.as_str());
    options.max_connections(1).sqlx_logging(false);
    let connection = Database::connect(options).await?;
    connection.execute_unprepared(statement).await?;
    connection.close().await
}

/// The running test's name, for whoever looks at the server, and 64 random bits, for runs that share
/// one. The test harness names the thread after the test.
fn unique_name() -> String {
    let thread = thread::current();
    let test = thread
        .name()
        .unwrap_or_default()
        .rsplit("::")
        .next()
        .unwrap_or_default();
    let test: String = test
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .take(40)
        .collect();
    let mut random = [0; 8];
    #[expect(
        clippy::disallowed_methods,
        reason = "the name must be new on a server that others use too"
    )]
    getrandom::fill(&mut random).expect("the operating system gives randomness");
    format!("t_{test}_{:016x}", u64::from_ne_bytes(random))
}
