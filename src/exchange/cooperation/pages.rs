//! `/cooperations…`: joint projects.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    cooperation::{self, CooperationState},
    cooperation_unit::PartState,
    ids::{CooperationId, DeliverableId, UnitId},
    unit,
};

use super::{
    answer, deliver, end,
    file::{self, Filing, deliverable_of},
    matter, rules, store,
};
use crate::{
    accounts::{Action, Actor, Desk, Owner, policy},
    exchange::{
        history,
        named::{self, Named},
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        texts::Label,
        ui::{Fields, Form, Shell, Submission, Tag, dates, page, page_with_status},
    },
    people, units,
};

struct Row {
    href: String,
    number: String,
    title: String,
    lead: String,
    span: String,
    progress: String,
    tag: Tag,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "exchange/templates/cooperations.html")]
struct ListPage {
    shell: Shell,
    files: bool,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "exchange/templates/cooperation_form.html")]
struct FormPage {
    shell: Shell,
    form: Form,
}

struct Part {
    unit: String,
    task: String,
    tag: Tag,
    note: String,
    people: Vec<Worker>,
}

struct Worker {
    name: String,
    sample: bool,
    task: String,
}

struct Bring {
    id: DeliverableId,
    title: String,
    unit: String,
    due: String,
    tag: Tag,
    note: String,
    mine: bool,
}

#[derive(Template)]
#[template(path = "exchange/templates/cooperation.html")]
struct CooperationPage {
    shell: Shell,
    form: Form,
    row: cooperation::Model,
    tag: Tag,
    lead: String,
    span: String,
    goal: Vec<String>,
    outcome: Vec<String>,
    parts: Vec<Part>,
    brings: Vec<Bring>,
    history: Vec<history::Line>,
    asked: bool,
    joined: bool,
    leads: bool,
    runs: bool,
    over: bool,
}

impl CooperationPage {
    fn wrong(&self, name: &str) -> bool {
        self.form.errors.of(name).is_some()
    }
}

fn own_units(actor: &Actor) -> Vec<UnitId> {
    actor
        .units()
        .filter(|unit| policy::allows(actor, Action::FileExchange, &Owner::unit(*unit)))
        .collect()
}

fn sees_all(actor: &Actor) -> bool {
    policy::allows(actor, Action::ReadExchange, &Owner::ALLIANCE)
}

