//! Every page of the demonstration as everybody of it: nothing bars anybody from using it (axe-core),
//! nothing runs off sideways, the console is silent, and nothing is fetched from elsewhere. Pages are
//! found as people find them, by following links; a link that leads nowhere fails, and so does a list or
//! form that no link leads to.

mod crawl;
mod hours;
mod looks;
mod walker;

use std::collections::BTreeSet;

use expert_pool::cli::seed;
use reqwest::Method;

use self::{
    crawl::{Found, crawl},
    looks::look_at,
    walker::{OFFICE, Walker, ask_for_links},
};
use crate::support::{app::TestApp, browser::Browser, databases::TestDatabase, snapshot::snapshot};

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

fn unlinked(route: &str) -> Option<&'static str> {
    UNLINKED
        .iter()
        .find(|(known, _)| *known == route)
        .map(|(_, why)| *why)
}

/// The demonstration's service, with its mails delivered.
async fn demonstration() -> TestApp {
    let app = TestApp::start(TestDatabase::sqlite()).await;
    seed::seed(&app.ctx, &app.owners).await.unwrap();
    app.work().await;
    app
}

/// Everybody who signs in.
async fn everybody(app: &TestApp) -> Vec<Walker> {
    let mut all = Vec::new();
    for (name, email) in OFFICE {
        all.push(Walker::office(app, name, email).await);
    }
    all.push(Walker::expert(app).await);
    all
}

/// Lists and forms that nobody came to. Pages of single things are seen as far as the demonstration has
/// such a thing.
fn lost(app: &TestApp, reached: &BTreeSet<&'static str>) -> Vec<String> {
    app.table
        .iter()
        .filter(|entry| entry.method == Method::GET && !entry.path.contains('{'))
        .filter(|entry| !reached.contains(entry.path) && unlinked(entry.path).is_none())
        .map(|entry| format!("no link leads to {}", entry.path))
        .collect()
}

/// What is wrong, at most so much that somebody reads it.
fn report(wrong: &[String]) -> String {
    let mut text = wrong
        .iter()
        .take(100)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    if wrong.len() > 100 {
        text.push_str(&format!("\n… and {} more", wrong.len() - 100));
    }
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_serves_everybody() {
    let Some(one) = Browser::start().await else {
        return;
    };
    let Some(other) = Browser::start().await else {
        return;
    };
    let browsers = [one, other];
    let app = demonstration().await;
    ask_for_links(&app).await;
    for browser in &browsers {
        browser.bring_axe().await;
    }
    // A browser with scripts that opens every link in every mail has changed nothing.
    let before = snapshot(&app).await;
    let public = Walker::public(&app);
    let found = crawl(&app, &public).await;
    let (mut wrong, mut looked_at) = look_at(&app, &browsers, &[(&public, &found.pages[..])]).await;
    assert_eq!(snapshot(&app).await, before, "looking changes nothing");
    wrong.extend(found.wrong);
    let mut routes = found.routes;

    let walkers = everybody(&app).await;
    let mut walks: Vec<(&Walker, Found)> = Vec::new();
    for walker in &walkers {
        walks.push((walker, crawl(&app, walker).await));
    }
    for (_, found) in &walks {
        routes.extend(&found.routes);
        wrong.extend(found.wrong.iter().cloned());
    }
    let pages: Vec<_> = walks
        .iter()
        .map(|(walker, found)| (*walker, &found.pages[..]))
        .collect();
    let (faults, count) = look_at(&app, &browsers, &pages).await;
    wrong.extend(faults);
    looked_at += count;
    wrong.extend(lost(&app, &routes));
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        report(&wrong)
    );
    assert!(looked_at > 150, "{looked_at} pages are too few");
}
