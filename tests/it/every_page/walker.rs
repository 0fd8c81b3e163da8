//! Those who walk: somebody of every role of the demonstration, an expert, and the public.

use entity::mail;
use expert_pool::{accounts::Guard, cli::seed, units};
use reqwest::{Method, StatusCode, header};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::unlinked;
use crate::support::{
    app::{self, TestApp},
    outbox,
};

/// People of the secretariat, the groups, a committee and the units who sign in by password: what they
/// are to a reader, and their address.
pub(super) const OFFICE: [(&str, &str); 7] = [
    ("经办", "hejingyi@example.org"),
    ("审批", "pengwangshu@example.net"),
    ("培训组", "luoyining@example.org"),
    ("交流组", "liuwenying@example.org"),
    ("委员会", "gujianing@example.org"),
    ("联络员", "zhouxubai@example.org"),
    // Her unit has a training base, whose rooms are asked for.
    ("基地联络员", "zhaoyifei@example.org"),
];

/// Somebody who follows links: with the session's cookie, or without one.
pub(super) struct Walker {
    /// Who it is, for whoever reads the finds.
    pub(super) name: &'static str,
    pub(super) client: app::Browser,
    /// Name and value of the session's cookie.
    pub(super) cookie: Option<(String, String)>,
    /// Where the walk begins.
    pub(super) start: Vec<String>,
}

impl Walker {
    /// Signs in by password and begins at what waits.
    pub(super) async fn office(app: &TestApp, name: &'static str, email: &str) -> Self {
        let client = app.visitor();
        let fields = [("email", email), ("password", seed::PASSWORD)];
        let answer = client.post("/sign-in", &fields).await;
        Self::signed_in(name, client, &answer, "/home")
    }

    /// Enters by the link that an expert is mailed.
    pub(super) async fn expert(app: &TestApp) -> Self {
        let email = an_expert(app).await;
        let client = app.visitor();
        client.post("/expert/link", &[("contact", &email)]).await;
        // Read before it leaves: what carries a secret is blanked with the sending.
        let path = outbox::link(app, "accounts.expert_link", &email).await;
        // One confirmation more for a client that shows no page.
        let fields = app::hidden_fields(&client.read(&path).await);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (&name[..], &value[..]))
            .collect();
        let answer = client.post(&path, &fields).await;
        Self::signed_in("专家", client, &answer, "/my")
    }

    fn signed_in(
        name: &'static str,
        client: app::Browser,
        answer: &reqwest::Response,
        start: &str,
    ) -> Self {
        assert_eq!(
            answer.status(),
            StatusCode::SEE_OTHER,
            "{name} cannot sign in"
        );
        let cookie = answer
            .headers()
            .get_all(header::SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok()?.split(';').next()?.split_once('='))
            .find(|(name, _)| name.contains("session"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert!(cookie.is_some(), "{name} has no session");
        Self {
            name,
            client,
            cookie,
            start: vec![start.to_owned()],
        }
    }

    /// Somebody without a session, who has the mails of the demonstration before them.
    pub(super) fn public(app: &TestApp) -> Self {
        let mails = app.all_mails();
        let mailed = mails
            .iter()
            .flat_map(|mail| mail.text.split_whitespace())
            .filter_map(|word| word.strip_prefix(&app.url))
            .filter(|path| path.starts_with('/'))
            .map(str::to_owned);
        let start = app
            .table
            .iter()
            .filter(|entry| entry.method == Method::GET && entry.guard == Guard::Public)
            .filter(|entry| !entry.path.contains('{') && unlinked(entry.path).is_none())
            .map(|entry| entry.path.to_owned())
            .chain(["/nowhere".to_owned()])
            .chain(mailed)
            .collect();
        Self {
            name: "访客",
            client: app.visitor(),
            cookie: None,
            start,
        }
    }
}

/// Has a link of every kind mailed that opens an account, so that their pages are found in the mailbox.
pub(super) async fn ask_for_links(app: &TestApp) {
    let visitor = app.visitor();
    visitor
        .post("/forgotten", &[("email", "fengjiashu@example.com")])
        .await;
    visitor
        .post("/expert/link", &[("contact", &an_expert(app).await)])
        .await;
    let handler = app.visitor();
    let fields = [("email", OFFICE[0].1), ("password", seed::PASSWORD)];
    handler.submit("/sign-in", &fields).await;
    let unit = units::all(app.ctx.store.read()).await.unwrap()[0].id;
    let newcomer = [
        ("name", "江晚舟"),
        ("email", "jiang@example.org"),
        ("position", "标准部"),
    ];
    handler
        .submit(&format!("/units/{unit}/contacts/new"), &newcomer)
        .await;
    let other = [
        ("email", "hejingyi2@example.org"),
        ("present", seed::PASSWORD),
    ];
    handler.submit("/account/address", &other).await;
    app.work().await;
}

/// The address of an expert who was asked for something; at night the mail has not left yet.
async fn an_expert(app: &TestApp) -> String {
    mail::Entity::find()
        .filter(mail::Column::Kind.eq("panels.invitation"))
        .order_by_asc(mail::Column::Id)
        .one(app.ctx.store.read())
        .await
        .unwrap()
        .and_then(|mail| mail.address)
        .expect("somebody was asked")
}
