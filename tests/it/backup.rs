//! Copies of the database, and a service that starts on one of them.

use std::{path::Path, sync::Arc};

use chrono::Duration;
use entity::{
    mail::{self, MailState},
    role_grant::Role,
    schedule_slot::{self, SlotState},
};
use expert_pool::{
    App,
    foundation::{
        config::Config,
        error::Result,
        platform::{ManualClock, Platform, SeededRandom},
        store::{Store, copies_in, restore},
    },
    operations::backup::back_up,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::support::{
    app::{TestApp, shanghai},
    databases::TestDatabase,
    outbox::queue_one,
};

/// A service of its own on the database file `url`.
async fn start(folder: &Path, url: &str, at: &str) -> Result<App> {
    let mut config = Config::load(None).unwrap();
    config.database.url = url.to_owned().into();
    config.server.secret_file = folder.join("secret.key").display().to_string();
    config.mail.mailbox = folder.join("mailbox").display().to_string();
    let clock = Arc::new(ManualClock::new(shanghai(at)));
    App::build(config, Platform::new(clock, Arc::new(SeededRandom::new(9)))).await
}

fn url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}

async fn state(app: &App, address: &str) -> Option<MailState> {
    mail::Entity::find()
        .filter(mail::Column::Address.eq(address))
        .one(app.ctx.store.read())
        .await
        .unwrap()
        .map(|row| row.state)
}

#[tokio::test]
async fn a_restored_copy_keeps_everything_and_sends_nothing_by_itself() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    app.add_account("何静宜", "he@example.org", Role::Handler, None)
        .await;
    app.work().await;
    queue_one(&app, "due@example.cn").await;
    let later = queue_one(&app, "later@example.cn").await;
    let tx = app.ctx.store.begin().await.unwrap();
    mail::Entity::update(mail::ActiveModel {
        id: sea_orm::ActiveValue::Unchanged(later),
        not_before: sea_orm::ActiveValue::Set(shanghai("2026-09-20 10:00")),
        ..Default::default()
    })
    .exec(tx.db())
    .await
    .unwrap();
    tx.commit().await.unwrap();

    let folder = app.folder().join("copies");
    let copied = back_up(&app.ctx.store, &folder, 2).await.unwrap();
    let listed = std::fs::read_to_string(format!("{}.sha256", copied.file.display())).unwrap();
    assert!(listed.starts_with(&copied.sha256) && listed.ends_with("Z.sqlite\n"));
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(&copied.file)
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600, "a copy is as secret as the database");
    // What happens afterwards is not in the copy: the mail leaves.
    app.work().await;
    assert_eq!(app.mails_to("due@example.cn").len(), 1);

    let place = app.folder().join("restored.db");
    let mut config = Config::load(None).unwrap().database;
    config.url = url(&place).into();
    let former = restore(&config, &copied.file, shanghai("2026-09-15 15:00"))
        .await
        .unwrap();
    assert_eq!(former, None);
    let restored = start(app.folder(), &url(&place), "2026-09-15 15:00")
        .await
        .unwrap();
    assert_eq!(
        state(&restored, "due@example.cn").await,
        Some(MailState::Held)
    );
    assert_eq!(
        state(&restored, "later@example.cn").await,
        Some(MailState::Ready)
    );
    let transport = restored.workers.transport.as_deref().unwrap();
    expert_pool::foundation::schedule::tick(&restored.ctx, &restored.workers.schedule)
        .await
        .unwrap();
    let step = expert_pool::foundation::mail::try_execute(
        &restored.ctx,
        &restored.workers.mails,
        transport,
    );
    assert_eq!(
        step.await.unwrap(),
        expert_pool::foundation::mail::Step::Idle
    );
    let passed = schedule_slot::Entity::find()
        .filter(schedule_slot::Column::State.eq(SlotState::Missed))
        .filter(schedule_slot::Column::Note.eq("恢复备份时略过"))
        .count(restored.ctx.store.read())
        .await
        .unwrap();
    assert!(passed > 0, "reminders of the day are not sent once more");
    let row = mail::Entity::find()
        .filter(mail::Column::Address.eq("due@example.cn"))
        .one(restored.ctx.store.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        row.held_by.as_deref(),
        Some("恢复备份（9月14日 10:00）：全部暂缓")
    );
    // Once settled, a new start holds nothing more.
    assert_eq!(restored.ctx.store.copied_at().await.unwrap(), None);
    let tx = restored.ctx.store.begin().await.unwrap();
    assert_eq!(
        expert_pool::foundation::mail::control::release_all(&tx)
            .await
            .unwrap(),
        1
    );
    tx.commit().await.unwrap();
    drop(restored);
    let again = start(app.folder(), &url(&place), "2026-09-15 16:00")
        .await
        .unwrap();
    assert_eq!(
        state(&again, "due@example.cn").await,
        Some(MailState::Ready)
    );
}

