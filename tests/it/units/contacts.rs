//! Contacts: several a unit, closed, handed over, and never another unit's.

use entity::{
    ids::UnitId,
    role_grant::Role,
    unit_contact::{self, ContactState},
};
use expert_pool::units;
use reqwest::StatusCode;
use sea_orm::EntityTrait;

use crate::support::{
    app::{Browser, PASSWORD, TestApp},
    databases::databases,
    outbox::{link, mails},
};

async fn unit(app: &TestApp, name: &str) -> UnitId {
    let found = units::by_name(app.ctx.store.read(), name).await.unwrap();
    found.unwrap().id
}

/// Adds a contact as `who` and takes the invitation up; gives the contact's browser.
async fn contact(app: &TestApp, who: &Browser, unit: UnitId, name: &str, email: &str) -> Browser {
    who.submit(
        &format!("/units/{unit}/contacts/new"),
        &[("name", name), ("email", email)],
    )
    .await;
    let path = link(app, "accounts.invited", email).await;
    app.visitor()
        .submit(&path, &[("password", PASSWORD), ("again", PASSWORD)])
        .await;
    app.signed_in(email).await
}

async fn rows(app: &TestApp) -> Vec<unit_contact::Model> {
    unit_contact::Entity::find()
        .all(app.ctx.store.read())
        .await
        .unwrap()
}

async fn id_of(app: &TestApp, name: &str) -> String {
    for row in rows(app).await {
        let person = expert_pool::people::get(app.ctx.store.read(), row.person_id)
            .await
            .unwrap();
        if person.name == name && row.state != ContactState::Closed {
            return row.id.to_string();
        }
    }
    panic!("no contact {name}");
}

async fn status(browser: &Browser, path: &str) -> StatusCode {
    browser.get(path).await.status()
}

#[tokio::test]
async fn a_unit_keeps_its_own_contacts_and_no_other_units() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let handler = app.signed_in("he@example.org").await;
        let (own, other) = (
            unit(&app, "中国电子学会").await,
            unit(&app, "中国水利学会").await,
        );
        let zhou = contact(&app, &handler, own, "周叙白", "zhou@example.org").await;
        contact(&app, &handler, other, "江雨桐", "jiang@example.org").await;
        // A contact adds a second one for the own unit.
        let add = format!("/units/{own}/contacts/new");
        let to = zhou
            .submit(
                &add,
                &[
                    ("name", "高梓萱"),
                    ("email", "gao@example.org"),
                    ("mobile", "13912345678"),
                ],
            )
            .await;
        assert_eq!(to, "/my/contacts?done=invited");
        let page = zhou.read("/my/contacts").await;
        assert!(
            page.contains("高梓萱") && page.contains("13912345678") && page.contains("待设密码")
        );
        assert!(!page.contains("江雨桐"));
        let twice = zhou
            .post(&add, &[("name", "高梓萱"), ("email", "gao@example.org")])
            .await;
        assert!(twice.text().await.unwrap().contains("已是本单位的联络员"));
        let stolen = zhou
            .post(&add, &[("name", "别人"), ("email", "jiang@example.org")])
            .await;
        let text = stolen.text().await.unwrap();
        assert!(text.contains("已登记给江**") && !text.contains("江雨桐"));
        let nameless = zhou.post(&add, &[("email", "x@example.org")]).await;
        assert_eq!(nameless.status(), StatusCode::UNPROCESSABLE_ENTITY);
        // Nothing of another unit is there.
        let jiang = id_of(&app, "江雨桐").await;
        for path in [
            format!("/units/{other}/contacts/new"),
            format!("/contacts/{jiang}/close"),
            format!("/contacts/{jiang}/hand-over"),
        ] {
            assert_eq!(status(&zhou, &path).await, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(
                zhou.post(&path, &[]).await.status(),
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
        let again = zhou.post(&format!("/contacts/{jiang}/invite"), &[]).await;
        assert_eq!(again.status(), StatusCode::NOT_FOUND);
        assert_eq!(
            status(&zhou, &format!("/units/{own}")).await,
            StatusCode::NOT_FOUND
        );
        assert_eq!(rows(&app).await.len(), 3);
    }
}

#[tokio::test]
async fn a_contact_who_leaves_can_act_no_more_and_the_last_one_hands_over() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let handler = app.signed_in("he@example.org").await;
        let own = unit(&app, "中国电子学会").await;
        let zhou = contact(&app, &handler, own, "周叙白", "zhou@example.org").await;
        let zhou_id = id_of(&app, "周叙白").await;
        let close = format!("/contacts/{zhou_id}/close");
        let last = zhou.post(&close, &[]).await;
        assert_eq!(last.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(last.text().await.unwrap().contains("最后一位联络员"));
        // To somebody new, who is invited.
        let hand_over = format!("/contacts/{zhou_id}/hand-over");
        for (fields, said) in [
            (vec![], "请选择一项"),
            (vec![("successor", zhou_id.as_str())], "请选择一项"),
            (
                vec![("successor", "new"), ("name", "高梓萱")],
                "请填写这一项",
            ),
        ] {
            let answer = zhou.post(&hand_over, &fields).await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text().await.unwrap().contains(said), "{fields:?}");
        }
        zhou.submit(
            &hand_over,
            &[
                ("successor", "new"),
                ("name", "高梓萱"),
                ("email", "gao@example.org"),
            ],
        )
        .await;
        assert_eq!(
            status(&zhou, "/my/contacts").await,
            StatusCode::SEE_OTHER,
            "signed out"
        );
        let gone = app
            .visitor()
            .post(
                "/sign-in",
                &[("email", "zhou@example.org"), ("password", PASSWORD)],
            )
            .await;
        assert_eq!(gone.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let former = rows(&app)
            .await
            .into_iter()
            .find(|row| row.id.to_string() == zhou_id)
            .unwrap();
        assert_eq!(former.state, ContactState::Closed);
        assert_eq!(
            former.successor_id.map(|id| id.to_string()),
            Some(id_of(&app, "高梓萱").await)
        );
        assert_eq!(
            mails(&app, "accounts.invited", "gao@example.org")
                .await
                .len(),
            1
        );
        // To a known one, by the secretariat.
        let path = link(&app, "accounts.invited", "gao@example.org").await;
        app.visitor()
            .submit(&path, &[("password", PASSWORD), ("again", PASSWORD)])
            .await;
        let kong = contact(&app, &handler, own, "孔令媛", "kong@example.org").await;
        let (gao_id, kong_id) = (id_of(&app, "高梓萱").await, id_of(&app, "孔令媛").await);
        let to = handler
            .submit(
                &format!("/contacts/{gao_id}/hand-over"),
                &[("successor", &kong_id)],
            )
            .await;
        assert_eq!(to, format!("/units/{own}?done=handed-over"));
        assert!(kong.read("/my/contacts").await.contains("孔令媛"));
        let page = handler.read(&format!("/units/{own}")).await;
        assert!(page.contains("已卸任的联络员 2 人"));
        let closed = handler
            .post(&format!("/contacts/{gao_id}/close"), &[])
            .await;
        assert_eq!(closed.status(), StatusCode::NOT_FOUND);
        // The secretariat may close the last one, and then has it on its desk.
        handler
            .submit(&format!("/contacts/{kong_id}/close"), &[])
            .await;
        assert!(handler.read("/home").await.contains("43 个单位没有联络员"));
    }
}

