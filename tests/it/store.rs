//! The database: migrations on both kinds, starters at once, writers at once.

use std::sync::Arc;

use expert_pool::foundation::{
    config::Config,
    numbers,
    platform::{ManualClock, Platform, SeededRandom},
    store::Store,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Statement};

use crate::support::{
    app::shanghai,
    databases::{TestDatabase, databases, empty_databases},
};

async fn open(database: &TestDatabase, seed: u64) -> Store {
    let mut config = Config::load(None).unwrap().database;
    config.url = database.url().into();
    let clock = Arc::new(ManualClock::new(shanghai("2026-09-14 10:00")));
    Store::open(
        &config,
        Platform::new(clock, Arc::new(SeededRandom::new(seed))),
    )
    .await
    .unwrap()
}

async fn tables(store: &Store) -> i64 {
    let sql = match store.kind() {
        "SQLite" => {
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        _ => "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'",
    };
    let db = store.maintenance();
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap()
        .unwrap();
    row.try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn migrations_go_up_down_and_up_again() {
    for database in empty_databases().await {
        let store = open(&database, 1).await;
        store.migrate().await.unwrap();
        let whole = tables(&store).await;
        assert!(whole > 30, "{whole} tables on {}", store.kind());
        Migrator::down(store.maintenance(), None).await.unwrap();
        assert_eq!(
            tables(&store).await,
            1,
            "only the list of migrations is left"
        );
        store.migrate().await.unwrap();
        assert_eq!(tables(&store).await, whole);
    }
}

#[tokio::test]
async fn starters_at_once_take_turns() {
    for database in empty_databases().await {
        let stores = [
            open(&database, 1).await,
            open(&database, 2).await,
            open(&database, 3).await,
        ];
        let [one, two, three] = &stores;
        let (first, second, third) = tokio::join!(one.migrate(), two.migrate(), three.migrate());
        first.unwrap();
        second.unwrap();
        third.unwrap();
        assert!(tables(one).await > 30);
    }
}

#[tokio::test]
async fn writers_at_once_never_take_the_same_number() {
    for database in databases().await {
        let store = open(&database, 1).await;
        store.migrate().await.unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let store = store.clone();
            tasks.spawn(async move {
                let tx = store.begin().await.unwrap();
                let number = numbers::next(&tx, "trial", 2026).await.unwrap();
                tx.commit().await.unwrap();
                number
            });
        }
        let mut numbers: Vec<_> = tasks.join_all().await;
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=40).collect::<Vec<_>>(), "on {}", store.kind());
    }
}

#[tokio::test]
async fn a_write_that_is_dropped_has_not_happened() {
    for database in databases().await {
        let store = open(&database, 1).await;
        store.migrate().await.unwrap();
        let tx = store.begin().await.unwrap();
        assert_eq!(numbers::next(&tx, "trial", 2026).await.unwrap(), 1);
        drop(tx);
        let tx = store.begin().await.unwrap();
        assert_eq!(numbers::next(&tx, "trial", 2026).await.unwrap(), 1);
        tx.commit().await.unwrap();
    }
}
