//! `/bases`: training bases with their rooms, and when these are taken.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{BaseId, RoomId},
    room, training_base,
};

use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::Result,
        texts::Label,
        ui::{Fields, Form, Shell, Submission, Tag, dates, page, page_with_status},
    },
    training::{
        bases::{self, NewBase, NewRoom},
        seats, store,
    },
    units,
};

struct Line {
    href: String,
    name: String,
    address: String,
    host: String,
    rooms: usize,
    most: i32,
    validity: String,
    tag: Tag,
}

#[derive(Template)]
#[template(path = "training/templates/bases.html")]
struct BasesPage {
    shell: Shell,
    rows: Vec<Line>,
    manages: bool,
}

fn manages(desk: &Desk) -> bool {
    policy::allows(&desk.actor, Action::ManageTraining, &Owner::ALLIANCE)
}

fn tag(ctx: &Context, base: &training_base::Model) -> Tag {
    let over = base.valid_until.is_some_and(|until| until < ctx.today());
    let (class, word) = match (base.closed_at.is_some(), over) {
        (true, _) => ("", "已停用"),
        (_, true) => ("bad", "已到期"),
        _ => ("ok", "使用中"),
    };
    Tag { class, word }
}

fn validity(base: &training_base::Model) -> String {
    match (base.plaque_on, base.valid_until) {
        (Some(from), Some(until)) => {
            format!(
                "{}授牌，到{}",
                dates::full_day(from),
                dates::full_day(until)
            )
        }
        (Some(from), None) => format!("{}授牌", dates::full_day(from)),
        (None, Some(until)) => format!("到{}", dates::full_day(until)),
        (None, None) => "未授牌".to_owned(),
    }
}

/// `GET /bases`
///
/// # Errors
/// When the service itself fails.
pub async fn list_bases(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    let db = ctx.store.read();
    let rooms = store::rooms(db).await?;
    let mut rows = Vec::new();
    for base in store::bases(db).await? {
        let own = || {
            rooms
                .iter()
                .filter(|room| room.base_id == base.id && room.closed_at.is_none())
        };
        rows.push(Line {
            href: format!("/bases/{}", base.id),
            host: units::get(db, base.host_unit_id).await?.name,
            rooms: own().count(),
            most: own().map(|room| room.seats).max().unwrap_or(0),
            validity: validity(&base),
            tag: tag(&ctx, &base),
            name: base.name,
            address: base.address,
        });
    }
    Ok(page(&BasesPage {
        rows,
        manages: manages(&desk),
        shell: desk.shell,
    }))
}

struct RoomView {
    row: room::Model,
    hours: String,
    form: Form,
    open: bool,
}

struct Taken {
    when: String,
    room: String,
    run: String,
    href: String,
    tag: Tag,
}

#[derive(Template)]
#[template(path = "training/templates/base.html")]
struct BasePage {
    shell: Shell,
    form: Form,
    row: training_base::Model,
    host: String,
    tag: Tag,
    validity: String,
    zone: String,
    rooms: Vec<RoomView>,
    taken: Vec<Taken>,
    manages: bool,
    adding: bool,
}

/// `GET /bases/{id}`
///
/// # Errors
/// Not found for what is not there.
pub async fn show_base(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<BaseId>,
) -> Result<Response> {
    render(&ctx, desk, id, Form::default(), None, StatusCode::OK).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    id: BaseId,
    form: Form,
    changing: Option<RoomId>,
    status: StatusCode,
) -> Result<Response> {
    let db = ctx.store.read();
    let row = store::base(db, id).await?;
    let zone = bases::zone(&row)?;
    let mut rooms: Vec<_> = store::rooms(db).await?;
    rooms.retain(|room| room.base_id == id);
    let ids: Vec<_> = rooms.iter().map(|room| room.id).collect();
    let mut taken = Vec::new();
    for booking in store::held(db, &ids, ctx.now()).await? {
        let run = store::run(db, booking.run_id).await?;
        let room = rooms.iter().find(|room| room.id == booking.room_id);
        let to = booking.to_at.with_timezone(&zone).format("%H:%M");
        taken.push(Taken {
            when: format!("{}–{to}", dates::deadline(booking.from_at, zone)),
            room: room.map(|room| room.name.clone()).unwrap_or_default(),
            run: seats::full_title(&run.title, run.ordinal),
            href: format!("/trainings/{}", run.id),
            tag: Tag {
                class: match booking.state {
                    entity::room_booking::BookingState::Confirmed => "ok",
                    _ => "wait",
                },
                word: booking.state.zh(),
            },
        });
    }
    let adding = changing.is_none() && !form.errors.is_empty();
    let rooms = rooms
        .into_iter()
        .map(|room| {
            let open = changing == Some(room.id);
            RoomView {
                hours: format!(
                    "{}–{}",
                    room.opens.format("%H:%M"),
                    room.closes.format("%H:%M")
                ),
                form: if open {
                    form.clone()
                } else {
                    Form::new(room_fields(&room))
                },
                open,
                row: room,
            }
        })
        .collect();
    Ok(page_with_status(
        status,
        &BasePage {
            host: units::get(db, row.host_unit_id).await?.name,
            tag: tag(ctx, &row),
            validity: validity(&row),
            zone: if zone == ctx.zone() {
                String::new()
            } else {
                zone.name().to_owned()
            },
            rooms,
            taken,
            manages: manages(&desk),
            adding,
            form: if changing.is_some() {
                Form::default()
            } else {
                form
            },
            row,
            shell: desk.shell,
        },
    ))
}

