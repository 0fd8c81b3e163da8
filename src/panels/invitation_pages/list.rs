//! `/invitations`: the secretariat's list of questions.

use askama::Template;
use axum::{extract::State, response::Response};

use super::row::{Row, row};
use crate::{
    accounts::{
        Action, Desk,
        policy::{self, Owner},
    },
    foundation::{
        context::Context,
        error::Result,
        ui::{Fields, Shell, page},
    },
    panels::invitation_list::{self, Tab},
};

/// Rows on a page.
const SIZE: u64 = 50;

#[derive(Template)]
#[template(path = "panels/templates/invitations.html")]
struct ListPage {
    shell: Shell,
    tabs: Vec<(String, &'static str, u64, bool)>,
    tab: String,
    query: String,
    rows: Vec<Row>,
    total: u64,
    first: u64,
    last: u64,
    earlier: Option<String>,
    later: Option<String>,
    prepares: bool,
}

/// `GET /invitations`
///
/// # Errors
/// When the database fails.
pub async fn list(State(ctx): State<Context>, desk: Desk, query: Fields) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    let db = ctx.store.read();
    let tab = Tab::read(query.text("tab"));
    let number = query.text("page").parse::<u64>().unwrap_or(1).max(1);
    let (lines, total) = invitation_list::page(db, tab, query.text("q"), number - 1, SIZE).await?;
    let mut tabs = Vec::new();
    for (one, value, word) in Tab::ALL {
        let count = invitation_list::count(db, one).await?;
        tabs.push((address(value, "", 1), word, count, one == tab));
    }
    let at = |number: u64| address(query.text("tab"), query.text("q"), number);
    let first = (number - 1) * SIZE + 1;
    let shown = lines.len() as u64;
    Ok(page(&ListPage {
        prepares: policy::allows(&desk.actor, Action::PrepareRun, &Owner::ALLIANCE),
        shell: desk.shell,
        tabs,
        tab: query.text("tab").to_owned(),
        query: query.text("q").to_owned(),
        rows: lines.into_iter().map(|line| row(&ctx, line)).collect(),
        total,
        first,
        last: first + shown.max(1) - 1,
        earlier: (number > 1).then(|| at(number - 1)),
        later: (number * SIZE < total).then(|| at(number + 1)),
    }))
}

fn address(tab: &str, query: &str, page: u64) -> String {
    let mut parts = form_urlencoded::Serializer::new(String::new());
    if !tab.is_empty() {
        parts.append_pair("tab", tab);
    }
    if !query.is_empty() {
        parts.append_pair("q", query);
    }
    if page > 1 {
        parts.append_pair("page", &page.to_string());
    }
    format!("/invitations?{}", parts.finish())
}
