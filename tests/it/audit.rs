//! The audit trail: append only, sealed in order, and every break is named.

use chrono::Duration;
use entity::{audit_entry, role_grant::Role};
use expert_pool::accounts::audit::{self, Entry, Fault, Head, Verdict};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryOrder, Statement};
use serde_json::json;

use crate::support::{app::TestApp, databases::databases};

async fn write(app: &TestApp, count: usize) {
    for number in 0..count {
        app.advance(Duration::seconds(1));
        let tx = app.ctx.store.begin().await.unwrap();
        audit::record(
            &tx,
            Entry {
                actor: None,
                action: "units.changed",
                subject_kind: "unit",
                subject_id: Some(tx.id()),
                details: json!({ "to": format!("第 {number} 次"), "count": number }),
            },
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }
}

async fn try_sql(app: &TestApp, sql: &str) -> Result<(), sea_orm::DbErr> {
    let db = app.ctx.store.maintenance();
    db.execute_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .map(|_| ())
}

async fn sql(app: &TestApp, statement: &str) {
    try_sql(app, statement).await.unwrap();
}

/// What somebody with the rights of the database's owner can do.
async fn disarm(app: &TestApp) {
    if app.ctx.store.maintenance().get_database_backend() == DbBackend::Sqlite {
        sql(app, "DROP TRIGGER audit_entry_no_change").await;
        sql(app, "DROP TRIGGER audit_entry_no_delete").await;
    } else {
        sql(app, "ALTER TABLE audit_entry DISABLE TRIGGER ALL").await;
    }
}

async fn verdict(app: &TestApp) -> Verdict {
    audit::verify(&app.ctx, None).await.unwrap()
}

fn broken(sequence: i64, fault: Fault) -> Verdict {
    Verdict::Broken { sequence, fault }
}

#[tokio::test]
async fn the_database_refuses_to_change_or_delete_entries() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        write(&app, 2).await;
        for forbidden in [
            "DELETE FROM audit_entry",
            "UPDATE audit_entry SET action = 'units.added'",
            "UPDATE audit_entry SET subject_id = NULL",
            "UPDATE audit_entry SET details = '{}'",
            "UPDATE audit_entry SET salt = 'other'",
            "UPDATE audit_entry SET commitment = ''",
        ] {
            let refused = try_sql(&app, forbidden).await.unwrap_err();
            assert!(refused.to_string().contains("append only"), "{forbidden}");
        }
        audit::seal(&app.ctx).await.unwrap();
        for forbidden in [
            "UPDATE audit_entry SET sequence = sequence + 10",
            "UPDATE audit_entry SET seal = NULL",
        ] {
            let refused = try_sql(&app, forbidden).await.unwrap_err();
            assert!(refused.to_string().contains("append only"), "{forbidden}");
        }
        // Erasing personal details is let through, and the chain holds.
        sql(
            &app,
            "UPDATE audit_entry SET details = NULL, salt = NULL, address = NULL WHERE sequence = 1",
        )
        .await;
        assert!(matches!(verdict(&app).await, Verdict::Sound(head) if head.sequence == 2));
    }
}

#[tokio::test]
async fn entries_are_sealed_once_and_in_order() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        assert_eq!(verdict(&app).await, Verdict::Sound(Head::default()));
        write(&app, 3).await;
        assert_eq!(verdict(&app).await, Verdict::Sound(Head::default()));
        assert_eq!(audit::seal(&app.ctx).await.unwrap(), 3);
        assert_eq!(audit::seal(&app.ctx).await.unwrap(), 0);
        write(&app, 2).await;
        // Two instances that seal at once take turns.
        let (one, other) = tokio::join!(audit::seal(&app.ctx), audit::seal(&app.ctx));
        assert_eq!(one.unwrap() + other.unwrap(), 2);
        let rows = audit_entry::Entity::find()
            .order_by_asc(audit_entry::Column::At)
            .all(app.ctx.store.read())
            .await
            .unwrap();
        let places: Vec<_> = rows.iter().filter_map(|row| row.sequence).collect();
        assert_eq!(places, [1, 2, 3, 4, 5]);
        assert!(matches!(verdict(&app).await, Verdict::Sound(head) if head.sequence == 5));
    }
}

