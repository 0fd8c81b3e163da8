//! The demonstration begins whenever somebody starts it: at night, before the office opens, on a
//! Saturday, in a holiday.

use entity::schedule_slot::{self, SlotState};
use expert_pool::cli::seed;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::walker::{OFFICE, Walker};
use crate::support::{app::TestApp, databases::TestDatabase};

/// Seeds the demonstration at a local time and opens what the menu of everybody shows.
async fn begins_at(local: &str) {
    let app = TestApp::start_at(TestDatabase::sqlite(), local).await;
    seed::seed(&app.ctx, &app.owners)
        .await
        .unwrap_or_else(|error| panic!("at {local}: {error:?}"));
    app.work().await;
    let failed = schedule_slot::Entity::find()
        .filter(schedule_slot::Column::State.ne(SlotState::Done))
        .all(app.ctx.store.read())
        .await
        .unwrap();
    assert!(failed.is_empty(), "at {local}: {failed:?}");
    for (name, email) in OFFICE {
        let walker = Walker::office(&app, name, email).await;
        let home = walker.client.read("/home").await;
        let (_, menu) = home.split_once("<nav class=\"menu\"").unwrap();
        let (menu, _) = menu.split_once("</nav>").unwrap();
        let entries = super::crawl::links(menu);
        assert!(entries.len() > 2, "{name} has a menu: {entries:?}");
        for path in &entries {
            walker.client.read(path).await;
        }
    }
    let expert = Walker::expert(&app).await;
    expert.client.read("/my").await;
}

#[tokio::test]
async fn the_demonstration_begins_after_midnight() {
    begins_at("2026-09-14 00:30").await;
}

#[tokio::test]
async fn the_demonstration_begins_before_dawn() {
    begins_at("2026-09-15 04:20").await;
}

#[tokio::test]
async fn the_demonstration_begins_with_the_office() {
    begins_at("2026-09-16 09:00").await;
}

#[tokio::test]
async fn the_demonstration_begins_at_noon() {
    begins_at("2026-09-17 12:00").await;
}

#[tokio::test]
async fn the_demonstration_begins_in_the_evening() {
    begins_at("2026-09-18 19:45").await;
}

#[tokio::test]
async fn the_demonstration_begins_before_midnight() {
    begins_at("2026-12-31 23:50").await;
}

#[tokio::test]
async fn the_demonstration_begins_on_a_saturday() {
    begins_at("2026-09-12 12:00").await;
}

#[tokio::test]
async fn the_demonstration_begins_in_a_holiday() {
    begins_at("2026-10-03 09:00").await;
}