#[tokio::test]
async fn copies_are_made_under_writing_and_old_ones_go() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    let folder = app.folder().join("copies");
    for round in 0..4 {
        let writes = async {
            for n in 0..20 {
                queue_one(&app, &format!("r{round}n{n}@example.cn")).await;
            }
        };
        let (copied, ()) = tokio::join!(back_up(&app.ctx.store, &folder, 2), writes);
        copied.unwrap();
        app.advance(Duration::days(1));
    }
    let copies = copies_in(&folder).unwrap();
    assert_eq!(copies.len(), 2);
    assert_eq!(
        std::fs::read_dir(&folder).unwrap().count(),
        4,
        "each with its sum"
    );
    for (n, copy) in copies.into_iter().enumerate() {
        let place = app.folder().join(format!("{n}.db"));
        let mut config = Config::load(None).unwrap().database;
        config.url = url(&place).into();
        restore(&config, &copy, app.ctx.now()).await.unwrap();
        let store = Store::open(&config, app.ctx.platform().clone())
            .await
            .unwrap();
        let queued = mail::Entity::find().count(store.read()).await.unwrap();
        assert!((40..=80).contains(&queued), "{queued}");
    }
    let there = copies_in(&folder).unwrap().remove(0);
    assert!(
        app.ctx.store.copy_to(&there).await.is_err(),
        "nothing is written over"
    );
    if let Some(database) = TestDatabase::postgres().await {
        let app = TestApp::start(database).await;
        let error = app.ctx.store.copy_to(&folder.join("pg")).await.unwrap_err();
        assert!(error.to_string().contains("pg_dump"));
        app.ctx.store.note_restored().await.unwrap();
        let jobs = &app.workers.schedule;
        queue_one(&app, "due@example.cn").await;
        expert_pool::operations::backup::settle(&app.ctx, jobs)
            .await
            .unwrap();
        let held = mail::Entity::find()
            .one(app.ctx.store.read())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            held.state,
            MailState::Held,
            "after pg_restore the same holds"
        );
    }
}

#[tokio::test]
async fn what_is_damaged_or_too_new_is_refused_with_a_way_out() {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    let folder = app.folder();
    let copied = back_up(&app.ctx.store, &folder.join("copies"), 2)
        .await
        .unwrap();
    let place = folder.join("place.db");
    let mut config = Config::load(None).unwrap().database;
    config.url = url(&place).into();
    let now = app.ctx.now();
    restore(&config, &copied.file, now).await.unwrap();

    let bytes = std::fs::read(&copied.file).unwrap();
    let changed = folder.join("changed.sqlite");
    let broken = |file: &Path| {
        let mut torn = bytes.clone();
        let middle = torn.len() / 2;
        torn[middle..].fill(0x5a);
        std::fs::write(file, torn).unwrap();
    };
    broken(&changed);
    let error = restore(&config, &changed, now)
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("damaged"), "{error}");
    std::fs::write(
        folder.join("changed.sqlite.sha256"),
        format!("{}  x\n", copied.sha256),
    )
    .unwrap();
    let error = restore(&config, &changed, now)
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("is not what was copied"), "{error}");
    let used = start(folder, config.url.reveal(), "2026-09-14 10:00")
        .await
        .unwrap();
    // SQLite removes what it keeps beside a file when the last connection goes: before the next restoration.
    let store = &used.ctx.store;
    store.read().clone().close().await.unwrap();
    store.maintenance().clone().close().await.unwrap();
    let former = restore(&config, &copied.file, now).await.unwrap();
    assert!(
        former.is_some_and(|former| former.exists()),
        "what stood there is kept"
    );

    let refusal = async |content: &dyn Fn(&Path)| {
        let file = folder.join("refused.db");
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
        }
        content(&file);
        start(folder, &url(&file), "2026-09-14 10:00")
            .await
            .unwrap_err()
            .to_string()
    };
    let damaged = refusal(&|file| broken(file)).await;
    assert!(
        damaged.contains("cannot be used") && damaged.contains("expert-pool restore"),
        "{damaged}"
    );
    let other = refusal(&|file| std::fs::write(file, vec![7; 8192]).unwrap()).await;
    assert!(
        other.contains("cannot be used") && other.contains("expert-pool restore"),
        "{other}"
    );
    let empty = refusal(&|file| {
        std::fs::write(file, b"").unwrap();
        std::fs::write(file.with_extension("migration.lock"), b"").unwrap();
    })
    .await;
    assert!(empty.contains("is empty though"), "{empty}");

    for database in crate::support::databases::databases().await {
        let app = TestApp::start(database).await;
        app.ctx
            .store
            .maintenance()
            .execute_unprepared(
                "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 1)",
            )
            .await
            .unwrap();
        let error = app.ctx.store.migrate().await.unwrap_err().to_string();
        assert!(
            error.contains("newer version") && error.contains("m9999_later"),
            "{error}"
        );
    }
}