#[tokio::test]
async fn one_person_may_wear_two_hats_and_loses_one_at_a_time() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let handler = app.signed_in("he@example.org").await;
        let (one, two) = (
            unit(&app, "中国电子学会").await,
            unit(&app, "中国水利学会").await,
        );
        let zhou = contact(&app, &handler, one, "周叙白", "zhou@example.org").await;
        handler
            .submit(
                &format!("/units/{two}/contacts/new"),
                &[("name", "周叙白"), ("email", "zhou@example.org")],
            )
            .await;
        assert_eq!(
            mails(&app, "accounts.role_given", "zhou@example.org")
                .await
                .len(),
            1
        );
        let page = zhou.read("/my/contacts").await;
        assert!(page.contains("中国电子学会") && page.contains("中国水利学会"));
        assert!(!page.contains("待设密码"), "known already");
        let first = rows(&app)
            .await
            .into_iter()
            .find(|row| row.unit_id == one)
            .unwrap();
        handler
            .submit(&format!("/contacts/{}/close", first.id), &[])
            .await;
        let page = zhou.read("/my/contacts").await;
        assert!(!page.contains("中国电子学会") && page.contains("中国水利学会"));
        // A unit that leaves takes its contacts along.
        handler
            .submit(
                &format!("/units/{two}/edit"),
                &[("name", "中国水利学会"), ("left_on", "2026-09-14")],
            )
            .await;
        assert_eq!(status(&zhou, "/my/contacts").await, StatusCode::SEE_OTHER);
        assert!(
            rows(&app)
                .await
                .iter()
                .all(|row| row.state == ContactState::Closed)
        );
        let late = handler
            .post(
                &format!("/units/{two}/contacts/new"),
                &[("name", "江雨桐"), ("email", "jiang@example.org")],
            )
            .await;
        assert!(late.text().await.unwrap().contains("已退出联盟"));
    }
}

#[tokio::test]
async fn the_same_contact_added_twice_at_once_is_there_once() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let handler = app.signed_in("he@example.org").await;
        let own = unit(&app, "中国电子学会").await;
        let path = format!("/units/{own}/contacts/new");
        let fields = [("name", "周叙白"), ("email", "zhou@example.org")];
        let (one, other) = tokio::join!(handler.post(&path, &fields), handler.post(&path, &fields));
        let taken = [one.status(), other.status()]
            .iter()
            .filter(|status| **status == StatusCode::SEE_OTHER)
            .count();
        assert_eq!(taken, 1);
        assert_eq!(rows(&app).await.len(), 1);
        assert_eq!(
            mails(&app, "accounts.invited", "zhou@example.org")
                .await
                .len(),
            1
        );
    }
}
