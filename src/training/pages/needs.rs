//! `/needs`: what units want to learn. Members see numbers of others, the group sees names.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{NeedId, UnitId},
    need_voice,
    training_need::{self, NeedState},
};

use crate::{
    accounts::{Action, Actor, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::{FieldErrors, Result},
        texts::Label,
        ui::{Fields, Form, Shell, Submission, Tag, dates, page_with_status, short_labels},
    },
    panels::texts,
    training::{
        need::{self, Need},
        store,
    },
    units,
};

/// A need as it is shown.
struct Row {
    id: NeedId,
    topic: String,
    details: String,
    domains: String,
    audience: String,
    people: i32,
    units: usize,
    who: String,
    wished: String,
    tag: Tag,
    course: String,
    own: bool,
    joined: Option<i32>,
    open: bool,
}

#[derive(Template)]
#[template(path = "training/templates/needs.html")]
struct NeedsPage {
    shell: Shell,
    form: Form,
    own: Vec<Row>,
    others: Vec<Row>,
    settled: Vec<Row>,
    writes: bool,
    group: bool,
    joining: String,
}

#[derive(Template)]
#[template(path = "training/templates/need_form.html")]
struct NeedPage {
    shell: Shell,
    form: Form,
    action: String,
    heading: &'static str,
    id: Option<NeedId>,
}

/// `GET /needs`
///
/// # Errors
/// When the service itself fails.
pub async fn list_needs(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    render(&ctx, desk, Form::default(), String::new(), StatusCode::OK).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    form: Form,
    joining: String,
    status: StatusCode,
) -> Result<Response> {
    let db = ctx.store.read();
    let rows = store::needs(db).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let voices = store::voices(db, &ids).await?;
    let names: HashMap<_, _> = units::all(db)
        .await?
        .into_iter()
        .map(|unit| (unit.id, unit.name))
        .collect();
    let courses: HashMap<_, _> = store::courses(db)
        .await?
        .into_iter()
        .map(|course| (course.id, course.title))
        .collect();
    let group = policy::allows(&desk.actor, Action::ReadTraining, &Owner::ALLIANCE);
    let units: Vec<_> = desk.actor.units().collect();
    let (mut own, mut others, mut settled) = (Vec::new(), Vec::new(), Vec::new());
    for need in &rows {
        let joined: Vec<_> = voices
            .iter()
            .filter(|voice| voice.need_id == need.id)
            .collect();
        let mut row = row(need, &joined, &units);
        if group {
            row.who = who(need, &joined, &names);
        }
        if let Some(title) = need.course_id.and_then(|id| courses.get(&id)) {
            row.course.clone_from(title);
        }
        let mine = row.own || row.joined.is_some();
        if !row.open && !mine {
            settled.push(row);
        } else if mine {
            own.push(row);
        } else {
            others.push(row);
        }
    }
    Ok(page_with_status(
        status,
        &NeedsPage {
            writes: !units.is_empty(),
            form,
            own,
            others,
            settled,
            group,
            joining,
            shell: desk.shell,
        },
    ))
}

fn row(need: &training_need::Model, joined: &[&need_voice::Model], units: &[UnitId]) -> Row {
    let mut labels = short_labels(&texts(&need.domains));
    labels.extend(texts(&need.keywords));
    Row {
        id: need.id,
        topic: need.topic.clone(),
        details: need.details.clone(),
        domains: labels.join("；"),
        audience: need.audience.clone(),
        people: need.headcount + joined.iter().map(|voice| voice.headcount).sum::<i32>(),
        units: 1 + joined.len(),
        who: String::new(),
        wished: need.wished_by.map(wished).unwrap_or_default(),
        tag: tag(need.state),
        course: String::new(),
        own: units.contains(&need.unit_id),
        joined: joined
            .iter()
            .find(|voice| units.contains(&voice.unit_id))
            .map(|voice| voice.headcount),
        open: need.state == NeedState::Open,
    }
}

/// Stating and joining units with their numbers, for the group.
fn who(
    need: &training_need::Model,
    joined: &[&need_voice::Model],
    names: &HashMap<UnitId, String>,
) -> String {
    let name = |unit: &UnitId| names.get(unit).cloned().unwrap_or_default();
    let first = format!("{} {} 人", name(&need.unit_id), need.headcount);
    let rest = joined
        .iter()
        .map(|voice| format!("{} {} 人", name(&voice.unit_id), voice.headcount));
    std::iter::once(first)
        .chain(rest)
        .collect::<Vec<_>>()
        .join("；")
}

/// 10月底前
pub(super) fn wished(day: chrono::NaiveDate) -> String {
    use chrono::Datelike;
    format!("{}年{}月底前", day.year(), day.month())
}

