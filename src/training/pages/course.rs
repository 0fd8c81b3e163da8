//! `/courses/{id}`: one course, its runs, where it comes from and how often it is held.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::Datelike;
use chrono_tz::Tz;
use entity::{
    course::{self, CourseState},
    ids::CourseId,
};

use super::{
    course_list::{manages, tag},
    view::RunLine,
};
use crate::{
    accounts::Desk,
    foundation::{
        context::Context,
        error::Result,
        texts::Label,
        ui::{Form, Shell, Tag, dates, domain_labels, page_with_status},
    },
    training::{
        Part, decide, plan_course, recurrence::Recurrence, rules, seats, store, syllabus::Syllabus,
    },
    units,
};

/// Starts shown of a recurrence.
const SHOWN_STARTS: usize = 4;

struct PartView {
    title: String,
    content: String,
    hours: i32,
    lecturer: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "training/templates/course.html")]
struct CoursePage {
    shell: Shell,
    form: Form,
    row: course::Model,
    tag: Tag,
    hours: i32,
    domains: String,
    parts: Vec<PartView>,
    venue: String,
    fee: String,
    certificate: String,
    runs: Vec<RunLine>,
    needs: Vec<String>,
    starts: Vec<String>,
    zone: String,
    manages: bool,
    offered: bool,
}

impl CoursePage {
    fn wrong(&self, name: &str) -> bool {
        self.form.errors.of(name).is_some()
    }
}

/// `GET /courses/{id}`
///
/// # Errors
/// Not found for what is not there.
pub async fn show_course(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseId>,
) -> Result<Response> {
    render(&ctx, desk, id, Form::default(), StatusCode::OK).await
}

/// The page with what was refused.
pub(super) async fn render(
    ctx: &Context,
    desk: Desk,
    id: CourseId,
    mut form: Form,
    status: StatusCode,
) -> Result<Response> {
    let db = ctx.store.read();
    let row = store::course(db, id).await?;
    let parts = store::parts(db, id).await?;
    let syllabus = Syllabus::of(&row, &parts);
    let zone = plan_course::zone(ctx, &row).await?;
    for (name, value) in [
        ("rule", row.recurrence.clone().unwrap_or_default()),
        ("lead_days", row.lead_days.to_string()),
        ("start_time", "09:00".to_owned()),
    ] {
        if !form.fields.has(name) {
            form.fields = form.fields.with(name, value);
        }
    }
    let starts = match row
        .recurrence
        .as_deref()
        .map(|rule| Recurrence::read(rule, zone, ctx.now()))
    {
        Some(Ok(rule)) => next_starts(ctx, &rule, zone),
        _ => Vec::new(),
    };
    let mut runs = Vec::new();
    for run in store::runs_of(db, id).await? {
        let crowd = decide::crowd(&seats::participants(ctx, &run).await?);
        runs.push(RunLine::of(ctx, run, crowd).await?);
    }
    let mut needs = Vec::new();
    for need in store::needs_of(db, id).await? {
        let unit = units::get(db, need.unit_id).await?;
        needs.push(format!(
            "{}：{}（{}）",
            unit.name,
            need.topic,
            need.state.zh()
        ));
    }
    let mut domains = domain_labels(&syllabus.domains);
    domains.extend(syllabus.keywords.clone());
    let venue = match row.room_id {
        Some(room) => {
            let room = store::room(db, room).await?;
            let base = store::base(db, room.base_id).await?;
            format!("{} {}，{} 座", base.name, room.name, room.seats)
        }
        None => "未定".to_owned(),
    };
    Ok(page_with_status(
        status,
        &CoursePage {
            tag: tag(row.state),
            hours: syllabus.hours(),
            domains: domains.join("；"),
            parts: syllabus.parts.iter().map(part).collect(),
            venue,
            fee: fee(&row),
            certificate: match row.min_mark {
                Some(mark) => format!("出勤 ≥ {}%，考核 ≥ {mark}", row.attendance_percent),
                None => format!("出勤 ≥ {}%", row.attendance_percent),
            },
            runs,
            needs,
            starts,
            zone: if zone == ctx.zone() {
                String::new()
            } else {
                zone.name().to_owned()
            },
            manages: manages(&desk),
            offered: row.state == CourseState::Offered,
            form,
            row,
            shell: desk.shell,
        },
    ))
}

/// The next starts of a recurrence with what is odd about their days.
fn next_starts(ctx: &Context, rule: &Recurrence, zone: Tz) -> Vec<String> {
    let calendar = ctx.calendar();
    let until = ctx.now() + chrono::Duration::days(800);
    rule.starts(ctx.now(), until)
        .take(SHOWN_STARTS)
        .map(|at| {
            let day = dates::local_date(at, zone);
            let time = at.with_timezone(&zone).format("%H:%M");
            let odd = rules::odd_day(day, &calendar).map(|odd| format!("，{odd}"));
            format!(
                "{}{} {time}{}",
                dates::full_day(day),
                dates::weekday(day.weekday()),
                odd.unwrap_or_default()
            )
        })
        .collect()
}

fn fee(row: &course::Model) -> String {
    let amount = if row.fee_fen == 0 {
        "不收费".to_owned()
    } else {
        rules::yuan(row.fee_fen)
    };
    if row.fee_free.is_empty() {
        amount
    } else {
        format!("{amount}；{}", row.fee_free)
    }
}

fn part(part: &Part) -> PartView {
    PartView {
        title: part.title.clone(),
        content: part.content.clone(),
        hours: part.hours,
        lecturer: match &part.lecturer {
            None => "由匹配从专家库产生".to_owned(),
            Some(named) if named.unit.is_empty() => named.name.clone(),
            Some(named) => format!("{}，{}", named.name, named.unit),
        },
        reason: part
            .lecturer
            .as_ref()
            .map(|named| named.reason.clone())
            .unwrap_or_default(),
    }
}
