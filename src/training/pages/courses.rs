//! `/courses`: what is taught, and how often.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::NaiveTime;
use entity::{
    course::{self, CourseState},
    ids::CourseId,
};
use sea_orm::ActiveEnum;

use super::view::{RunLine, room_choices};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::{FieldErrors, Refusal, Result},
        texts::Label,
        ui::{
            Fields, Form, Shell, Submission, Tag, dates, domain_labels, form::Choice, page,
            page_with_status,
        },
    },
    training::{
        bases::read_time,
        decide, make_run,
        make_run::NewRun,
        plan_course::{self, Regular},
        recurrence::Recurrence,
        rules, seats, store,
        syllabus::{MOST_PARTS, Syllabus},
    },
    units,
};

/// Blank rows for further parts.
const BLANK: usize = 3;
/// Starts shown of a recurrence.
const SHOWN_STARTS: usize = 4;

struct Line {
    href: String,
    number: String,
    title: String,
    audience: String,
    hours: i32,
    runs: usize,
    next: String,
    regular: String,
    tag: Tag,
}

#[derive(Template)]
#[template(path = "training/templates/courses.html")]
struct CoursesPage {
    shell: Shell,
    rows: Vec<Line>,
    manages: bool,
}

fn tag(state: CourseState) -> Tag {
    let class = match state {
        CourseState::Draft => "",
        CourseState::Offered => "ok",
        CourseState::Retired => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// `GET /courses`
///
/// # Errors
/// When the service itself fails.
pub async fn list_courses(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    let db = ctx.store.read();
    let mut rows = Vec::new();
    for course in store::courses(db).await? {
        let parts = store::parts(db, course.id).await?;
        let runs = store::runs_of(db, course.id).await?;
        let next = runs
            .iter()
            .filter(|run| rules::may_change(run.state).is_ok())
            .filter(|run| run.starts_at.is_some_and(|at| at > ctx.now()))
            .min_by_key(|run| run.starts_at);
        rows.push(Line {
            href: format!("/courses/{}", course.id),
            next: match next {
                Some(run) => format!(
                    "{}，{}",
                    make_run::short_name(run, ctx.zone()),
                    run.state.zh()
                ),
                None => "未安排".to_owned(),
            },
            hours: parts.iter().map(|part| part.hours).sum(),
            runs: runs.len(),
            regular: if course.recurrence.is_some() {
                "定期"
            } else {
                ""
            }
            .to_owned(),
            tag: tag(course.state),
            number: course.number,
            title: course.title,
            audience: course.audience,
        });
    }
    Ok(page(&CoursesPage {
        rows,
        manages: manages(&desk),
        shell: desk.shell,
    }))
}

fn manages(desk: &Desk) -> bool {
    policy::allows(&desk.actor, Action::ManageTraining, &Owner::ALLIANCE)
}

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

async fn render(
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
fn next_starts(ctx: &Context, rule: &Recurrence, zone: chrono_tz::Tz) -> Vec<String> {
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
                dates::weekday(chrono::Datelike::weekday(&day)),
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

fn part(part: &crate::training::Part) -> PartView {
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

#[derive(Template)]
#[template(path = "training/templates/course_form.html")]
struct CourseFormPage {
    shell: Shell,
    form: Form,
    id: Option<CourseId>,
    action: String,
    rows: Vec<usize>,
    rooms: Vec<Choice>,
}

/// `GET /courses/new`
///
/// # Errors
/// Not found for who may not.
pub async fn new_course(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    desk.actor
        .require(Action::ManageTraining, &Owner::ALLIANCE)?;
    let form = Form::new(Syllabus::default().fields());
    render_form(&ctx, desk, form, None, StatusCode::OK).await
}

/// `POST /courses`
///
/// # Errors
/// Not found for who may not.
pub async fn post_new_course(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageTraining, &Owner::ALLIANCE)?;
    let done = async {
        let syllabus = Syllabus::read(&fields)?;
        let tx = ctx.store.begin().await?;
        let id = plan_course::plan(&ctx, &tx, desk.actor.person, &syllabus).await?;
        tx.commit().await?;
        Ok(id)
    };
    let done: Result<CourseId> = done.await;
    match done {
        Ok(id) => Ok(Redirect::to(&format!("/courses/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render_form(&ctx, desk, form, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `GET /courses/{id}/edit`
///
/// # Errors
/// Not found for what is not there.
pub async fn edit_course(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseId>,
) -> Result<Response> {
    let row = store::course(ctx.store.read(), id).await?;
    let parts = store::parts(ctx.store.read(), id).await?;
    let fields = Syllabus::of(&row, &parts)
        .fields()
        .with("version", row.version);
    render_form(&ctx, desk, Form::new(fields), Some(id), StatusCode::OK).await
}

/// `POST /courses/{id}/edit`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_course(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    store::course(ctx.store.read(), id).await?;
    let version = fields.text("version").parse().unwrap_or(0);
    let done = async {
        let syllabus = Syllabus::read(&fields)?;
        plan_course::change(&ctx, id, desk.actor.person, &syllabus, version).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/courses/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render_form(&ctx, desk, form, Some(id), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn render_form(
    ctx: &Context,
    desk: Desk,
    form: Form,
    id: Option<CourseId>,
    status: StatusCode,
) -> Result<Response> {
    let used = (0..MOST_PARTS)
        .filter(|row| !form.fields.text(&format!("part_{row}")).is_empty())
        .max()
        .map_or(0, |last| last + 1);
    Ok(page_with_status(
        status,
        &CourseFormPage {
            action: id.map_or_else(|| "/courses".to_owned(), |id| format!("/courses/{id}/edit")),
            rows: (0..(used + BLANK).min(MOST_PARTS)).collect(),
            rooms: room_choices(ctx, "以后再定").await?,
            form,
            id,
            shell: desk.shell,
        },
    ))
}

/// `POST /courses/{id}/state`: offers a course or gives it up.
///
/// # Errors
/// Not found for what is not there.
pub async fn post_course_state(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    store::course(ctx.store.read(), id).await?;
    let done = async {
        let mut errors = FieldErrors::default();
        let to = fields.choice("to", &mut errors, |word| {
            CourseState::try_from_value(&word.to_owned()).ok()
        });
        errors.into_result(())?;
        let tx = ctx.store.begin().await?;
        plan_course::set_state(&tx, id, desk.actor.person, to.unwrap_or(CourseState::Draft))
            .await?;
        tx.commit().await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done).await
}

/// `POST /courses/{id}/regular`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_regular(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = store::course(ctx.store.read(), id).await?;
    let done = async {
        let zone = plan_course::zone(&ctx, &row).await?;
        let regular = Regular::read(&fields, zone, ctx.now())?;
        let tx = ctx.store.begin().await?;
        plan_course::set_regular(&tx, id, desk.actor.person, &regular).await?;
        tx.commit().await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done).await
}

/// `POST /courses/{id}/runs`: the next run as a draft.
///
/// # Errors
/// Not found for what is not there.
pub async fn post_new_run(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CourseId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    store::course(ctx.store.read(), id).await?;
    let by = desk.actor.person;
    let done = async {
        let mut errors = FieldErrors::default();
        let day = fields.date("start_day", &mut errors);
        if day.is_none() && errors.of("start_day").is_none() {
            errors.add("start_day", Refusal::new("form.required"));
        }
        let time = read_time(&fields, "start_time", &mut errors).unwrap_or(NaiveTime::MIN);
        errors.into_result(())?;
        let new = NewRun {
            course: id,
            start: day.unwrap_or_default().and_time(time),
            due_start: None,
            by: Some(by),
        };
        let tx = ctx.store.begin().await?;
        let run = make_run::make(&ctx, &tx, new).await?;
        tx.commit().await?;
        Ok(run)
    };
    let done: Result<entity::ids::CourseRunId> = done.await;
    match done {
        Ok(run) => Ok(Redirect::to(&format!("/trainings/{run}?done=saved")).into_response()),
        Err(error) => lead_on(&ctx, desk, id, fields, Err(error)).await,
    }
}

async fn lead_on(
    ctx: &Context,
    desk: Desk,
    id: CourseId,
    fields: Fields,
    done: Result<()>,
) -> Result<Response> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/courses/{id}?done=saved")).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    render(ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
}
