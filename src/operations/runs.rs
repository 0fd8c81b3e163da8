//! `/schedule`: what happens by the clock, when it is due next, and what it did.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::SlotId,
    schedule_slot::{self, SlotState},
};
use sea_orm::{PaginatorTrait, QuerySelect};
use serde_json::json;

use super::{
    query::{self, PAGE},
    words,
};
use crate::{
    accounts::{
        Action, Desk, Owner,
        audit::{self, Entry},
        policy,
    },
    foundation::{
        context::Context,
        error::Result,
        schedule::{Schedule, run_again},
        ui::{Fields, Shell, Tag, dates, page},
    },
};

#[derive(Template)]
#[template(path = "operations/templates/schedule.html")]
struct SchedulePage {
    shell: Shell,
    rules: Vec<RuleLine>,
    runs: Vec<RunLine>,
    all: bool,
    may_manage: bool,
    total: u64,
    previous: Option<u64>,
    following: Option<u64>,
}

struct RuleLine {
    label: &'static str,
    next: String,
    last: Option<RunLine>,
}

struct RunLine {
    id: SlotId,
    label: String,
    due: String,
    state: Tag,
    handled: i32,
    attempts: i32,
    note: String,
    can_run_again: bool,
}

/// `GET /schedule`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who may not see it.
pub async fn list(
    State(ctx): State<Context>,
    State(schedule): State<Arc<Schedule>>,
    desk: Desk,
    fields: Fields,
) -> Result<Response> {
    desk.actor
        .require(Action::ReadOperations, &Owner::ALLIANCE)?;
    let db = ctx.store.read();
    let labels: HashMap<&str, &'static str> = schedule
        .rules()
        .map(|rule| (rule.name, rule.label))
        .collect();
    let line = |row: schedule_slot::Model| RunLine {
        label: labels
            .get(row.rule.as_str())
            .map_or_else(|| row.rule.clone(), |label| (*label).to_owned()),
        id: row.id,
        due: dates::moment(row.due_at, ctx.zone()),
        state: words::run_tag(row.state),
        handled: row.handled,
        attempts: row.attempts,
        note: row.note,
        can_run_again: row.state != SlotState::Running && labels.contains_key(row.rule.as_str()),
    };
    let mut rules = Vec::new();
    for rule in schedule.rules() {
        rules.push(RuleLine {
            label: rule.label,
            next: schedule
                .next(rule.name, ctx.now())
                .map_or_else(String::new, |next| dates::moment(next, ctx.zone())),
            last: query::last_run(db, rule.name).await?.map(line),
        });
    }
    let all = fields.text("show") == "all";
    let number: u64 = fields.text("page").parse().unwrap_or(1).max(1);
    let total = query::runs(all).count(db).await?;
    let rows = query::runs(all)
        .offset((number - 1) * PAGE)
        .limit(PAGE)
        .all(db)
        .await?;
    Ok(page(&SchedulePage {
        shell: desk.shell,
        rules,
        runs: rows.into_iter().map(line).collect(),
        all,
        may_manage: policy::allows(&desk.actor, Action::ManageOperations, &Owner::ALLIANCE),
        total,
        previous: (number > 1).then(|| number - 1),
        following: (number * PAGE < total).then(|| number + 1),
    }))
}

/// `POST /schedule/{id}/again`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`] for people who may not do this, and for runs under way.
pub async fn again(
    State(ctx): State<Context>,
    Path(id): Path<SlotId>,
    desk: Desk,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageOperations, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    run_again(&tx, id).await?;
    let entry = Entry {
        actor: Some(desk.actor.person),
        action: "schedule.run_again",
        subject_kind: "schedule_slot",
        subject_id: Some(id.0),
        details: json!({}),
    };
    audit::record(&tx, entry).await?;
    tx.commit().await?;
    Ok(Redirect::to("/schedule?done=retried").into_response())
}
