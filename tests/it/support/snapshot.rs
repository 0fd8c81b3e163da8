//! Everything that a database holds, to see that something changed nothing.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::app::TestApp;

/// The rows of every table, each as one text.
pub type Tables = BTreeMap<String, Vec<String>>;

/// What the database holds now.
pub async fn snapshot(app: &TestApp) -> Tables {
    let db = app.ctx.store.maintenance();
    let mut tables = BTreeMap::new();
    for table in names(db).await {
        let mut rows = texts(db, &rows_of(db, &table).await).await;
        rows.sort();
        tables.insert(table, rows);
    }
    tables
}

async fn names(db: &DatabaseConnection) -> Vec<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        _ => "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'",
    };
    texts(db, sql).await
}

/// The query that gives each row of a table as one text.
async fn rows_of(db: &DatabaseConnection, table: &str) -> String {
    if db.get_database_backend() != DbBackend::Sqlite {
        return format!(r#"SELECT t::text FROM "{table}" t"#);
    }
    let sql = format!("SELECT name FROM pragma_table_info('{table}')");
    let columns: Vec<_> = texts(db, &sql)
        .await
        .iter()
        .map(|column| format!(r#"quote("{column}")"#))
        .collect();
    format!(r#"SELECT {} FROM "{table}""#, columns.join(" || ',' || "))
}

async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .expect("the database can be read")
        .iter()
        .map(|row| row.try_get_by_index(0).expect("a text"))
        .collect()
}
