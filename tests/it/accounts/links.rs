//! One-use links: the first password, a forgotten password, an expert's own page.

use chrono::Duration;
use entity::{role_grant::Role, ticket};
use expert_pool::units;
use reqwest::StatusCode;
use sea_orm::EntityTrait;

use crate::support::{
    app::{Browser, PASSWORD, TestApp, hidden_fields},
    databases::databases,
    expert::engage,
    outbox::{link, mails},
};

const NEW: &str = "湖边的三只白鹭今天没来";

async fn status(browser: &Browser, path: &str) -> StatusCode {
    browser.get(path).await.status()
}

/// A handler's browser and a unit's id.
async fn office(app: &TestApp) -> (Browser, String) {
    app.add_account("何静宜", "he@example.org", Role::Handler, None)
        .await;
    let unit = units::by_name(app.ctx.store.read(), "电子学会")
        .await
        .unwrap()
        .unwrap();
    (app.signed_in("he@example.org").await, unit.id.to_string())
}

async fn add_contact(handler: &Browser, unit: &str, name: &str, email: &str) {
    handler
        .submit(
            &format!("/units/{unit}/contacts/new"),
            &[("name", name), ("email", email), ("position", "标准部")],
        )
        .await;
}

#[tokio::test]
async fn a_contact_sets_the_first_password_by_the_mailed_link_once() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (handler, unit) = office(&app).await;
        add_contact(&handler, &unit, "周叙白", "zhou@example.org").await;
        let mail = &mails(&app, "accounts.invited", "zhou@example.org").await[0];
        assert!(mail.confidential_links);
        let path = link(&app, "accounts.invited", "zhou@example.org").await;
        assert!(path.starts_with("/invitation/"));
        let visitor = app.visitor();
        // Opening the link as often as one likes changes nothing.
        for _ in 0..3 {
            assert!(visitor.read(&path).await.contains("周叙白"));
        }
        for (password, again, said) in [
            ("short", "short", "至少要 10 个字符"),
            ("password2026", "password2026", "常见的密码"),
            ("zhouxubai-884213", "zhouxubai-884213", "姓名或邮箱"),
            (NEW, "湖边", "不一样"),
        ] {
            let answer = visitor
                .post(&path, &[("password", password), ("again", again)])
                .await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
            let text = answer.text().await.unwrap();
            assert!(text.contains(said), "{password}: {text}");
            assert!(!text.contains(password), "passwords are never sent back");
        }
        let to = visitor
            .submit(&path, &[("password", NEW), ("again", NEW)])
            .await;
        assert_eq!(to, "/sign-in?done=password-set");
        for method in ["get", "post"] {
            let answer = match method {
                "get" => visitor.get(&path).await,
                _ => {
                    visitor
                        .post(&path, &[("password", NEW), ("again", NEW)])
                        .await
                }
            };
            assert_eq!(answer.status(), StatusCode::GONE, "{method}");
            assert!(answer.text().await.unwrap().contains("已经用过"));
        }
        let to = visitor
            .submit(
                "/sign-in",
                &[("email", " Zhou@Example.org "), ("password", NEW)],
            )
            .await;
        assert_eq!(to, "/home");
        let own = visitor.read("/my/contacts").await;
        assert!(own.contains("中国电子学会") && own.contains("在任"));
    }
}

#[tokio::test]
async fn a_newer_link_takes_the_place_of_the_older_and_links_expire() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (handler, unit) = office(&app).await;
        add_contact(&handler, &unit, "周叙白", "zhou@example.org").await;
        let first = link(&app, "accounts.invited", "zhou@example.org").await;
        app.advance(Duration::minutes(5));
        let page = handler.read(&format!("/units/{unit}")).await;
        let at = page.find("/contacts/").unwrap();
        let again = &page[at..at + page[at..].find('"').unwrap()];
        assert!(again.ends_with("/invite"));
        handler.submit(again, &[]).await;
        let second = link(&app, "accounts.invited", "zhou@example.org").await;
        assert_ne!(first, second);
        let visitor = app.visitor();
        assert_eq!(status(&visitor, &first).await, StatusCode::GONE);
        assert_eq!(status(&visitor, &second).await, StatusCode::OK);
        app.advance(Duration::days(14) - Duration::minutes(1));
        assert_eq!(status(&visitor, &second).await, StatusCode::OK);
        app.advance(Duration::minutes(1));
        let answer = visitor
            .post(&second, &[("password", NEW), ("again", NEW)])
            .await;
        assert_eq!(answer.status(), StatusCode::GONE);
        assert!(answer.text().await.unwrap().contains("已过期"));
        // The link of another purpose, a changed link and no link look the same.
        let secret = second.trim_start_matches("/invitation/");
        for path in [
            format!("/reset/{secret}"),
            format!("/expert/enter/{secret}"),
            format!("/invitation/{}x", &secret[..42]),
            "/invitation/x".to_owned(),
        ] {
            assert_eq!(
                status(&visitor, &path).await,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn the_database_holds_no_secret_of_a_link() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (handler, unit) = office(&app).await;
        add_contact(&handler, &unit, "周叙白", "zhou@example.org").await;
        let path = link(&app, "accounts.invited", "zhou@example.org").await;
        let secret = path.trim_start_matches("/invitation/");
        let tickets = ticket::Entity::find()
            .all(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(tickets.len(), 1);
        assert_ne!(tickets[0].token_hash, secret);
        assert!(!tickets[0].detail.contains(secret));
    }
}

#[tokio::test]
async fn a_forgotten_password_gives_the_same_answer_to_everybody() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let visitor = app.visitor();
        let mut answers = Vec::new();
        for email in ["he@example.org", "nobody@example.org"] {
            answers.push(visitor.submit("/forgotten", &[("email", email)]).await);
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(
            mails(&app, "accounts.reset_asked", "he@example.org")
                .await
                .len(),
            1
        );
        assert!(
            mails(&app, "accounts.reset_asked", "nobody@example.org")
                .await
                .is_empty()
        );
        let wrong = visitor.post("/forgotten", &[("email", "he")]).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);

        let before = app.signed_in("he@example.org").await;
        let path = link(&app, "accounts.reset_asked", "he@example.org").await;
        assert!(visitor.read(&path).await.contains("设置新密码"));
        visitor
            .submit(&path, &[("password", NEW), ("again", NEW)])
            .await;
        assert_eq!(status(&visitor, &path).await, StatusCode::GONE);
        // The owner is told, other sessions have ended, the old password is another's.
        assert_eq!(
            mails(&app, "accounts.password_changed", "he@example.org")
                .await
                .len(),
            1
        );
        assert_eq!(status(&before, "/account").await, StatusCode::SEE_OTHER);
        let old = visitor
            .post(
                "/sign-in",
                &[("email", "he@example.org"), ("password", PASSWORD)],
            )
            .await;
        assert_eq!(old.status(), StatusCode::UNPROCESSABLE_ENTITY);
        visitor
            .submit(
                "/sign-in",
                &[("email", "he@example.org"), ("password", NEW)],
            )
            .await;
    }
}