/// A project that the visitor may see: one that an own unit carries or is asked for, or any.
async fn readable(ctx: &Context, desk: &Desk, id: CooperationId) -> Result<cooperation::Model> {
    let db = ctx.store.read();
    let row = store::get(db, id).await?;
    let own = own_units(&desk.actor);
    let parts = store::parts(db, id).await?;
    if sees_all(&desk.actor) || parts.iter().any(|part| own.contains(&part.unit_id)) {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

/// `GET /cooperations`
///
/// # Errors
/// When the service itself fails.
pub async fn list(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    let db = ctx.store.read();
    let own = own_units(&desk.actor);
    let scope = (!sees_all(&desk.actor)).then_some(own.as_slice());
    let names: HashMap<_, _> = units::all(db)
        .await?
        .into_iter()
        .map(|unit| (unit.id, unit.name))
        .collect();
    let mut rows = Vec::new();
    for row in store::list(db, scope).await? {
        let brings = store::deliverables(db, row.id).await?;
        let done = brings
            .iter()
            .filter(|one| one.delivered_on.is_some())
            .count();
        let ended = rules::goes_on(row.state).is_err();
        rows.push(Row {
            href: format!("/cooperations/{}", row.id),
            lead: names.get(&row.lead_unit_id).cloned().unwrap_or_default(),
            span: span(&row),
            progress: format!("{done}/{}", brings.len()),
            tag: rules::tag(row.state),
            class: if ended { "off" } else { "" },
            number: row.number,
            title: row.title,
        });
    }
    Ok(page(&ListPage {
        files: !own.is_empty(),
        rows,
        shell: desk.shell,
    }))
}

fn span(row: &cooperation::Model) -> String {
    format!(
        "{}–{}",
        dates::full_day(row.from_date),
        dates::full_day(row.to_date)
    )
}

/// `GET /cooperations/new`
///
/// # Errors
/// Not found for people who are no contact.
pub async fn new(desk: Desk) -> Result<Response> {
    desk.actor.unit()?;
    Ok(page(&FormPage {
        form: Form::default(),
        shell: desk.shell,
    }))
}

/// `POST /cooperations`
///
/// # Errors
/// As [`new`].
pub async fn post_new(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let lead = desk.actor.unit()?;
    desk.actor
        .require(Action::FileExchange, &Owner::unit(lead))?;
    let db = ctx.store.read();
    let all = units::all(db).await?;
    let lead = units::get(db, lead).await?;
    let mut errors = FieldErrors::default();
    let filing = Filing::read(&fields, &lead, &all, &mut errors);
    let done = match errors.into_result(()) {
        Ok(()) => file::file(&ctx, lead.id, desk.actor.person, &filing).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => Ok(Redirect::to(&format!("/cooperations/{id}?done=sent")).into_response()),
        Err(error) => Ok(page_with_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            &FormPage {
                form: Form::refused(fields, error.into_form_errors()?),
                shell: desk.shell,
            },
        )),
    }
}

/// `GET /cooperations/{id}`
///
/// # Errors
/// Not found for what is foreign.
pub async fn show(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CooperationId>,
) -> Result<Response> {
    let row = readable(&ctx, &desk, id).await?;
    render(&ctx, desk, row, Form::default(), StatusCode::OK).await
}

async fn lead_on(
    ctx: &Context,
    desk: Desk,
    id: CooperationId,
    fields: Fields,
    done: Result<()>,
) -> Result<Response> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/cooperations/{id}?done=saved")).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    let row = readable(ctx, &desk, id).await?;
    render(ctx, desk, row, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The unit of the actor that carries the project in this way, or none.
async fn acting(ctx: &Context, desk: &Desk, id: CooperationId, state: PartState) -> Result<UnitId> {
    readable(ctx, desk, id).await?;
    let own = own_units(&desk.actor);
    let parts = store::parts(ctx.store.read(), id).await?;
    let mine: Vec<_> = parts
        .iter()
        .filter(|part| own.contains(&part.unit_id))
        .collect();
    mine.iter()
        .find(|part| part.state == state)
        .or(mine.first())
        .map(|part| part.unit_id)
        .ok_or(Error::NotFound)
}

/// The project, when the actor acts for its lead.
async fn leading(ctx: &Context, desk: &Desk, id: CooperationId) -> Result<cooperation::Model> {
    let row = store::get(ctx.store.read(), id).await?;
    desk.actor
        .require(Action::FileExchange, &Owner::unit(row.lead_unit_id))?;
    Ok(row)
}

/// `POST /cooperations/{id}/answer`
///
/// # Errors
/// As [`show`].
pub async fn post_answer(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CooperationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let unit = acting(&ctx, &desk, id, PartState::Asked).await?;
    let mut errors = FieldErrors::default();
    let joins = fields.choice("answer", &mut errors, |word| match word {
        "join" => Some(true),
        "decline" => Some(false),
        _ => None,
    });
    let note = fields.optional("note", 300, &mut errors);
    let by = desk.actor.person;
    let done = match errors.into_result(joins) {
        Ok(joins) => answer::answer(&ctx, id, unit, by, joins == Some(true), &note).await,
        Err(error) => Err(error),
    };
    lead_on(&ctx, desk, id, fields, done).await
}

/// `POST /cooperations/{id}/people`
///
/// # Errors
/// As [`show`].
pub async fn post_people(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CooperationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let unit = acting(&ctx, &desk, id, PartState::Joined).await?;
    let mut errors = FieldErrors::default();
    let people = named::read(&fields, "people", &mut errors);
    let by = desk.actor.person;
    let done = match errors.into_result(()) {
        Ok(()) => answer::name_people(&ctx, id, unit, by, &people).await,
        Err(error) => Err(error),
    };
    lead_on(&ctx, desk, id, fields, done).await
}

/// `POST /cooperations/{id}/deliverables`
///
/// # Errors
/// As [`show`].
pub async fn post_deliverable(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CooperationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    leading(&ctx, &desk, id).await?;
    let carrying = carrying(&ctx, id).await?;
    let mut errors = FieldErrors::default();
    let line = fields.required("deliverable", 160, &mut errors);
    let done = match errors.into_result(line) {
        Ok(line) => match deliverable_of(&line, &carrying) {
            Ok(due) => deliver::add(&ctx, id, desk.actor.person, &due).await,
            Err(refusal) => Err(Error::Invalid(FieldErrors::at("deliverable", refusal))),
        },
        Err(error) => Err(error),
    };
    lead_on(&ctx, desk, id, fields, done).await
}

/// Units that carry a project.
async fn carrying(ctx: &Context, id: CooperationId) -> Result<Vec<unit::Model>> {
    let db = ctx.store.read();
    let parts = store::parts(db, id).await?;
    let mut all = units::all(db).await?;
    all.retain(|unit| {
        parts
            .iter()
            .any(|part| part.unit_id == unit.id && part.state != PartState::Declined)
    });
    Ok(all)
}

/// `POST /cooperations/{id}/deliverables/{deliverable}`: it was brought.
///
/// # Errors
/// As [`show`].
pub async fn post_deliver(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, deliverable)): Path<(CooperationId, DeliverableId)>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    readable(&ctx, &desk, id).await?;
    let own = own_units(&desk.actor);
    let mut errors = FieldErrors::default();
    let note = fields.optional("brought", 300, &mut errors);
    let (by, today) = (desk.actor.person, ctx.today());
    let done = match errors.into_result(note) {
        Ok(note) => deliver::deliver(&ctx, id, deliverable, &own, by, &note, today).await,
        Err(error) => Err(error),
    };
    lead_on(&ctx, desk, id, fields, done).await
}

