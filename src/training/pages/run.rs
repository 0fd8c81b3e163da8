//! `/trainings/{id}`: one run, what is done with it, and the one next step.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, Utc};
use entity::{
    course_run::{self, Decision, RunState},
    ids::{BookingId, CourseRunId},
    lesson,
    room_booking::{self, BookingState},
};
use sea_orm::ConnectionTrait;

use super::{bookings, view::days};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        texts::{Label, Language, sentence},
        ui::{Form, Shell, Tag, dates, form::Choice, page_with_status},
    },
    panels, people,
    training::{
        decide::{self, Crowd},
        events, fees,
        notice::Notice,
        publish, rules, seats, store,
    },
};

struct LessonView {
    title: String,
    content: String,
    time: String,
    hours: i32,
    lecturer: String,
    said: String,
    odd: Option<String>,
}

struct HistoryLine {
    what: &'static str,
    note: String,
    who: String,
    sample: bool,
    when: String,
}

/// What the visitor may do with the run as it stands.
#[derive(Clone, Copy, Debug, Default)]
struct May {
    change: bool,
    publish: bool,
    close: bool,
    cancel: bool,
    hold: bool,
    decide: bool,
    ask_lecturers: bool,
    see_people: bool,
}

struct Booking {
    id: BookingId,
    tag: Tag,
    note: String,
    asked: bool,
}

#[derive(Template)]
#[template(path = "training/templates/run.html")]
struct RunPage {
    shell: Shell,
    form: Form,
    row: course_run::Model,
    name: String,
    tag: Tag,
    days: String,
    place: String,
    hours: i32,
    crowd: Crowd,
    sums: fees::Sums,
    closes: String,
    left: String,
    lessons: Vec<LessonView>,
    booking: Option<Booking>,
    missing: Vec<String>,
    warnings: Vec<String>,
    needs: usize,
    fee: String,
    certificate: String,
    decision: Option<&'static str>,
    history: Vec<HistoryLine>,
    targets: Vec<Choice>,
    may: May,
}

impl RunPage {
    fn wrong(&self, name: &str) -> bool {
        self.form.errors.of(name).is_some()
    }

    /// The day on which it is decided whether the run is held.
    fn decision_day(&self) -> Option<String> {
        self.row.decide_on.map(dates::day_and_weekday)
    }

    fn is_draft(&self) -> bool {
        self.row.state == RunState::Draft
    }
}

/// `GET /trainings/{id}`
///
/// # Errors
/// Not found for what is not there.
pub async fn show_run(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseRunId>,
) -> Result<Response> {
    render(&ctx, desk, id, Form::default(), StatusCode::OK).await
}

/// The page of a run with what was refused.
pub(super) async fn render(
    ctx: &Context,
    desk: Desk,
    id: CourseRunId,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let db = ctx.store.read();
    let notice = Notice::of(db, ctx, store::run(db, id).await?).await?;
    let row = notice.run.clone();
    let people = seats::participants(ctx, &row).await?;
    let crowd = decide::crowd(&people);
    let missing = if row.state == RunState::Draft {
        publish::missing(db, ctx, &row, &notice.lessons).await?
    } else {
        FieldErrors::default()
    };
    let mut lessons = Vec::new();
    for lesson in &notice.lessons {
        lessons.push(lesson_view(db, ctx, lesson).await?);
    }
    let calendar = ctx.calendar();
    let mut warnings: Vec<_> = notice
        .lessons
        .iter()
        .filter_map(|lesson| rules::odd_day(lesson.on_date, &calendar))
        .collect();
    warnings.dedup();
    let may = may(&desk, &row, &notice.lessons, missing.is_empty(), ctx.now());
    let run_page = RunPage {
        name: notice.name(),
        tag: rules::tag(row.state),
        days: days(&row)?,
        hours: notice.hours(),
        sums: fees::sums(&fees::lines(ctx, &row).await?),
        closes: Notice::until(row.closes_at, ctx.zone()),
        left: left(ctx, row.closes_at),
        booking: booking(&store::bookings(db, id).await?),
        missing: missing
            .iter()
            .map(|(_, refusal)| sentence(refusal, Language::Chinese))
            .collect(),
        needs: store::needs_of(db, row.course_id).await?.len(),
        fee: notice.fee(),
        certificate: notice.certificate(),
        decision: row
            .decision
            .filter(|one| *one == Decision::Hold)
            .map(|one| one.zh()),
        history: history(ctx, id).await?,
        targets: targets(ctx, &row).await?,
        place: notice.place.clone(),
        warnings,
        lessons,
        crowd,
        may: May {
            decide: may.change
                && rules::decision_due(
                    row.state,
                    row.decide_on,
                    row.decision,
                    crowd.enrolled,
                    row.least,
                    ctx.today(),
                ),
            ..may
        },
        form,
        row,
        shell: desk.shell,
    };
    Ok(page_with_status(status, &run_page))
}

