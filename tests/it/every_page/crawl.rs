//! Following links without a browser: what each page answers, and whether everything on it leads somewhere.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use expert_pool::accounts::table;
use reqwest::{Method, StatusCode, header};

use super::walker::Walker;
use crate::support::app::TestApp;

/// Pages of one kind that a walker asks for at all.
const ASKED: usize = 5;

/// A page that a walker came to.
pub(super) struct Page {
    /// Path with its query.
    pub(super) path: String,
    /// Its route, with the tab of a list.
    pub(super) kind: String,
    /// What it is made of: every element with its class, once.
    pub(super) parts: BTreeSet<String>,
}

/// What a walk found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) wrong: Vec<String>,
    /// Routes that were reached.
    pub(super) routes: BTreeSet<&'static str>,
    /// Pages in the order found.
    pub(super) pages: Vec<Page>,
}

/// Follows links from where `walker` begins.
pub(super) async fn crawl(app: &TestApp, walker: &Walker) -> Found {
    let mut found = Found::default();
    let mut seen: BTreeSet<String> = walker.start.iter().cloned().collect();
    let mut waiting: VecDeque<String> = walker.start.iter().cloned().collect();
    let mut of_kind: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(path) = waiting.pop_front() {
        let route = route_of(&app.table, &Method::GET, &path);
        let kind = kind_of(route, &path);
        let count = of_kind.entry(kind.clone()).or_default();
        if *count >= ASKED {
            continue;
        }
        *count += 1;
        let Some(html) = ask(walker, &path, &mut found.wrong).await else {
            continue;
        };
        found.routes.extend(route);
        if html.is_empty() {
            continue;
        }
        for fault in loose_ends(&app.table, &path, &html) {
            found.wrong.push(format!("{} {path}: {fault}", walker.name));
        }
        for link in links(&html) {
            if seen.insert(link.clone()) {
                waiting.push_back(link);
            }
        }
        let parts = parts(&html);
        found.pages.push(Page { path, kind, parts });
    }
    found
}

/// Asks for a page: its text, nothing in it when it is another kind of file, and `None` when it leads on
/// or is wrong.
async fn ask(walker: &Walker, path: &str, wrong: &mut Vec<String>) -> Option<String> {
    let answer = walker.client.get(path).await;
    let status = answer.status();
    let kind = answer.headers().get(header::CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if status.is_redirection() {
        return None;
    }
    // A link in a mail may have been used since; its page says so.
    let expected = match status {
        _ if path == "/nowhere" => StatusCode::NOT_FOUND,
        StatusCode::GONE if walker.cookie.is_none() => StatusCode::GONE,
        _ => StatusCode::OK,
    };
    if status != expected {
        wrong.push(format!("{} {path}: {status}", walker.name));
        return None;
    }
    let text = answer.text().await.unwrap_or_default();
    Some(if is_page { text } else { String::new() })
}

/// Tabs of a list are pages of their own, other queries are the same page.
fn kind_of(route: Option<&str>, path: &str) -> String {
    let tab = path.split(['?', '&']).find(|part| part.starts_with("tab="));
    format!("{} {}", route.unwrap_or("nowhere"), tab.unwrap_or_default())
}

/// The route that serves a path.
pub(super) fn route_of(
    table: &[table::Entry],
    method: &Method,
    path: &str,
) -> Option<&'static str> {
    let bare = path.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<_> = bare.split('/').collect();
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
        .filter(|entry| entry.method == *method && fits(entry.path))
        // `/experts/guest` is itself, and no `/experts/{id}`.
        .min_by_key(|entry| entry.path.matches('{').count())
        .map(|entry| entry.path)
}

/// Values of an attribute, as a browser reads them.
fn values<'a>(html: &'a str, attribute: &'a str) -> impl Iterator<Item = String> + 'a {
    html.split(attribute)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|value| value.replace("&amp;", "&").replace("&#38;", "&"))
}

/// Paths of this service that a page links to, as written there.
pub(super) fn links(html: &str) -> Vec<String> {
    values(html, " href=\"")
        .filter_map(|href| {
            let path = href.split('#').next().unwrap_or_default();
            (path.starts_with('/') && !path.starts_with("//")).then(|| path.to_owned())
        })
        .collect()
}

/// Every element of a page with its class, once.
fn parts(html: &str) -> BTreeSet<String> {
    html.split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .filter(|tag| tag.starts_with(|first: char| first.is_ascii_lowercase()))
        .map(|tag| {
            let name = tag.split([' ', '/']).next().unwrap_or_default();
            let class = values(tag, " class=\"").next().unwrap_or_default();
            format!("{name}.{class}")
        })
        .collect()
}

/// Links to a place on the page that is not there, and forms that nothing takes.
fn loose_ends(table: &[table::Entry], path: &str, html: &str) -> Vec<String> {
    let places = values(html, " href=\"#")
        .filter(|place| !place.is_empty() && !html.contains(&format!(" id=\"{place}\"")))
        .map(|place| format!("#{place} is not on the page"));
    let forms = html
        .split("<form")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .filter_map(|form| {
            let posted = form.contains("method=\"post\"");
            let method = if posted { Method::POST } else { Method::GET };
            let to = values(form, " action=\"").next();
            let to = to.unwrap_or_else(|| path.to_owned());
            let taken = route_of(table, &method, &to).is_some();
            (!taken).then(|| format!("nothing takes the form {method} {to}"))
        });
    places.chain(forms).collect()
}
