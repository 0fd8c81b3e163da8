//! Another address to sign in with.

use entity::role_grant::Role;
use expert_pool::people;
use reqwest::StatusCode;

use crate::support::{
    app::{PASSWORD, TestApp, hidden_fields},
    databases::databases,
    outbox::{link, mails},
};

const KIND: &str = "accounts.address_to_confirm";

/// Signs in, or not.
async fn signs_in(app: &TestApp, email: &str) -> bool {
    let fields = [("email", email), ("password", PASSWORD)];
    app.visitor().post("/sign-in", &fields).await.status() == StatusCode::SEE_OTHER
}

#[tokio::test]
async fn the_owner_changes_it_with_the_password_and_by_the_link_to_the_new_address() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let (person, _) = app
            .add_account("何静宜", "old@example.org", Role::Handler, None)
            .await;
        app.add_account("彭望舒", "taken@example.org", Role::Approver, None)
            .await;
        let browser = app.signed_in("old@example.org").await;
        for (email, present, said) in [
            ("new@example.org", "wrong", "现在的密码不对"),
            ("taken@example.org", PASSWORD, "已用于另一个人"),
            ("OLD@example.org", PASSWORD, "就是现在的登录邮箱"),
            ("new@", PASSWORD, "邮箱"),
        ] {
            let answer = browser
                .post(
                    "/account/address",
                    &[("email", email), ("present", present)],
                )
                .await;
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{email}");
            let text = answer.text().await.unwrap();
            assert!(
                text.contains(said) && !text.contains(PASSWORD),
                "{email}: {text}"
            );
        }
        let fields = [("email", "New@Example.org"), ("present", PASSWORD)];
        browser.submit("/account/address", &fields).await;
        assert!(mails(&app, KIND, "new@example.org").await[0].confidential_links);
        assert!(
            signs_in(&app, "old@example.org").await,
            "nothing has changed yet"
        );

        // Looking changes nothing, and neither does a scanner that sends the form by itself.
        let path = link(&app, KIND, "new@example.org").await;
        let visitor = app.visitor();
        assert!(visitor.read(&path).await.contains("new@example.org"));
        let scanned = app.visitor().post(&path, &[]).await;
        assert_eq!(scanned.status(), StatusCode::OK);
        assert!(signs_in(&app, "old@example.org").await);

        let to = visitor.send_form(&path).await;
        assert_eq!(to, "/sign-in?done=address");
        assert!(!signs_in(&app, "old@example.org").await);
        assert!(signs_in(&app, "new@example.org").await);
        let ended = browser.get("/account").await.status();
        assert_eq!(ended, StatusCode::SEE_OTHER, "sessions end");
        let told = &mails(&app, "accounts.address_changed", "old@example.org").await[0];
        assert!(
            !told.facts.to_string().contains("new@example.org"),
            "masked"
        );
        let row = people::get(app.ctx.store.read(), person).await.unwrap();
        assert_eq!(row.email.as_deref(), Some("new@example.org"));
        assert_eq!(visitor.get(&path).await.status(), StatusCode::GONE);
    }
}

#[tokio::test]
async fn the_secretariat_asks_for_somebody_and_cannot_take_over_its_own_approvers() {
    for database in databases().await {
        let app = TestApp::start(database).await;
        let add = |name, email, role| app.add_account(name, email, role, None);
        add("何静宜", "he@example.org", Role::Handler).await;
        let (approver, _) = add("彭望舒", "peng@example.org", Role::Approver).await;
        let unit = expert_pool::units::all(app.ctx.store.read()).await.unwrap()[0].id;
        let (contact, _) = app
            .add_account("周叙白", "zhou@example.org", Role::Contact, Some(unit))
            .await;
        let handler = app.signed_in("he@example.org").await;
        let of = |person| format!("/people/{person}/address");
        let answer = handler
            .post(&of(approver), &[("email", "he2@example.org")])
            .await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);

        let answer = handler
            .post(&of(contact), &[("email", "zhou2@example.org")])
            .await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.text().await.unwrap().contains("确认邮件已排入发送"));
        let told = mails(&app, "accounts.address_asked", "zhou@example.org").await;
        assert_eq!(told.len(), 1, "the old address hears of it at once");

        // Two people want one address: the first to confirm has it.
        let path = link(&app, KIND, "zhou2@example.org").await;
        app.add_account("冯嘉树", "zhou2@example.org", Role::Handler, None)
            .await;
        let visitor = app.visitor();
        let fields = hidden_fields(&visitor.read(&path).await);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (&name[..], &value[..]))
            .collect();
        let late = visitor.post(&path, &fields).await;
        assert_eq!(late.status(), StatusCode::GONE);
        assert!(late.text().await.unwrap().contains("已用于另一个人"));
        assert!(signs_in(&app, "zhou@example.org").await);
    }
}
