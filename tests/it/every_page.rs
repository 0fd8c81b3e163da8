//! Every page of the demonstration in a real browser, wide and narrow, light and dark: nothing bars
//! anybody from using it (axe-core), nothing runs off sideways, the console is silent, and nothing is
//! fetched from elsewhere. Pages are found as people find them, by following links; a link that leads
//! nowhere fails, and so does a list or form that no link leads to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use expert_pool::{
    accounts::{Guard, table},
    cli::seed,
    foundation::mail::ReadMail,
};
use reqwest::{Method, StatusCode, header};
use thirtyfour::Cookie;

use crate::support::{
    app::{self, TestApp},
    browser::{Browser, Look},
    databases::TestDatabase,
    snapshot::snapshot,
};

/// Pages of one route that a visitor looks at in the browser; further ones are only asked for.
const LOOKED_AT: usize = 3;
/// Pages of one route that a visitor asks for at all.
const ASKED: usize = 8;

/// What no page links to, with the reason.
const UNLINKED: [(&str, &str); 6] = [
    ("/health", "for whoever watches the service"),
    ("/ready", "for whoever watches the service"),
    ("/favicon.ico", "asked for by browsers themselves"),
    ("/codes", "asked for by the script while somebody types"),
    ("/verify/{payload}", "photographed from a certificate"),
    (
        "/renew/{token}",
        "mailed when a term ends, two years from now",
    ),
];

/// The demonstration's service, with its mails delivered.
async fn demonstration() -> TestApp {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    seed::seed(&app.ctx, &app.owners).await.unwrap();
    app.work().await;
    app
}

/// Has a link of every kind mailed that opens an account, so that their pages are found in the mailbox.
async fn ask_for_links(app: &TestApp) {
    let visitor = app.visitor();
    visitor
        .post("/forgotten", &[("email", "fengjiashu@example.com")])
        .await;
    let mails = app.all_mails();
    let asked = mails.iter().rev().find(|mail| mail.text.contains("/i/"));
    let expert = address(asked.expect("somebody was asked"));
    visitor.post("/expert/link", &[("contact", &expert)]).await;
    let handler = app.visitor();
    let fields = [
        ("email", "hejingyi@example.org"),
        ("password", seed::PASSWORD),
    ];
    handler.submit("/sign-in", &fields).await;
    let unit = expert_pool::units::all(app.ctx.store.read()).await.unwrap()[0].id;
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

/// The address that a mail went to.
fn address(mail: &ReadMail) -> String {
    let to = mail.to.trim_end_matches('>');
    to.rsplit('<').next().unwrap_or_default().to_owned()
}

/// Somebody who follows links: with the session's cookie, or without one.
struct Walker {
    name: &'static str,
    client: app::Browser,
    cookie: Option<(String, String)>,
    start: Vec<String>,
}

impl Walker {
    /// Signs in by password and begins at every page of the menu and of the table that may be entered.
    async fn office(app: &TestApp, name: &'static str, email: &str) -> Self {
        let client = app.visitor();
        let fields = [("email", email), ("password", seed::PASSWORD)];
        let answer = client.post("/sign-in", &fields).await;
        Self::signed_in(name, client, &answer, vec!["/home".to_owned()])
    }

    /// Enters by the link that an expert is mailed.
    async fn expert(app: &TestApp, email: &str) -> Self {
        let client = app.visitor();
        client.post("/expert/link", &[("contact", email)]).await;
        // Read before it leaves: what carries a secret is blanked with the sending.
        let path = crate::support::outbox::link(app, "accounts.expert_link", email).await;
        let answer = enter(&client, &path).await;
        Self::signed_in("专家", client, &answer, vec!["/my".to_owned()])
    }

    fn signed_in(
        name: &'static str,
        client: app::Browser,
        answer: &reqwest::Response,
        start: Vec<String>,
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
            start,
        }
    }

    /// Somebody without a session, who has the mails of the demonstration before them.
    fn public(app: &TestApp) -> Self {
        let start = app
            .table
            .iter()
            .filter(|entry| entry.method == Method::GET && entry.guard == Guard::Public)
            .filter(|entry| !entry.path.contains('{') && unlinked(entry.path).is_none())
            .map(|entry| entry.path.to_owned())
            .chain(["/nowhere".to_owned()])
            .collect();
        Self {
            name: "访客",
            client: app.visitor(),
            cookie: None,
            start,
        }
    }
}

/// Enters by an expert's link: one confirmation more for a client that shows no page.
async fn enter(client: &app::Browser, path: &str) -> reqwest::Response {
    let page = client.read(path).await;
    let fields = app::hidden_fields(&page);
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (&name[..], &value[..]))
        .collect();
    client.post(path, &fields).await
}

fn unlinked(route: &str) -> Option<&'static str> {
    UNLINKED
        .iter()
        .find(|(known, _)| *known == route)
        .map(|(_, why)| *why)
}

/// The route that serves a path.
fn route_of<'a>(table: &'a [table::Entry], path: &str) -> Option<&'a str> {
    let parts: Vec<_> = path.split('/').collect();
    let fits = |route: &str| {
        let pattern: Vec<_> = route.split('/').collect();
        pattern.len() == parts.len()
            && pattern
                .iter()
                .zip(&parts)
                .all(|(one, other)| one.starts_with('{') || one == other)
    };
    table
        .iter()
        .filter(|entry| entry.method == Method::GET && fits(entry.path))
        // `/experts/guest` is itself, and no `/experts/{id}`.
        .min_by_key(|entry| entry.path.matches('{').count())
        .map(|entry| entry.path)
}

