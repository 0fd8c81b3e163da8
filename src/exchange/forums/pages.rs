//! `/forums…`: forums, for the exchange group and the units; `/forum/{id}`: the programme, for
//! everybody.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    forum::{self, ForumKind, ForumState},
    forum_item,
    ids::{ForumId, ForumItemId},
};
use sea_orm::{ActiveEnum, Iterable};

use super::{
    end,
    keep::{self, Filing},
    matter,
    programme::span,
    publish, store,
};
use crate::{
    accounts::{Action, Actor, Desk, Owner, Visitor, policy},
    exchange::history,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        texts::Label,
        ui::{
            Fields, Form, Shell, Submission, Tag, dates,
            form::{Choice, choices},
            page, page_with_status,
        },
    },
    registration,
};

struct Row {
    href: String,
    number: String,
    title: String,
    kind: &'static str,
    when: String,
    place: String,
    tag: Tag,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "exchange/templates/forums.html")]
struct ListPage {
    shell: Shell,
    manages: bool,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "exchange/templates/forum_form.html")]
struct FormPage {
    shell: Shell,
    form: Form,
    action: String,
    heading: &'static str,
    kinds: Vec<Choice>,
    published: bool,
}

/// A part of the programme as it is shown.
struct Item {
    when: String,
    title: String,
    speaker: String,
    missing: bool,
}

#[derive(Template)]
#[template(path = "exchange/templates/forum.html")]
struct ForumPage {
    shell: Shell,
    form: Form,
    row: forum::Model,
    tag: Tag,
    kind: &'static str,
    day: String,
    closes: String,
    summary: Vec<String>,
    items: Vec<Item>,
    manages: bool,
    history: Vec<history::Line>,
}

impl ForumPage {
    fn wrong(&self, name: &str) -> bool {
        self.form.errors.of(name).is_some()
    }

    fn is_draft(&self) -> bool {
        self.row.state == ForumState::Draft
    }

    fn is_open(&self) -> bool {
        self.row.state == ForumState::Published
    }
}

#[derive(Template)]
#[template(path = "exchange/templates/forum_public.html")]
struct PublicPage {
    shell: Shell,
    row: forum::Model,
    kind: &'static str,
    day: String,
    closes: String,
    cancelled: bool,
    summary: Vec<String>,
    items: Vec<Item>,
    enrol: Option<String>,
}

fn manages(actor: &Actor) -> bool {
    policy::allows(actor, Action::ManageExchange, &Owner::ALLIANCE)
}

fn tag(state: ForumState) -> Tag {
    let class = match state {
        ForumState::Draft | ForumState::Cancelled => "",
        ForumState::Published => "info",
        ForumState::Ended => "ok",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// `GET /forums`: drafts for the exchange group, everything that was published for all.
///
/// # Errors
/// When the service itself fails.
pub async fn list(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    let manages = manages(&desk.actor);
    let rows = store::all(ctx.store.read())
        .await?
        .into_iter()
        .filter(|row| manages || row.published_at.is_some())
        .map(|row| Row {
            href: format!("/forums/{}", row.id),
            kind: row.kind.zh(),
            when: dates::day_and_weekday(row.on_date),
            tag: tag(row.state),
            class: match row.state {
                ForumState::Ended | ForumState::Cancelled => "off",
                ForumState::Draft | ForumState::Published => "",
            },
            number: row.number,
            title: row.title,
            place: row.place,
        })
        .collect();
    Ok(page(&ListPage {
        manages,
        rows,
        shell: desk.shell,
    }))
}

/// `GET /forums/new`
///
/// # Errors
/// When the service itself fails.
pub async fn new(desk: Desk) -> Result<Response> {
    Ok(form_page(desk, None, Form::default(), StatusCode::OK))
}

/// `POST /forums`
///
/// # Errors
/// When the service itself fails.
pub async fn post_new(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageExchange, &Owner::ALLIANCE)?;
    let mut errors = FieldErrors::default();
    let filing = Filing::read(&fields, ctx.today(), &mut errors);
    let done = match errors.into_result(()) {
        Ok(()) => keep::file(&ctx, desk.actor.person, &filing).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(id) => Ok(Redirect::to(&format!("/forums/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            Ok(form_page(
                desk,
                None,
                form,
                StatusCode::UNPROCESSABLE_ENTITY,
            ))
        }
    }
}

/// `GET /forums/{id}/edit`
///
/// # Errors
/// Not found for what is not there.
pub async fn edit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ForumId>,
) -> Result<Response> {
    let row = store::get(ctx.store.read(), id).await?;
    let items = store::items(ctx.store.read(), id).await?;
    let fields = Filing::of(&row, &items)
        .fields()
        .with("version", row.version);
    Ok(form_page(
        desk,
        Some(&row),
        Form::new(fields),
        StatusCode::OK,
    ))
}

