//! `/trainings`: all runs.

use askama::Template;
use axum::{extract::State, response::Response};
use entity::course_run::{self, RunState};

use super::view::RunLine;
use crate::{
    accounts::Desk,
    foundation::{
        context::Context,
        error::Result,
        ui::{Fields, Shell, page},
    },
    training::{decide, seats, store},
};

#[derive(Clone, Copy, PartialEq, Eq)]
struct Tab {
    word: &'static str,
    label: &'static str,
    states: &'static [RunState],
}

const TABS: [Tab; 4] = [
    Tab {
        word: "",
        label: "进行中",
        states: &[RunState::Draft, RunState::Published, RunState::Closed],
    },
    Tab {
        word: "held",
        label: "已办班",
        states: &[RunState::Held],
    },
    Tab {
        word: "ended",
        label: "已结束",
        states: &[RunState::Settled, RunState::Cancelled],
    },
    Tab {
        word: "all",
        label: "全部",
        states: &[],
    },
];

struct TabLink {
    label: &'static str,
    href: String,
    count: usize,
    current: bool,
}

#[derive(Template)]
#[template(path = "training/templates/runs.html")]
struct RunsPage {
    shell: Shell,
    tabs: Vec<TabLink>,
    rows: Vec<RunLine>,
}

/// `GET /trainings`
///
/// # Errors
/// When the service itself fails.
pub async fn list_runs(State(ctx): State<Context>, desk: Desk, query: Fields) -> Result<Response> {
    let tab = TABS
        .into_iter()
        .find(|tab| tab.word == query.text("tab"))
        .unwrap_or(TABS[0]);
    let all = store::runs(ctx.store.read(), &[]).await?;
    let within = |tab: Tab, run: &course_run::Model| {
        tab.states.is_empty() || tab.states.contains(&run.state)
    };
    let tabs = TABS
        .into_iter()
        .map(|one| TabLink {
            label: one.label,
            href: format!("/trainings?tab={}", one.word),
            count: all.iter().filter(|run| within(one, run)).count(),
            current: one == tab,
        })
        .collect();
    let mut rows = Vec::new();
    for run in all.into_iter().filter(|run| within(tab, run)) {
        let crowd = decide::crowd(&seats::participants(&ctx, &run).await?);
        rows.push(RunLine::of(&ctx, run, crowd).await?);
    }
    Ok(page(&RunsPage {
        tabs,
        rows,
        shell: desk.shell,
    }))
}