#[tokio::test]
async fn reset_links_live_half_an_hour_and_are_not_mailed_without_end() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let visitor = app.visitor();
        for _ in 0..8 {
            let to = visitor
                .submit("/forgotten", &[("email", "he@example.org")])
                .await;
            assert_eq!(to, "/sign-in?done=mailed", "the answer stays the same");
        }
        let sent = mails(&app, "accounts.reset_asked", "he@example.org")
            .await
            .len();
        assert_eq!(sent, 5, "five in ten minutes");
        let path = link(&app, "accounts.reset_asked", "he@example.org").await;
        app.advance(Duration::minutes(30));
        assert_eq!(status(&visitor, &path).await, StatusCode::GONE);
        visitor
            .submit("/forgotten", &[("email", "he@example.org")])
            .await;
        let fresh = link(&app, "accounts.reset_asked", "he@example.org").await;
        assert_eq!(status(&visitor, &fresh).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn an_expert_enters_by_a_mailed_link_for_a_short_time() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (person, _) = app
            .add_account("沈知行", "shen@example.org", Role::Contact, None)
            .await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        engage(&app, person).await;
        let visitor = app.visitor();
        let mut pages = Vec::new();
        for contact in [
            "shen@example.org",
            "he@example.org",
            "nobody@example.org",
            "13800000000",
        ] {
            let answer = visitor.post("/expert/link", &[("contact", contact)]).await;
            assert_eq!(answer.status(), StatusCode::OK);
            pages.push(answer.text().await.unwrap());
        }
        pages.dedup();
        assert_eq!(pages.len(), 1, "everybody reads the same");
        assert!(
            mails(&app, "accounts.expert_link", "he@example.org")
                .await
                .is_empty()
        );
        let path = link(&app, "accounts.expert_link", "shen@example.org").await;
        for _ in 0..2 {
            let answer = visitor.get(&path).await;
            let cookie = answer.headers().get("set-cookie");
            let session = cookie.is_some_and(|cookie| cookie.to_str().unwrap().contains("session"));
            assert!(!session, "a look is no session");
            assert!(answer.text().await.unwrap().contains("进入专家页面"));
        }
        // A scanner sends the form without having had the page: the link lives on.
        let scanner = app.visitor();
        let asked = scanner.post(&path, &[]).await;
        assert_eq!(asked.status(), StatusCode::OK);
        assert!(asked.text().await.unwrap().contains("请再确认一次"));
        let to = visitor.send_form(&path).await;
        assert_eq!(to, "/my");
        let again = visitor.post(&path, &[]).await;
        assert_eq!(again.status(), StatusCode::GONE);
        // The session opens the own page and nothing of an account's.
        assert_eq!(status(&visitor, "/account").await, StatusCode::NOT_FOUND);
        assert_eq!(status(&visitor, "/units").await, StatusCode::NOT_FOUND);
        app.advance(Duration::minutes(29));
        assert_eq!(status(&visitor, "/account").await, StatusCode::NOT_FOUND);
        app.advance(Duration::minutes(31));
        assert_eq!(status(&visitor, "/account").await, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookie_enters_by_the_second_page() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (person, _) = app
            .add_account("沈知行", "shen@example.org", Role::Training, None)
            .await;
        engage(&app, person).await;
        app.visitor()
            .post("/expert/link", &[("contact", "shen@example.org")])
            .await;
        let path = link(&app, "accounts.expert_link", "shen@example.org").await;
        // Each visitor here is a browser without a cookie.
        let first = hidden_fields(&app.visitor().read(&path).await);
        let send = async |fields: &[(String, String)]| {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (&name[..], &value[..]))
                .collect();
            app.visitor().post(&path, &fields).await
        };
        let second = send(&first).await;
        assert_eq!(second.status(), StatusCode::OK);
        let second = hidden_fields(&second.text().await.unwrap());
        assert!(second.iter().any(|(name, _)| name == "again"), "{second:?}");
        let entered = send(&second).await;
        assert_eq!(entered.status(), StatusCode::SEE_OTHER);
        assert_eq!(entered.headers()["location"], "/my");
    }
}
