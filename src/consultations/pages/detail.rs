//! `/consultations/{id}`: one request, what is done with it, and the one next step.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    consultation::{self, ConsultationState},
    expert::ExpertKind,
    file,
    ids::{ConsultationId, FileId},
};

use crate::{
    accounts::{Action, Desk, Owner, policy},
    consultations::{
        change, draft::attachments, events, filing::Filing, list::seats_bar, rules, store,
    },
    foundation::{
        classification::DomainCode,
        context::Context,
        error::Result,
        files,
        texts::Label,
        ui::{Fields, Form, Html, Shell, Submission, Tag, dates, page},
    },
    panels::{self, Member},
    people, units,
};

/// A line of the history.
pub(super) struct Line {
    when: String,
    who: String,
    sample: bool,
    what: &'static str,
    note: String,
}

#[derive(Template)]
#[template(path = "consultations/templates/detail.html")]
struct DetailPage {
    shell: Shell,
    row: consultation::Model,
    filing: Filing,
    unit: String,
    tag: Tag,
    purpose: &'static str,
    form: &'static str,
    meeting: String,
    domains: Vec<String>,
    seats: Option<Html>,
    members: Vec<Member>,
    files: Vec<file::Model>,
    history: Vec<Line>,
    can_change: bool,
    can_withdraw: bool,
    can_handle: bool,
    take_in_by: String,
    handle: Form,
    consequence: String,
}

impl DetailPage {
    fn number(&self) -> &str {
        self.row.number.as_deref().unwrap_or("草稿")
    }
}

/// `GET /consultations/{id}`
///
/// # Errors
/// Not found for what is foreign.
pub async fn show(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
) -> Result<Response> {
    let db = ctx.store.read();
    let row = store::get(db, id).await?;
    let owner = Owner::unit(row.unit_id);
    desk.actor.require(Action::ReadConsultation, &owner)?;
    let is_desk = policy::allows(&desk.actor, Action::ReadConsultation, &Owner::ALLIANCE);
    if is_desk && row.state == ConsultationState::Draft {
        // What a unit has not handed in is its own.
        desk.actor.require(Action::FileConsultation, &owner)?;
    }
    let filing = Filing::of(&row);
    let (seats, members) = match row.panel_id {
        Some(panel) => (
            panels::seats(db, &[panel]).await?.get(&panel).copied(),
            panels::members(db, panel).await?,
        ),
        None => (None, Vec::new()),
    };
    let history = history(&ctx, id).await?;
    let asked = seats.map_or(0, |seats| seats.accepted + seats.waiting);
    let meeting = match (filing.meeting_date, filing.meeting_half) {
        (Some(day), Some(half)) => format!("{}{}", dates::day_and_weekday(day), half.zh()),
        _ => String::new(),
    };
    let writes = policy::allows(&desk.actor, Action::FileConsultation, &owner)
        && desk.actor.units().any(|unit| unit == row.unit_id);
    let handles = policy::allows(&desk.actor, Action::HandleConsultation, &owner);
    Ok(page(&DetailPage {
        unit: units::get(db, row.unit_id).await?.name,
        tag: rules::tag(row.state, is_desk),
        purpose: row.purpose.zh(),
        form: filing.form.zh(),
        meeting,
        domains: filing
            .domains
            .iter()
            .map(|code| {
                code.parse::<DomainCode>()
                    .map_or_else(|_| code.clone(), |code| code.label())
            })
            .collect(),
        seats: row.panel_id.map(|_| seats_bar(row.demand, seats)),
        // The requester learns who serves once the panel stands.
        members: if is_desk || !matches!(row.state, ConsultationState::Accepted) {
            members
        } else {
            Vec::new()
        },
        files: files::list(db, attachments(id)).await?,
        history,
        can_change: writes && rules::may_change(row.state).is_ok(),
        can_withdraw: writes && !rules::has_ended(row.state),
        can_handle: handles && row.state == ConsultationState::Submitted,
        take_in_by: row
            .submitted_at
            .map(|at| rules::take_in_by(dates::local_date(at, ctx.zone()), &ctx.calendar()))
            .map(dates::day_and_weekday)
            .unwrap_or_default(),
        handle: Form::new(Fields::default().with("domains", filing.fields().text("domains"))),
        consequence: if asked > 0 {
            format!("已联系的 {asked} 位专家会收到致谢和取消通知。")
        } else {
            String::new()
        },
        filing,
        row,
        shell: desk.shell,
    }))
}

async fn history(ctx: &Context, id: ConsultationId) -> Result<Vec<Line>> {
    let db = ctx.store.read();
    let rows = store::events(db, id).await?;
    let ids: Vec<_> = rows.iter().filter_map(|row| row.by_person).collect();
    let people = people::by_ids(db, &ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let person = row.by_person.and_then(|id| people.get(&id));
            Line {
                when: dates::moment(row.at, ctx.zone()),
                who: person.map(|person| person.name.clone()).unwrap_or_default(),
                sample: person.is_some_and(|person| person.sample),
                what: events::words(&row.code),
                note: row.note,
            }
        })
        .collect())
}

/// `GET /consultations/{id}/files/{file}`
///
/// # Errors
/// Not found for what is foreign.
pub async fn download(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, file)): Path<(ConsultationId, FileId)>,
) -> Result<Response> {
    let db = ctx.store.read();
    let row = store::get(db, id).await?;
    desk.actor
        .require(Action::ReadConsultation, &Owner::unit(row.unit_id))?;
    let (file, bytes) = files::read(db, attachments(id), file).await?;
    Ok(as_download(&file, bytes))
}

/// A file to be saved, whatever its content: never shown in the page's own place.
pub(super) fn as_download(file: &file::Model, bytes: Vec<u8>) -> Response {
    let name: String = form_urlencoded::byte_serialize(file.name.as_bytes()).collect();
    let disposition = format!("attachment; filename*=UTF-8''{}", name.replace('+', "%20"));
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&file.media_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// `POST /consultations/{id}/withdraw`
///
/// # Errors
/// Not found for what is foreign; a refusal when a reason is needed.
pub async fn post_withdraw(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ConsultationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = store::get(ctx.store.read(), id).await?;
    desk.actor
        .require(Action::FileConsultation, &Owner::unit(row.unit_id))?;
    change::withdraw(&ctx, id, desk.actor.person, fields.text("reason")).await?;
    Ok(Redirect::to(&format!("/consultations/{id}?done=withdrawn")).into_response())
}