fn may(
    desk: &Desk,
    row: &course_run::Model,
    lessons: &[lesson::Model],
    complete: bool,
    now: DateTime<Utc>,
) -> May {
    let manages = policy::allows(&desk.actor, Action::ManageTraining, &Owner::ALLIANCE);
    let change = manages && rules::may_change(row.state).is_ok();
    let over = lessons.last().is_some_and(|lesson| lesson.from_at <= now);
    May {
        change,
        publish: manages && row.state == RunState::Draft && complete,
        close: manages && row.state == RunState::Published,
        cancel: change,
        hold: change && rules::is_known(row.state) && over,
        decide: false,
        ask_lecturers: change
            && lessons
                .iter()
                .any(|one| one.panel_id.is_none() && one.lecturer_name.is_empty()),
        see_people: row.registration_id.is_some()
            && policy::allows(&desk.actor, Action::ReadRegistrations, &Owner::ALLIANCE),
    }
}

async fn lesson_view<C: ConnectionTrait>(
    db: &C,
    ctx: &Context,
    lesson: &lesson::Model,
) -> Result<LessonView> {
    let mut said = String::new();
    if let Some(panel) = lesson.panel_id {
        let seats = panels::seats(db, &[panel]).await?;
        said = match seats.get(&panel) {
            Some(seats) if seats.accepted > 0 => "已接受".to_owned(),
            Some(seats) if seats.waiting > 0 => "已邀请，待答复".to_owned(),
            Some(seats) if seats.proposed > 0 => "匹配结果待审批".to_owned(),
            _ => "等下一次匹配".to_owned(),
        };
    } else if !lesson.lecturer_reason.is_empty() {
        said = format!("指定：{}", lesson.lecturer_reason);
    }
    Ok(LessonView {
        title: lesson.title.clone(),
        content: lesson.content.clone(),
        time: Notice::time(lesson),
        hours: lesson.hours,
        lecturer: Notice::lecturer(lesson),
        said,
        odd: rules::odd_day(lesson.on_date, &ctx.calendar()),
    })
}

/// How the host answered, for the run as a whole: what waits comes before what was said.
fn booking(rows: &[room_booking::Model]) -> Option<Booking> {
    let order = [
        BookingState::Declined,
        BookingState::Asked,
        BookingState::Confirmed,
    ];
    let first = order
        .into_iter()
        .find_map(|state| rows.iter().find(|row| row.state == state))?;
    Some(Booking {
        id: first.id,
        tag: bookings::tag(first.state),
        note: first.note.clone(),
        asked: first.state == BookingState::Asked,
    })
}

/// 还有 15 个工作日
fn left(ctx: &Context, closes: Option<DateTime<Utc>>) -> String {
    let Some(at) = closes.filter(|at| *at > ctx.now()) else {
        return "已截止".to_owned();
    };
    let day = dates::local_date(at, ctx.zone());
    let days = ctx.calendar().working_days_between(ctx.today(), day).value;
    if days == 0 {
        "今天截止".to_owned()
    } else {
        format!("还有 {days} 个工作日")
    }
}

async fn history(ctx: &Context, id: CourseRunId) -> Result<Vec<HistoryLine>> {
    let db = ctx.store.read();
    let rows = store::events(db, id).await?;
    let ids: Vec<_> = rows.iter().filter_map(|row| row.by_person).collect();
    let people = people::by_ids(db, &ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let person = row.by_person.and_then(|id| people.get(&id));
            HistoryLine {
                what: events::words(&row.code),
                note: row.note,
                who: person.map(|person| person.name.clone()).unwrap_or_default(),
                sample: person.is_some_and(|person| person.sample),
                when: dates::moment(row.at, ctx.zone()),
            }
        })
        .collect())
}

/// Runs into which this one could be merged.
async fn targets(ctx: &Context, row: &course_run::Model) -> Result<Vec<Choice>> {
    let mut all = vec![Choice {
        value: String::new(),
        label: "不并入，直接取消".to_owned(),
        hint: String::new(),
    }];
    for other in store::runs_of(ctx.store.read(), row.course_id).await? {
        let open =
            other.state == RunState::Published && other.closes_at.is_some_and(|at| at > ctx.now());
        if open && other.id != row.id {
            all.push(Choice {
                value: other.id.to_string(),
                label: format!("并入第 {} 期（{}）", other.ordinal, days(&other)?),
                hint: String::new(),
            });
        }
    }
    Ok(all)
}