#[tokio::test]
async fn every_break_is_named_at_its_first_entry() {
    // (what is done, what is found)
    let cases: &[(&[&str], Verdict)] = &[
        (
            &["UPDATE audit_entry SET action = 'units.added' WHERE sequence = 3"],
            broken(3, Fault::Changed),
        ),
        (
            &["UPDATE audit_entry SET details = '{\"to\":\"别的\"}' WHERE sequence = 2"],
            broken(2, Fault::Details),
        ),
        (
            &["UPDATE audit_entry SET address = '10.0.0.9' WHERE sequence = 4"],
            broken(4, Fault::Details),
        ),
        (
            &["DELETE FROM audit_entry WHERE sequence = 4"],
            broken(4, Fault::Missing),
        ),
        (
            &[
                "UPDATE audit_entry SET sequence = 100 WHERE sequence = 2",
                "UPDATE audit_entry SET sequence = 2 WHERE sequence = 3",
                "UPDATE audit_entry SET sequence = 3 WHERE sequence = 100",
            ],
            broken(2, Fault::Changed),
        ),
        (
            &["DELETE FROM audit_entry WHERE sequence > 3"],
            broken(4, Fault::Missing),
        ),
        (
            &["UPDATE audit_entry SET seal = 'ab' WHERE sequence = 5"],
            broken(5, Fault::Changed),
        ),
    ];
    for (statements, expected) in cases {
        for database in databases().await {
            let app = TestApp::start(database).await;
            write(&app, 5).await;
            audit::seal(&app.ctx).await.unwrap();
            assert!(matches!(verdict(&app).await, Verdict::Sound(_)));
            disarm(&app).await;
            for statement in *statements {
                sql(&app, statement).await;
            }
            assert_eq!(&verdict(&app).await, expected, "{statements:?}");
        }
    }
}

#[tokio::test]
async fn an_end_noted_elsewhere_shows_a_chain_that_was_cut_and_written_anew() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        write(&app, 4).await;
        audit::seal(&app.ctx).await.unwrap();
        let Verdict::Sound(noted) = verdict(&app).await else {
            panic!("the chain is sound");
        };
        assert_eq!(Head::parse(&noted.to_string()), Some(noted.clone()));
        let against = |noted: Head| {
            let ctx = app.ctx.clone();
            async move { audit::verify(&ctx, Some(&noted)).await.unwrap() }
        };
        assert_eq!(against(noted.clone()).await, Verdict::Sound(noted.clone()));
        // Whoever holds the key and the database cuts the end and the memory of it.
        disarm(&app).await;
        sql(&app, "DELETE FROM audit_entry WHERE sequence > 2").await;
        let row = audit_entry::Entity::find()
            .order_by_desc(audit_entry::Column::Sequence)
            .one(app.ctx.store.read())
            .await
            .unwrap()
            .unwrap();
        let head = format!("2:{}", row.seal.unwrap());
        sql(
            &app,
            &format!("UPDATE installation SET value = '{head}' WHERE name = 'audit_head'"),
        )
        .await;
        assert!(matches!(verdict(&app).await, Verdict::Sound(_)));
        assert_eq!(against(noted.clone()).await, broken(3, Fault::Missing));
        write(&app, 3).await;
        audit::seal(&app.ctx).await.unwrap();
        assert!(matches!(verdict(&app).await, Verdict::Sound(_)));
        assert_eq!(against(noted).await, broken(4, Fault::NotAsNoted));
    }
}

#[tokio::test]
async fn the_page_says_who_did_what_and_filters() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let handler = app.signed_in("he@example.org").await;
        handler
            .submit(
                "/units/new",
                &[("name", "云岭标准服务中心"), ("tier", "member")],
            )
            .await;
        let page = handler.read("/audit").await;
        assert!(page.contains("登记单位") && page.contains("云岭标准服务中心"));
        assert!(page.contains("127.0.0.1") && page.contains("待封存"));
        assert!(!page.contains("units.added</"), "codes are said in words");
        for (query, found) in [
            ("person=hjy", true),
            ("person=%E5%BD%AD", false),
            ("action=units.added", true),
            ("action=units.changed", false),
            ("from=2026-09-14&to=2026-09-14", true),
            ("to=2026-09-13", false),
            ("from=2026-09-15", false),
        ] {
            let page = handler.read(&format!("/audit?{query}")).await;
            assert_eq!(page.contains("云岭标准服务中心"), found, "{query}");
        }
    }
}
