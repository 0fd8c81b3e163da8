//! Signing in and the own account page.

use chrono::Duration;
use entity::{account, role_grant::Role, session};
use expert_pool::accounts::Passwords;
use reqwest::StatusCode;
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::support::{
    app::{Browser, PASSWORD, TestApp},
    databases::databases,
    outbox::mails,
};

const NEW: &str = "湖边的三只白鹭今天没来";

async fn sign_in(browser: &Browser, email: &str, password: &str) -> StatusCode {
    browser
        .post("/sign-in", &[("email", email), ("password", password)])
        .await
        .status()
}

async fn status(browser: &Browser, path: &str) -> StatusCode {
    browser.get(path).await.status()
}

async fn session_count(app: &TestApp) -> usize {
    session::Entity::find()
        .all(app.ctx.store.read())
        .await
        .unwrap()
        .len()
}

#[tokio::test]
async fn too_many_wrong_passwords_wait_and_nobody_is_locked_out_for_good() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let visitor = app.visitor();
        let unknown = visitor
            .post("/sign-in", &[("email", "x@example.org"), ("password", "y")])
            .await;
        let unknown = unknown.text().await.unwrap();
        for _ in 0..5 {
            let answer = visitor
                .post(
                    "/sign-in",
                    &[("email", "he@example.org"), ("password", "y")],
                )
                .await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
            let text = answer.text().await.unwrap();
            assert_eq!(
                text.replace("he@example.org", "x@example.org"),
                unknown,
                "known and unknown look the same"
            );
        }
        let wait = visitor
            .post(
                "/sign-in",
                &[("email", "he@example.org"), ("password", PASSWORD)],
            )
            .await;
        assert!(wait.text().await.unwrap().contains("分钟后再试"));
        app.advance(Duration::minutes(10));
        assert_eq!(
            sign_in(&visitor, "HE@example.org", PASSWORD).await,
            StatusCode::SEE_OTHER
        );
    }
}

#[tokio::test]
async fn sessions_end_when_idle_and_at_the_end_of_the_day() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let idle = app.signed_in("he@example.org").await;
        let busy = app.signed_in("he@example.org").await;
        app.advance(Duration::minutes(100));
        assert_eq!(status(&busy, "/home").await, StatusCode::OK);
        app.advance(Duration::minutes(100));
        assert_eq!(status(&idle, "/home").await, StatusCode::SEE_OTHER);
        for _ in 0..5 {
            assert_eq!(status(&busy, "/home").await, StatusCode::OK);
            app.advance(Duration::minutes(104));
        }
        assert_eq!(
            status(&busy, "/home").await,
            StatusCode::SEE_OTHER,
            "12 hours"
        );
    }
}

#[tokio::test]
async fn people_see_and_end_their_own_sessions_and_no_others() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        app.add_account("冯嘉树", "feng@example.org", Role::Handler, None)
            .await;
        let here = app.signed_in("he@example.org").await;
        let there = app.signed_in("he@example.org").await;
        let elsewhere = app.signed_in("he@example.org").await;
        let stranger = app.signed_in("feng@example.org").await;
        let page = here.read("/account").await;
        let at = page.find("/account/sessions/").unwrap();
        let end = page[at..at + page[at..].find('"').unwrap()].to_owned();
        let foreign = stranger.post(&end, &[]).await;
        assert_eq!(foreign.status(), StatusCode::NOT_FOUND);
        assert_eq!(session_count(&app).await, 4);
        here.submit(&end, &[]).await;
        assert_eq!(session_count(&app).await, 3);
        here.submit("/account/sessions/end-others", &[]).await;
        assert_eq!(status(&here, "/home").await, StatusCode::OK);
        for ended in [&there, &elsewhere] {
            assert_eq!(status(ended, "/home").await, StatusCode::SEE_OTHER);
        }
        assert_eq!(status(&stranger, "/home").await, StatusCode::OK);
        here.submit("/sign-out", &[]).await;
        assert_eq!(session_count(&app).await, 1);
    }
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_is_told() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let here = app.signed_in("he@example.org").await;
        let there = app.signed_in("he@example.org").await;
        let change = async |present: &str| {
            let fields = [("present", present), ("password", NEW), ("again", NEW)];
            here.post("/account/password", &fields).await
        };
        let wrong = change("not this one").await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().await.unwrap().contains("现在的密码不对"));
        assert_eq!(change(PASSWORD).await.status(), StatusCode::SEE_OTHER);
        assert_eq!(status(&here, "/home").await, StatusCode::OK);
        assert_eq!(status(&there, "/home").await, StatusCode::SEE_OTHER);
        assert_eq!(
            mails(&app, "accounts.password_changed", "he@example.org")
                .await
                .len(),
            1
        );
        assert_eq!(
            sign_in(&app.visitor(), "he@example.org", NEW).await,
            StatusCode::SEE_OTHER
        );
    }
}

#[tokio::test]
async fn an_old_hash_is_renewed_at_sign_in() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (_, id) = app
            .add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let mut old = app.ctx.config.accounts.clone();
        old.hash_memory_kib = 32;
        let hash = Passwords::new(&old, app.ctx.platform())
            .unwrap()
            .hash(PASSWORD, app.ctx.platform())
            .await
            .unwrap();
        let tx = app.ctx.store.begin().await.unwrap();
        account::Entity::update(account::ActiveModel {
            id: Set(id),
            password_hash: Set(Some(hash)),
            ..Default::default()
        })
        .exec(tx.db())
        .await
        .unwrap();
        tx.commit().await.unwrap();
        app.signed_in("he@example.org").await;
        let row = account::Entity::find_by_id(id)
            .one(app.ctx.store.read())
            .await
            .unwrap()
            .unwrap();
        assert!(row.password_hash.unwrap().contains("m=64,"));
        app.signed_in("he@example.org").await;
    }
}

#[tokio::test]
async fn spaces_belong_to_a_password() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let padded = format!(" {PASSWORD} ");
        assert_eq!(
            sign_in(&app.visitor(), "he@example.org", &padded).await,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
}

#[tokio::test]
async fn after_signing_in_people_stay_on_this_site() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        for (next, expected) in [
            ("/units?q=x", "/units?q=x"),
            ("//evil.example", "/home"),
            ("https://evil.example", "/home"),
            ("/\\evil.example", "/home"),
            ("", "/home"),
        ] {
            let to = app
                .visitor()
                .submit(
                    "/sign-in",
                    &[
                        ("email", "he@example.org"),
                        ("password", PASSWORD),
                        ("next", next),
                    ],
                )
                .await;
            assert_eq!(to, expected, "{next}");
        }
        let visitor = app.visitor();
        let answer = visitor.get("/units?show=alone").await;
        assert_eq!(
            answer.headers()["location"],
            "/sign-in?next=%2Funits%3Fshow%3Dalone"
        );
    }
}
