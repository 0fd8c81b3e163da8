//! Roles of the secretariat.

use entity::role_grant::{self, Role};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::support::{
    app::{Browser, TestApp},
    databases::databases,
    outbox::{link, mails},
};

async fn status(browser: &Browser, path: &str) -> StatusCode {
    browser.get(path).await.status()
}

async fn refused(browser: &Browser, path: &str, fields: &[(&str, &str)], said: &str) {
    let answer = browser.post(path, fields).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text().await.unwrap();
    assert!(text.contains(said), "{said}: {text}");
}

#[tokio::test]
async fn an_approver_gives_roles_to_others_only() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        app.add_account("彭望舒", "peng@example.org", Role::Approver, None)
            .await;
        app.add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let approver = app.signed_in("peng@example.org").await;
        let handler = app.signed_in("he@example.org").await;
        let give = |name, email, role| [("name", name), ("email", email), ("role", role)];
        assert_eq!(status(&handler, "/roles").await, StatusCode::NOT_FOUND);
        let forged = handler
            .post("/roles", &give("何静宜", "he@example.org", "approver"))
            .await;
        assert_eq!(forged.status(), StatusCode::NOT_FOUND);
        let own = give("彭望舒", "peng@example.org", "handler");
        refused(&approver, "/roles", &own, "另一位审批人").await;
        let other_name = give("何静", "he@example.org", "approver");
        refused(&approver, "/roles", &other_name, "已登记给何**").await;
        let contact = give("何静宜", "he@example.org", "contact");
        refused(&approver, "/roles", &contact, "请选择一项").await;

        approver
            .submit("/roles", &give("何静宜", "he@example.org", "approver"))
            .await;
        assert_eq!(
            mails(&app, "accounts.role_given", "he@example.org")
                .await
                .len(),
            1
        );
        assert_eq!(
            status(&handler, "/roles").await,
            StatusCode::OK,
            "at the next request"
        );
        let twice = give("何静宜", "he@example.org", "approver");
        refused(&approver, "/roles", &twice, "已经有").await;

        approver
            .submit("/roles", &give("冯嘉树", "feng@example.org", "handler"))
            .await;
        let path = link(&app, "accounts.invited", "feng@example.org").await;
        assert!(app.visitor().read(&path).await.contains("冯嘉树"));
    }
}

#[tokio::test]
async fn what_is_taken_back_is_gone_at_the_next_request_and_one_approver_stays() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (peng, _) = app
            .add_account("彭望舒", "peng@example.org", Role::Approver, None)
            .await;
        let (hao, _) = app
            .add_account("郝培林", "hao@example.org", Role::Approver, None)
            .await;
        let (he, _) = app
            .add_account("何静宜", "he@example.org", Role::Handler, None)
            .await;
        let approver = app.signed_in("peng@example.org").await;
        let handler = app.signed_in("he@example.org").await;
        assert_eq!(status(&handler, "/units").await, StatusCode::OK);
        approver
            .submit(&format!("/roles/{he}/handler/take"), &[])
            .await;
        assert_eq!(status(&handler, "/units").await, StatusCode::SEE_OTHER);
        let visitor = app.visitor();
        let closed = visitor
            .post(
                "/sign-in",
                &[
                    ("email", "he@example.org"),
                    ("password", crate::support::app::PASSWORD),
                ],
            )
            .await;
        assert_eq!(
            closed.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "no role, no account"
        );
        approver
            .submit(&format!("/roles/{hao}/approver/take"), &[])
            .await;
        let last = format!("/roles/{peng}/approver/take");
        refused(&approver, &last, &[], "最后一位审批人").await;
        assert_eq!(status(&approver, "/roles").await, StatusCode::OK);
        // Somebody who comes back is invited anew.
        approver
            .submit(
                "/roles",
                &[
                    ("name", "何静宜"),
                    ("email", "he@example.org"),
                    ("role", "handler"),
                ],
            )
            .await;
        let path = link(&app, "accounts.invited", "he@example.org").await;
        assert_eq!(status(&visitor, &path).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn of_two_approvers_who_take_each_others_role_one_stays() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (peng, _) = app
            .add_account("彭望舒", "peng@example.org", Role::Approver, None)
            .await;
        let (hao, _) = app
            .add_account("郝培林", "hao@example.org", Role::Approver, None)
            .await;
        let one = app.signed_in("peng@example.org").await;
        let other = app.signed_in("hao@example.org").await;
        let (first, second) = (
            format!("/roles/{hao}/approver/take"),
            format!("/roles/{peng}/approver/take"),
        );
        tokio::join!(one.post(&first, &[]), other.post(&second, &[]));
        let left = role_grant::Entity::find()
            .filter(role_grant::Column::Role.eq(Role::Approver))
            .filter(role_grant::Column::RevokedAt.is_null())
            .all(app.ctx.store.read())
            .await
            .unwrap();
        assert_eq!(left.len(), 1);
    }
}