/// `POST /forums/{id}/edit`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_edit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ForumId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = store::get(ctx.store.read(), id).await?;
    let mut errors = FieldErrors::default();
    let filing = Filing::read(&fields, ctx.today(), &mut errors);
    let version = fields.text("version").parse().unwrap_or(0);
    let done = match errors.into_result(()) {
        Ok(()) => keep::change(&ctx, id, desk.actor.person, &filing, version).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/forums/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(form_page(desk, Some(&row), form, status))
        }
    }
}

fn form_page(desk: Desk, row: Option<&forum::Model>, form: Form, status: StatusCode) -> Response {
    page_with_status(
        status,
        &FormPage {
            action: row.map_or("/forums".to_owned(), |row| {
                format!("/forums/{}/edit", row.id)
            }),
            heading: if row.is_some() {
                "修改论坛"
            } else {
                "筹办论坛"
            },
            kinds: choices(ForumKind::iter().map(|kind| (kind.to_value(), kind.zh()))),
            published: row.is_some_and(|row| row.state == ForumState::Published),
            form,
            shell: desk.shell,
        },
    )
}

/// `GET /forums/{id}`
///
/// # Errors
/// Not found for drafts, but for the exchange group.
pub async fn show(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ForumId>,
) -> Result<Response> {
    let row = readable(&ctx, &desk, id).await?;
    render(&ctx, desk, row, Form::default(), StatusCode::OK).await
}

async fn readable(ctx: &Context, desk: &Desk, id: ForumId) -> Result<forum::Model> {
    let row = store::get(ctx.store.read(), id).await?;
    if row.published_at.is_some() || manages(&desk.actor) {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

/// `GET /forums/talks/{id}`: from a talk to its forum.
///
/// # Errors
/// Not found for what is not there.
pub async fn talk(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ForumItemId>,
) -> Result<Response> {
    let item = store::item(ctx.store.read(), id).await?;
    readable(&ctx, &desk, item.forum_id).await?;
    Ok(Redirect::to(&format!("/forums/{}", item.forum_id)).into_response())
}

/// `POST /forums/{id}/publish`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_publish(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ForumId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let done = publish::publish(&ctx, id, desk.actor.person).await;
    lead_on(&ctx, desk, id, fields, done).await
}

/// `POST /forums/{id}/cancel`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_cancel(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ForumId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let reason = fields.required("cancel_reason", 300, &mut errors);
    let done = match errors.into_result(reason) {
        Ok(reason) => end::cancel(&ctx, id, desk.actor.person, &reason).await,
        Err(error) => Err(error),
    };
    lead_on(&ctx, desk, id, fields, done).await
}

async fn lead_on(
    ctx: &Context,
    desk: Desk,
    id: ForumId,
    fields: Fields,
    done: Result<()>,
) -> Result<Response> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/forums/{id}?done=saved")).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    let row = readable(ctx, &desk, id).await?;
    render(ctx, desk, row, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    row: forum::Model,
    form: Form,
    status: StatusCode,
) -> Result<Response> {
    let shown = ForumPage {
        tag: tag(row.state),
        kind: row.kind.zh(),
        day: dates::day_and_weekday(row.on_date),
        closes: dates::day_and_weekday(row.closes_on),
        summary: lines(&row.summary),
        items: items(&store::items(ctx.store.read(), row.id).await?),
        manages: manages(&desk.actor),
        history: history::of(ctx, matter(row.id)).await?,
        form,
        row,
        shell: desk.shell,
    };
    Ok(page_with_status(status, &shown))
}

fn items(rows: &[forum_item::Model]) -> Vec<Item> {
    rows.iter()
        .map(|row| Item {
            when: span(row.from_time, row.to_time),
            title: row.title.clone(),
            missing: row.wants_speaker && row.speaker.is_empty(),
            speaker: row.speaker.clone(),
        })
        .collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `GET /forum/{id}`: the programme of a published forum, for everybody.
///
/// # Errors
/// Not found for drafts.
pub async fn public(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path(id): Path<ForumId>,
) -> Result<Response> {
    let db = ctx.store.read();
    let row = store::get(db, id).await?;
    if row.published_at.is_none() {
        return Err(Error::NotFound);
    }
    let enrol = match row
        .registration_id
        .filter(|_| row.state == ForumState::Published)
    {
        Some(seats) => {
            let known = registration::get(db, seats).await?;
            let open = registration::phase(&known, ctx.now()) == registration::Phase::Open;
            open.then(|| registration::pages::enrol_href(&visitor, seats))
                .flatten()
        }
        None => None,
    };
    Ok(page(&PublicPage {
        kind: row.kind.zh(),
        day: dates::day_and_weekday(row.on_date),
        closes: dates::day_and_weekday(row.closes_on),
        cancelled: row.state == ForumState::Cancelled,
        summary: lines(&row.summary),
        items: items(&store::items(db, id).await?),
        enrol,
        row,
        shell: visitor.shell,
    }))
}
