//! `/meetings/new` and `/meetings/{id}/edit`.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::NaiveTime;
use entity::{ids::MeetingId, meeting::MeetingKind};
use sea_orm::{ActiveEnum, Iterable};

use super::super::{
    plan::{self, NewMeeting},
    rules::{self, Step},
    store,
};
use crate::{
    accounts::{Action, Desk, Owner},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        texts::Label,
        ui::{
            Fields, Form, Shell, Submission,
            form::{Choice, choices},
            page_with_status,
        },
    },
};

#[derive(Template)]
#[template(path = "committees/templates/meeting_form.html")]
struct FormPage {
    shell: Shell,
    form: Form,
    title: &'static str,
    back: String,
    /// None where the kind is settled.
    kinds: Option<Vec<Choice>>,
}

/// `GET /meetings/new`
///
/// # Errors
/// Not found for people who may not keep meetings.
pub async fn show_new(desk: Desk) -> Result<Response> {
    let fields = Fields::default()
        .with("from_time", "09:00")
        .with("to_time", "12:00");
    render(desk, None, Form::new(fields), StatusCode::OK)
}

/// `POST /meetings/new`
///
/// # Errors
/// As [`show_new`].
pub async fn post_new(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let done = async {
        let new = read(&fields, None)?;
        plan::plan(&ctx, &desk.actor, &new).await
    };
    match done.await {
        Ok(id) => Ok(Redirect::to(&format!("/meetings/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(desk, None, form, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// `GET /meetings/{id}/edit`
///
/// # Errors
/// As [`show_new`], and for a meeting that was held.
pub async fn show_edit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<MeetingId>,
) -> Result<Response> {
    let row = store::get(ctx.store.read(), id).await?;
    rules::next(row.state, Step::Change).map_err(|_| Error::NotFound)?;
    let fields = Fields::default()
        .with("title", &row.title)
        .with("date", row.date)
        .with("from_time", row.from_time.format("%H:%M"))
        .with("to_time", row.to_time.format("%H:%M"))
        .with("place", &row.place)
        .with("agenda", &row.agenda)
        .with("reply_by", row.reply_by);
    render(desk, Some(id), Form::new(fields), StatusCode::OK)
}

/// `POST /meetings/{id}/edit`
///
/// # Errors
/// As [`show_new`].
pub async fn post_edit(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<MeetingId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = store::get(ctx.store.read(), id).await?;
    let done = async {
        let new = read(&fields, Some(row.kind))?;
        plan::change(&ctx, &desk.actor, id, &new).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/meetings/{id}?done=saved")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(desk, Some(id), form, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

fn read(fields: &Fields, settled: Option<MeetingKind>) -> Result<NewMeeting> {
    let mut errors = FieldErrors::default();
    let kind = match settled {
        Some(kind) => Some(kind),
        None => fields.choice("kind", &mut errors, |text| {
            MeetingKind::try_from_value(&text.to_owned()).ok()
        }),
    };
    let mut day = |name: &str| {
        let day = fields.date(name, &mut errors);
        if day.is_none() && errors.of(name).is_none() {
            errors.add(name, Refusal::new("form.required"));
        }
        day.unwrap_or_default()
    };
    let (date, reply_by) = (day("date"), day("reply_by"));
    let mut time = |name: &str| {
        let time = NaiveTime::parse_from_str(fields.text(name), "%H:%M").ok();
        if time.is_none() {
            errors.add(name, Refusal::new("meetings.no_time"));
        }
        time.unwrap_or_default()
    };
    let (from, to) = (time("from_time"), time("to_time"));
    let new = NewMeeting {
        kind: kind.unwrap_or(MeetingKind::Council),
        title: fields.required("title", 80, &mut errors),
        date,
        from,
        to,
        place: fields.required("place", 120, &mut errors),
        agenda: fields.required("agenda", 2_000, &mut errors),
        reply_by,
    };
    errors.into_result(new)
}

fn render(desk: Desk, id: Option<MeetingId>, form: Form, status: StatusCode) -> Result<Response> {
    desk.actor
        .require(Action::ManageMeetings, &Owner::ALLIANCE)?;
    Ok(page_with_status(
        status,
        &FormPage {
            title: match id {
                Some(_) => "更改会议",
                None => "安排会议",
            },
            back: id.map_or_else(|| "/meetings".to_owned(), |id| format!("/meetings/{id}")),
            kinds: id
                .is_none()
                .then(|| choices(MeetingKind::iter().map(|kind| (kind.to_value(), kind.zh())))),
            form,
            shell: desk.shell,
        },
    ))
}