fn room_fields(row: &room::Model) -> Fields {
    let fields = Fields::default()
        .with("room_name", &row.name)
        .with("seats", row.seats)
        .with("opens", row.opens.format("%H:%M"))
        .with("closes", row.closes.format("%H:%M"))
        .with("equipment", &row.equipment);
    if row.closed_at.is_some() {
        fields.with("given_up", "1")
    } else {
        fields
    }
}

#[derive(Template)]
#[template(path = "training/templates/base_form.html")]
struct BaseFormPage {
    shell: Shell,
    form: Form,
    id: Option<BaseId>,
    action: String,
}

fn base_form(desk: Desk, form: Form, id: Option<BaseId>, status: StatusCode) -> Response {
    page_with_status(
        status,
        &BaseFormPage {
            action: id.map_or_else(|| "/bases".to_owned(), |id| format!("/bases/{id}/edit")),
            form,
            id,
            shell: desk.shell,
        },
    )
}

/// `GET /bases/new`
///
/// # Errors
/// Not found for who may not.
pub async fn new_base(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    let form = Form::new(Fields::default().with("zone", ctx.zone().name()));
    Ok(base_form(desk, form, None, StatusCode::OK))
}

/// `POST /bases`
///
/// # Errors
/// Not found for who may not.
pub async fn post_new_base(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let done = async {
        let tx = ctx.store.begin().await?;
        let new = NewBase::read(&tx, &fields, ctx.zone()).await?;
        let id = bases::add_base(&tx, desk.actor.person, &new).await?;
        tx.commit().await?;
        Ok(id)
    };
    let done: Result<BaseId> = done.await;
    match done {
        Ok(id) => Ok(Redirect::to(&format!("/bases/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            Ok(base_form(
                desk,
                form,
                None,
                StatusCode::UNPROCESSABLE_ENTITY,
            ))
        }
    }
}

/// `GET /bases/{id}/edit`
///
/// # Errors
/// Not found for what is not there.
pub async fn edit_base(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<BaseId>,
) -> Result<Response> {
    let row = store::base(ctx.store.read(), id).await?;
    let host = units::get(ctx.store.read(), row.host_unit_id).await?.name;
    let form = Form::new(bases::base_fields(&row, &host));
    Ok(base_form(desk, form, Some(id), StatusCode::OK))
}

/// `POST /bases/{id}/edit`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_base(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<BaseId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    store::base(ctx.store.read(), id).await?;
    let done = async {
        let tx = ctx.store.begin().await?;
        let new = NewBase::read(&tx, &fields, ctx.zone()).await?;
        bases::change_base(&tx, id, desk.actor.person, &new).await?;
        tx.commit().await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/bases/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            Ok(base_form(
                desk,
                form,
                Some(id),
                StatusCode::UNPROCESSABLE_ENTITY,
            ))
        }
    }
}

/// `POST /bases/{id}/close`: closes a base, or opens it again.
///
/// # Errors
/// Not found for what is not there.
pub async fn post_close_base(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<BaseId>,
) -> Result<Response> {
    let row = store::base(ctx.store.read(), id).await?;
    let tx = ctx.store.begin().await?;
    bases::close_base(&tx, id, desk.actor.person, row.closed_at.is_none()).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/bases/{id}?done=saved")).into_response())
}

/// `POST /bases/{id}/rooms`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_room(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<BaseId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    store::base(ctx.store.read(), id).await?;
    let done = async {
        let new = NewRoom::read(&fields)?;
        let tx = ctx.store.begin().await?;
        bases::add_room(&tx, id, desk.actor.person, &new).await?;
        tx.commit().await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, None, fields, done).await
}

/// `POST /rooms/{id}`
///
/// # Errors
/// Not found for what is not there.
pub async fn post_room_change(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<RoomId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let base = store::room(ctx.store.read(), id).await?.base_id;
    let done = async {
        let new = NewRoom::read(&fields)?;
        let tx = ctx.store.begin().await?;
        bases::change_room(&tx, id, desk.actor.person, &new, fields.has("given_up")).await?;
        tx.commit().await
    };
    let done = done.await;
    lead_on(&ctx, desk, base, Some(id), fields, done).await
}

async fn lead_on(
    ctx: &Context,
    desk: Desk,
    id: BaseId,
    room: Option<RoomId>,
    fields: Fields,
    done: Result<()>,
) -> Result<Response> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/bases/{id}?done=saved")).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    render(ctx, desk, id, form, room, StatusCode::UNPROCESSABLE_ENTITY).await
}
