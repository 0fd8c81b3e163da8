//! What tests stand on: databases of their own and a real browser.

pub mod app;
pub mod authority;
pub mod browser;
pub mod databases;
pub mod desk;
pub mod exchange;
pub mod expert;
pub mod held;
pub mod outbox;
pub mod panels;
pub mod place;
pub mod pool;
mod postgres;
pub mod requests;
pub mod seats;
pub mod smtp;
pub mod snapshot;
pub mod training;

use std::{env, io::Write as _, sync::Once};

/// Says once that `part` is not there, so tests that need it are left out. Under `./scripts/test` and
/// on a build server (`EXPERT_POOL_TEST_ALL` or `CI` is set) that is a failure: there nothing may be
/// left out silently.
fn missing(part: &str, said: &Once) {
    let notice = format!("{part} is not set up for these tests: run ./scripts/test");
    let all = ["EXPERT_POOL_TEST_ALL", "CI"]
        .into_iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    assert!(!all, "{notice}");
    // Not `eprintln!`: the test harness keeps that back for tests that pass.
    said.call_once(|| drop(writeln!(std::io::stderr(), "notice: {notice}")));
}