fn tag(state: NeedState) -> Tag {
    let class = match state {
        NeedState::Open => "wait",
        NeedState::Planned => "info",
        NeedState::Met => "ok",
        NeedState::Withdrawn => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// `GET /needs/new`
///
/// # Errors
/// Not found for people who are no contact.
pub async fn new_need(State(_): State<Context>, desk: Desk) -> Result<Response> {
    desk.actor.unit()?;
    Ok(form(desk, Form::default(), None, StatusCode::OK))
}

/// `POST /needs`
///
/// # Errors
/// Not found for people who are no contact.
pub async fn post_new_need(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let unit = desk.actor.unit()?;
    desk.actor.require(Action::StateNeed, &Owner::unit(unit))?;
    let done = async {
        let stated = Need::read(&fields, ctx.today())?;
        let tx = ctx.store.begin().await?;
        need::state(&tx, unit, desk.actor.person, &stated).await?;
        tx.commit().await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to("/needs?done=sent").into_response()),
        Err(error) => {
            let refused = Form::refused(fields, error.into_form_errors()?);
            Ok(form(desk, refused, None, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// A need of the actor's own unit.
async fn own(ctx: &Context, actor: &Actor, id: NeedId) -> Result<training_need::Model> {
    let row = store::need(ctx.store.read(), id).await?;
    actor.require(Action::StateNeed, &Owner::unit(row.unit_id))?;
    Ok(row)
}

/// `GET /needs/{id}/edit`
///
/// # Errors
/// Not found for what is foreign.
pub async fn edit_need(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<NeedId>,
) -> Result<Response> {
    let row = own(&ctx, &desk.actor, id).await?;
    Ok(form(
        desk,
        Form::new(Need::of(&row).fields()),
        Some(id),
        StatusCode::OK,
    ))
}

/// `POST /needs/{id}/edit`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_need(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<NeedId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    own(&ctx, &desk.actor, id).await?;
    let done = async {
        let said = Need::read(&fields, ctx.today())?;
        need::change(&ctx, id, desk.actor.person, &said).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to("/needs?done=saved").into_response()),
        Err(error) => {
            let refused = Form::refused(fields, error.into_form_errors()?);
            Ok(form(
                desk,
                refused,
                Some(id),
                StatusCode::UNPROCESSABLE_ENTITY,
            ))
        }
    }
}

/// `POST /needs/{id}/withdraw`
///
/// # Errors
/// Not found for what is foreign.
pub async fn post_withdraw_need(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<NeedId>,
) -> Result<Response> {
    own(&ctx, &desk.actor, id).await?;
    let done = need::withdraw(&ctx, id, desk.actor.person).await;
    lead_on(&ctx, desk, done, Fields::default(), id, "withdrawn").await
}

/// `POST /needs/{id}/join`
///
/// # Errors
/// Not found for people who are no contact.
pub async fn post_join(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<NeedId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let unit = joining_unit(&ctx, &desk, id).await?;
    let done = async {
        let mut errors = FieldErrors::default();
        let people = need::headcount(&fields, &mut errors);
        let note = fields.optional("note", 200, &mut errors);
        errors.into_result(())?;
        let tx = ctx.store.begin().await?;
        need::join(&tx, id, unit, desk.actor.person, people, &note).await?;
        tx.commit().await
    };
    let done = done.await;
    lead_on(&ctx, desk, done, fields, id, "saved").await
}

/// `POST /needs/{id}/leave`
///
/// # Errors
/// Not found for people who are no contact.
pub async fn post_leave(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<NeedId>,
) -> Result<Response> {
    let unit = joining_unit(&ctx, &desk, id).await?;
    let done = need::leave(&ctx, id, unit, desk.actor.person).await;
    lead_on(&ctx, desk, done, Fields::default(), id, "withdrawn").await
}

/// The unit that the visitor joins for; the need has to be there.
async fn joining_unit(ctx: &Context, desk: &Desk, id: NeedId) -> Result<UnitId> {
    let unit = desk.actor.unit()?;
    desk.actor.require(Action::StateNeed, &Owner::unit(unit))?;
    store::need(ctx.store.read(), id).await?;
    Ok(unit)
}

async fn lead_on(
    ctx: &Context,
    desk: Desk,
    done: Result<()>,
    fields: Fields,
    id: NeedId,
    word: &str,
) -> Result<Response> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/needs?done={word}")).into_response());
    };
    let refused = Form::refused(fields, error.into_form_errors()?);
    render(
        ctx,
        desk,
        refused,
        id.to_string(),
        StatusCode::UNPROCESSABLE_ENTITY,
    )
    .await
}

fn form(desk: Desk, form: Form, id: Option<NeedId>, status: StatusCode) -> Response {
    page_with_status(
        status,
        &NeedPage {
            action: id.map_or_else(|| "/needs".to_owned(), |id| format!("/needs/{id}/edit")),
            heading: if id.is_some() {
                "修改培训需求"
            } else {
                "提出培训需求"
            },
            form,
            id,
            shell: desk.shell,
        },
    )
}

/// 9月14日
pub(super) fn stated_on(ctx: &Context, row: &training_need::Model) -> String {
    dates::day(dates::local_date(row.created_at, ctx.zone()))
}