/// What a walk found.
#[derive(Default)]
struct Found {
    wrong: Vec<String>,
    routes: BTreeSet<String>,
    looked_at: usize,
}

/// Paths of this service that a page links to, as written there.
fn links(html: &str) -> Vec<String> {
    html.split(" href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|href| href.replace("&amp;", "&"))
        .filter_map(|href| {
            let path = href.split('#').next().unwrap_or_default();
            (path.starts_with('/') && !path.starts_with("//")).then(|| path.to_owned())
        })
        .collect()
}

/// Follows links from where `walker` begins.
async fn walk(app: &TestApp, browser: &Browser, walker: &Walker) -> Found {
    let mut found = Found::default();
    browser.delete_all_cookies().await.unwrap();
    if let Some((name, value)) = &walker.cookie {
        browser.goto(format!("{}/privacy", app.url)).await.unwrap();
        browser
            .add_cookie(Cookie::new(name.clone(), value.clone()))
            .await
            .unwrap();
    }
    let mut seen: BTreeSet<String> = walker.start.iter().cloned().collect();
    let mut waiting: VecDeque<String> = walker.start.iter().cloned().collect();
    let mut of_route: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(path) = waiting.pop_front() {
        let bare = path.split('?').next().unwrap_or_default();
        let route = route_of(&app.table, bare).unwrap_or("nowhere").to_owned();
        // Tabs of a list are pages of their own, other queries are the same page.
        let tab = path.split(['?', '&']).find(|part| part.starts_with("tab="));
        let kind = format!("{route} {}", tab.unwrap_or_default());
        let count = of_route.entry(kind).or_default();
        if *count >= ASKED {
            continue;
        }
        *count += 1;
        let answer = walker.client.get(&path).await;
        let status = answer.status();
        let kind = answer.headers().get(header::CONTENT_TYPE);
        let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if status.is_redirection() {
            continue;
        }
        // A link in a mail may have been used since; its page says so.
        let expected = match (path.as_str(), status) {
            ("/nowhere", _) => StatusCode::NOT_FOUND,
            (_, StatusCode::GONE) if walker.cookie.is_none() => StatusCode::GONE,
            _ => StatusCode::OK,
        };
        if status != expected {
            found
                .wrong
                .push(format!("{} {path}: {status}", walker.name));
            continue;
        }
        found.routes.insert(route);
        if !is_page {
            continue;
        }
        let html = answer.text().await.unwrap();
        for link in links(&html) {
            if seen.insert(link.clone()) {
                waiting.push_back(link);
            }
        }
        if *count <= LOOKED_AT {
            found.looked_at += 1;
            look(app, browser, walker, &path, &mut found.wrong).await;
        }
    }
    found
}

/// Looks at a page in every way.
async fn look(
    app: &TestApp,
    browser: &Browser,
    walker: &Walker,
    path: &str,
    wrong: &mut Vec<String>,
) {
    browser.goto(format!("{}{path}", app.url)).await.unwrap();
    for look in Look::ALL {
        for fault in browser.faults(look).await {
            wrong.push(format!("{} {path} {look}: {fault}", walker.name));
        }
    }
    for line in browser.console().await {
        // Pages with another status than 200 are looked at on purpose.
        if !line.contains("the server responded with a status of 4") {
            wrong.push(format!("{} {path}: console: {line}", walker.name));
        }
    }
}

/// What is wrong, at most so much that somebody reads it.
fn report(wrong: &[String]) -> String {
    let mut text = wrong
        .iter()
        .take(60)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    if wrong.len() > 60 {
        text.push_str(&format!("\n… and {} more", wrong.len() - 60));
    }
    text
}

#[tokio::test]
#[ignore = "takes over five minutes; its finds on the pages of the newer bodies are not all mended"]
async fn every_page_serves_everybody() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let app = demonstration().await;
    ask_for_links(&app).await;
    browser.bring_axe().await;
    let walkers = [
        Walker::public(&app),
        Walker::office(&app, "经办", "hejingyi@example.org").await,
        Walker::office(&app, "审批", "pengwangshu@example.net").await,
        Walker::office(&app, "联络员", "zhouxubai@example.org").await,
        Walker::office(&app, "委员会", "gujianing@example.org").await,
        Walker::expert(&app, &an_expert(&app).await).await,
    ];
    let mut wrong = Vec::new();
    let mut routes = BTreeSet::new();
    let mut looked_at = 0;
    // A browser with scripts that opens every link in every mail has changed nothing.
    let before = snapshot(&app).await;
    for walker in &walkers {
        let found = walk(&app, &browser, walker).await;
        if walker.cookie.is_none() {
            assert_eq!(snapshot(&app).await, before, "looking changes nothing");
        }
        wrong.extend(found.wrong);
        routes.extend(found.routes);
        looked_at += found.looked_at;
    }
    // Pages of single things are seen as far as the demonstration has such a thing.
    for entry in &app.table {
        let single = entry.path.contains('{');
        let seen = single || entry.method != Method::GET || routes.contains(entry.path);
        if !seen && unlinked(entry.path).is_none() {
            wrong.push(format!("no link leads to {}", entry.path));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        report(&wrong)
    );
    assert!(looked_at > 80, "{looked_at} pages are too few");
}

/// The address of an expert who was asked for something.
async fn an_expert(app: &TestApp) -> String {
    let mails = app.all_mails();
    let asked = mails.iter().find(|mail| mail.text.contains("/i/"));
    address(asked.expect("somebody was asked"))
}
