//! `/meetings`: meetings to come and past, and what is due every year.

use askama::Template;
use axum::{extract::State, response::Response};
use entity::{
    ids::MeetingId,
    meeting::{self, MeetingState},
    meeting_unit::Reply,
};

use super::super::{duties::duties, papers::time, rules, store};
use crate::{
    accounts::{Action, Actor, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::Result,
        texts::Label,
        ui::{Shell, Tag, dates, page},
    },
};

#[derive(Template)]
#[template(path = "committees/templates/meetings.html")]
struct ListPage {
    shell: Shell,
    may_manage: bool,
    duties: Vec<DutyLine>,
    rows: Vec<Row>,
}

struct DutyLine {
    kind: &'static str,
    due: String,
    late: bool,
}

struct Row {
    id: MeetingId,
    title: String,
    kind: &'static str,
    time: String,
    year: i32,
    place: String,
    tag: Tag,
    came: String,
    own: &'static str,
    class: &'static str,
}

/// `GET /meetings`: the secretariat sees all, a unit those that it belongs to.
///
/// # Errors
/// When the service itself fails.
pub async fn show(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    let db = ctx.store.read();
    let may_manage = policy::allows(&desk.actor, Action::ManageMeetings, &Owner::ALLIANCE);
    let sees_all = policy::allows(&desk.actor, Action::ReadMeetings, &Owner::ALLIANCE);
    let mut rows = Vec::new();
    for row in store::all(db).await? {
        if let Some(row) = line(&ctx, &desk.actor, row, sees_all).await? {
            rows.push(row);
        }
    }
    let mut due = Vec::new();
    if may_manage {
        for duty in duties(db, &ctx).await? {
            due.push(DutyLine {
                kind: duty.kind.zh(),
                due: dates::full_day(duty.due),
                late: duty.due < ctx.today(),
            });
        }
    }
    Ok(page(&ListPage {
        shell: desk.shell,
        may_manage,
        duties: due,
        rows,
    }))
}

async fn line(
    ctx: &Context,
    actor: &Actor,
    row: meeting::Model,
    sees_all: bool,
) -> Result<Option<Row>> {
    let invited = store::invited(ctx.store.read(), row.id).await?;
    let own = invited
        .iter()
        .find(|one| actor.units().any(|unit| unit == one.unit.id));
    if !sees_all && own.is_none() {
        return Ok(None);
    }
    let came = invited.iter().filter(|one| one.row.attended == Some(true));
    let coming = invited
        .iter()
        .filter(|one| one.row.reply == Some(Reply::Coming));
    let waits = own.is_some_and(|one| one.row.reply.is_none()) && row.state == MeetingState::Called;
    Ok(Some(Row {
        came: match row.state {
            MeetingState::Draft | MeetingState::Cancelled => String::new(),
            MeetingState::Called => format!("应到 {}，回执参加 {}", invited.len(), coming.count()),
            MeetingState::Held | MeetingState::Minuted => {
                format!("应到 {}，实到 {}", invited.len(), came.count())
            }
        },
        own: match own.and_then(|one| one.row.reply) {
            Some(Reply::Coming) => "本单位参加",
            Some(Reply::Absent) => "本单位请假",
            None if waits => "请填回执",
            None => "",
        },
        class: match row.state {
            MeetingState::Minuted | MeetingState::Cancelled => "off",
            _ if waits => "do",
            _ => "",
        },
        tag: rules::tag(row.state),
        kind: row.kind.zh(),
        time: time(&row),
        year: chrono::Datelike::year(&row.date),
        id: row.id,
        title: row.title,
        place: row.place,
    }))
}
