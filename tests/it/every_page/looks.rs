//! Looking at pages in browsers, side by side: each takes the next page that nobody has looked at.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Mutex,
};

use thirtyfour::Cookie;

use super::{crawl::Page, walker::Walker};
use crate::support::{
    app::TestApp,
    browser::{Browser, Look},
};

/// A page to be looked at by somebody.
struct Task<'a> {
    walker: &'a Walker,
    path: &'a str,
    /// Whether axe-core is asked: nobody has looked at a page of this kind before, or it has parts that were on
    /// none of them.
    asks: bool,
}

/// Looks at pages of every kind that each walker came to, and says what is wrong and how many were seen.
pub(super) async fn look_at(
    app: &TestApp,
    browsers: &[Browser; 2],
    walks: &[(&Walker, &[Page])],
) -> (Vec<String>, usize) {
    let tasks = tasks(walks);
    let count = tasks.len();
    let queue = Mutex::new(VecDeque::from(tasks));
    let (mut wrong, more) = tokio::join!(
        work(app, &browsers[0], &queue),
        work(app, &browsers[1], &queue)
    );
    wrong.extend(more);
    (wrong, count)
}

/// One page of each kind is looked at for so many walkers, besides every page that has parts of its own.
const WALKERS: usize = 2;

/// What is looked at: see [`WALKERS`].
fn tasks<'a>(walks: &[(&'a Walker, &'a [Page])]) -> Vec<Task<'a>> {
    let mut kinds: BTreeMap<&String, usize> = BTreeMap::new();
    let mut parts: BTreeSet<&String> = BTreeSet::new();
    let mut tasks = Vec::new();
    for &(walker, pages) in walks {
        let mut own = BTreeSet::new();
        for page in pages {
            let known = parts.len();
            parts.extend(&page.parts);
            let walkers = kinds.entry(&page.kind).or_default();
            let asks = *walkers == 0 || parts.len() > known;
            let mine = own.insert(&page.kind);
            let looks = mine && *walkers < WALKERS;
            *walkers += usize::from(mine);
            if looks || asks {
                tasks.push(Task {
                    walker,
                    path: &page.path,
                    asks,
                });
            }
        }
    }
    tasks
}

async fn work(app: &TestApp, browser: &Browser, queue: &Mutex<VecDeque<Task<'_>>>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut present = None;
    loop {
        let next = queue.lock().expect("no walker panics").pop_front();
        let Some(task) = next else {
            return wrong;
        };
        if present != Some(task.walker.name) {
            become_walker(app, browser, task.walker).await;
            present = Some(task.walker.name);
        }
        look(app, browser, &task, &mut wrong).await;
    }
}

/// Takes over a walker's session.
async fn become_walker(app: &TestApp, browser: &Browser, walker: &Walker) {
    browser.delete_all_cookies().await.unwrap();
    if let Some((name, value)) = &walker.cookie {
        // A cookie can only be given for the site that is open.
        browser.goto(format!("{}/privacy", app.url)).await.unwrap();
        let cookie = Cookie::new(name.clone(), value.clone());
        browser.add_cookie(cookie).await.unwrap();
    }
}

/// Looks at a page wide by day and narrow at night.
async fn look(app: &TestApp, browser: &Browser, task: &Task<'_>, wrong: &mut Vec<String>) {
    let Task { walker, path, asks } = task;
    browser.show(Look::WIDE).await;
    browser.goto(format!("{}{path}", app.url)).await.unwrap();
    let mut faults = browser.faults(Look::WIDE, *asks).await;
    browser.show(Look::NARROW_DARK).await;
    faults.extend(browser.faults(Look::NARROW_DARK, *asks).await);
    // Pages with another status than 200 are looked at on purpose.
    let console = browser.console().await;
    let console = console
        .iter()
        .filter(|line| !line.contains("the server responded with a status of 4"))
        .map(|line| format!("console: {line}"));
    wrong.extend(
        faults
            .into_iter()
            .chain(console)
            .map(|fault| format!("{} {path} {fault}", walker.name)),
    );
}