/// `POST /cooperations/{id}/end`
///
/// # Errors
/// As [`show`].
pub async fn post_end(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<CooperationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    leading(&ctx, &desk, id).await?;
    let mut errors = FieldErrors::default();
    let outcome = fields.required("outcome", 2_000, &mut errors);
    let anyway = fields.has("anyway");
    let done = match errors.into_result(outcome) {
        Ok(outcome) => end::end(&ctx, id, desk.actor.person, &outcome, anyway).await,
        Err(error) => Err(error),
    };
    lead_on(&ctx, desk, id, fields, done).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    row: cooperation::Model,
    mut form: Form,
    status: StatusCode,
) -> Result<Response> {
    let db = ctx.store.read();
    let own = own_units(&desk.actor);
    let names: HashMap<_, _> = units::all(db)
        .await?
        .into_iter()
        .map(|unit| (unit.id, unit.name))
        .collect();
    let parts = store::parts(db, row.id).await?;
    let workers = store::people(db, row.id).await?;
    let ids: Vec<_> = workers.iter().map(|one| one.person_id).collect();
    let known = people::by_ids(db, &ids).await?;
    let goes_on = rules::goes_on(row.state).is_ok();
    let is = |state| {
        parts
            .iter()
            .any(|part| part.state == state && own.contains(&part.unit_id))
    };
    let (asked, joined) = (
        goes_on && is(PartState::Asked),
        goes_on && is(PartState::Joined),
    );
    if joined && !form.fields.has("people") {
        let lines: Vec<_> = workers
            .iter()
            .filter(|one| own.contains(&one.unit_id))
            .filter_map(|one| Some(Named::of(known.get(&one.person_id)?, &one.task).line()))
            .collect();
        form.fields = form.fields.with("people", lines.join("\n"));
    }
    let leads = own.contains(&row.lead_unit_id);
    let today = ctx.today();
    let shown = CooperationPage {
        tag: rules::tag(row.state),
        lead: names.get(&row.lead_unit_id).cloned().unwrap_or_default(),
        span: span(&row),
        goal: lines(&row.goal),
        outcome: lines(&row.outcome),
        parts: parts
            .iter()
            .map(|part| Part {
                unit: names.get(&part.unit_id).cloned().unwrap_or_default(),
                task: part.task.clone(),
                tag: part_tag(part.state),
                note: part.note.clone(),
                people: workers
                    .iter()
                    .filter(|one| one.unit_id == part.unit_id)
                    .filter_map(|one| {
                        let person = known.get(&one.person_id)?;
                        Some(Worker {
                            name: person.name.clone(),
                            sample: person.sample,
                            task: one.task.clone(),
                        })
                    })
                    .collect(),
            })
            .collect(),
        brings: store::deliverables(db, row.id)
            .await?
            .into_iter()
            .map(|one| Bring {
                id: one.id,
                unit: names.get(&one.unit_id).cloned().unwrap_or_default(),
                due: dates::full_day(one.due_on),
                tag: match (one.delivered_on, one.due_on < today) {
                    (Some(_), _) => Tag {
                        class: "ok",
                        word: "已完成",
                    },
                    (None, true) => Tag {
                        class: "bad",
                        word: "逾期",
                    },
                    (None, false) => Tag {
                        class: "wait",
                        word: "进行中",
                    },
                },
                mine: goes_on
                    && one.delivered_on.is_none()
                    && (leads || own.contains(&one.unit_id)),
                title: one.title,
                note: one.note,
            })
            .collect(),
        history: history::of(ctx, matter(row.id)).await?,
        asked,
        joined,
        leads: leads && goes_on,
        runs: row.state == CooperationState::Running,
        over: goes_on && row.to_date < today,
        form,
        row,
        shell: desk.shell,
    };
    Ok(page_with_status(status, &shown))
}

fn part_tag(state: PartState) -> Tag {
    let class = match state {
        PartState::Asked => "wait",
        PartState::Joined => "ok",
        PartState::Declined => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}
