//! Attendance: the wall of the room, the page behind its picture, the list for staff.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    attendance::AttendanceHow,
    enrolment::EnrolmentState,
    ids::{EnrolmentId, SittingId},
    registration, sitting,
};

use crate::{
    accounts::{Desk, Visitor, VisitorAddress},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        texts::{Label, Language, sentence},
        ui::{
            Fields, Form, Html, Notice, NoticeKind, Shell, Submission, dates, page,
            page_with_status, qr,
        },
    },
    people,
    registration::{Owners, access, attend, facts, matter, store},
};

#[derive(Template)]
#[template(path = "registration/templates/wall.html")]
struct WallPage {
    shell: Shell,
    sitting: sitting::Model,
    title: String,
    time: String,
    digits: String,
    left: i64,
    /// Seconds for which a code is shown.
    step: i64,
    qr: Html,
    address: String,
    closed: String,
    present: usize,
    seated: usize,
}

/// A sitting of a registration that the actor manages.
async fn managed(
    ctx: &Context,
    owners: &Owners,
    desk: &Desk,
    id: SittingId,
) -> Result<(sitting::Model, registration::Model)> {
    let sitting = store::sitting(ctx.store.read(), id).await?;
    let registration = store::get(ctx.store.read(), sitting.registration_id).await?;
    access::require_manager(&desk.actor, owners, &registration)?;
    Ok((sitting, registration))
}

fn window(
    ctx: &Context,
    sitting: &sitting::Model,
    registration: &registration::Model,
) -> Result<String> {
    let refusal = attend::may_check_in(ctx, sitting, facts::zone(registration)?).err();
    Ok(refusal
        .map(|refusal| sentence(&refusal, Language::Chinese))
        .unwrap_or_default())
}

/// `GET /sittings/{id}/wall`: picture and code for the screen of the room.
///
/// # Errors
/// [`Error::NotFound`] for others than those who manage the registration.
pub async fn wall(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<SittingId>,
) -> Result<Response> {
    let (sitting, registration) = managed(&ctx, &owners, &desk, id).await?;
    let shown = attend::wall(&ctx, id);
    let closed = window(&ctx, &sitting, &registration)?;
    let lines = lines(&ctx, &sitting).await?;
    let address = ctx.links.absolute(&format!("/q/{id}"));
    let zone = facts::zone(&registration)?;
    Ok(page(&WallPage {
        shell: desk.shell,
        title: registration.title,
        time: matter::span(sitting.from_at, sitting.to_at, zone),
        digits: if closed.is_empty() {
            shown.digits
        } else {
            String::new()
        },
        left: shown.left,
        step: ctx.config.registration.code_seconds,
        qr: qr(&address)?,
        address,
        closed,
        present: lines.iter().filter(|line| line.present).count(),
        seated: lines.len(),
        sitting,
    }))
}

#[derive(Template)]
#[template(path = "registration/templates/check_in.html")]
struct CheckInPage {
    shell: Shell,
    form: Form,
    title: String,
    label: String,
    time: String,
    closed: String,
    done: String,
}

/// `GET /q/{sitting}`: what the picture on the wall leads to.
///
/// # Errors
/// [`Error::NotFound`] for an unknown sitting.
pub async fn check_in_page(
    State(ctx): State<Context>,
    visitor: Visitor,
    Path(id): Path<SittingId>,
) -> Result<Response> {
    check_in(&ctx, visitor, id, Form::default(), String::new()).await
}

async fn check_in(
    ctx: &Context,
    visitor: Visitor,
    id: SittingId,
    form: Form,
    done: String,
) -> Result<Response> {
    let sitting = store::sitting(ctx.store.read(), id).await?;
    let registration = store::get(ctx.store.read(), sitting.registration_id).await?;
    let status = if form.errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(page_with_status(
        status,
        &CheckInPage {
            shell: visitor.shell,
            form,
            time: matter::span(sitting.from_at, sitting.to_at, facts::zone(&registration)?),
            closed: window(ctx, &sitting, &registration)?,
            title: registration.title,
            label: sitting.label,
            done,
        },
    ))
}

/// `POST /q/{sitting}`: by name and the last four digits of the phone.
///
/// # Errors
/// As [`check_in_page`].
pub async fn post_check_in(
    State(ctx): State<Context>,
    visitor: Visitor,
    address: VisitorAddress,
    Path(id): Path<SittingId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let network = address.0.to_string();
    let (name, four, code) = (
        fields.text("name"),
        fields.text("four"),
        fields.text("code"),
    );
    match attend::check_in_by_phone(&ctx, id, name, four, code, &network).await {
        Ok(name) => check_in(&ctx, visitor, id, Form::default(), name).await,
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            check_in(&ctx, visitor, id, form, String::new()).await
        }
    }
}

/// Somebody with a seat and what is noted of them.
pub(super) struct Line {
    pub id: EnrolmentId,
    pub name: String,
    pub sample: bool,
    pub unit: String,
    pub position: String,
    pub phone: String,
    pub present: bool,
    pub noted: String,
}

/// Everybody with a seat, by unit and name.
pub(super) async fn lines(ctx: &Context, sitting: &sitting::Model) -> Result<Vec<Line>> {
    let db = ctx.store.read();
    let seated =
        store::standing_at(db, sitting.registration_id, &[EnrolmentState::Enrolled]).await?;
    let ids: Vec<_> = seated.iter().map(|row| row.person_id).collect();
    let people = people::by_ids(db, &ids).await?;
    let notes = store::notes(db, sitting.id).await?;
    let mut lines: Vec<Line> = seated
        .into_iter()
        .map(|row| {
            let person = people.get(&row.person_id);
            let note = notes.get(&row.id);
            let noted = note.map_or_else(String::new, |note| {
                let when = dates::moment(note.at, ctx.zone());
                let reason = if note.how == AttendanceHow::Correction {
                    format!("：{}", note.reason)
                } else {
                    String::new()
                };
                format!("{when} {}{reason}", note.how.zh())
            });
            Line {
                id: row.id,
                name: person.map(|person| person.name.clone()).unwrap_or_default(),
                sample: person.is_some_and(|person| person.sample),
                unit: row.unit_name,
                position: row.position,
                phone: row.phone,
                present: note.is_some_and(|note| note.present),
                noted,
            }
        })
        .collect();
    lines.sort_by(|one, other| (&one.unit, &one.name).cmp(&(&other.unit, &other.name)));
    Ok(lines)
}

#[derive(Template)]
#[template(path = "registration/templates/roll.html")]
struct RollPage {
    shell: Shell,
    sitting: sitting::Model,
    back: String,
    title: String,
    time: String,
    lines: Vec<Line>,
    present: usize,
}

/// `GET /sittings/{id}/list`
///
/// # Errors
/// As [`wall`].
pub async fn list_page(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<SittingId>,
) -> Result<Response> {
    roll(&ctx, &owners, desk, id, None).await
}

async fn roll(
    ctx: &Context,
    owners: &Owners,
    mut desk: Desk,
    id: SittingId,
    refused: Option<FieldErrors>,
) -> Result<Response> {
    let (sitting, registration) = managed(ctx, owners, &desk, id).await?;
    let mut status = StatusCode::OK;
    if let Some(errors) = refused {
        status = StatusCode::UNPROCESSABLE_ENTITY;
        desk.shell.notice = Some(Notice {
            kind: NoticeKind::Bad,
            title: "没有记录".to_owned(),
            text: errors
                .iter()
                .map(|(_, refusal)| sentence(refusal, Language::Chinese))
                .collect(),
        });
    }
    let lines = lines(ctx, &sitting).await?;
    Ok(page_with_status(
        status,
        &RollPage {
            shell: desk.shell,
            back: format!("/registrations/{}", registration.id),
            time: matter::span(sitting.from_at, sitting.to_at, facts::zone(&registration)?),
            title: registration.title,
            present: lines.iter().filter(|line| line.present).count(),
            lines,
            sitting,
        },
    ))
}

/// Who is meant, and whether they are there.
fn meant(fields: &Fields) -> Result<(EnrolmentId, bool)> {
    let enrolment = fields
        .id::<EnrolmentId>("enrolment")
        .ok_or(Error::NotFound)?;
    match fields.text("do") {
        "present" => Ok((enrolment, true)),
        "absent" => Ok((enrolment, false)),
        _ => Err(Error::NotFound),
    }
}

/// `POST /sittings/{id}/list`
///
/// # Errors
/// As [`wall`].
pub async fn post_tick(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<SittingId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let (enrolment, present) = meant(&fields)?;
    match attend::tick(&ctx, &owners, &desk.actor, id, enrolment, present).await {
        Ok(()) => Ok(Redirect::to(&format!("/sittings/{id}/list#p-{enrolment}")).into_response()),
        Err(error) => {
            let errors = error.into_form_errors()?;
            roll(&ctx, &owners, desk, id, Some(errors)).await
        }
    }
}

/// `POST /sittings/{id}/correct`
///
/// # Errors
/// As [`wall`].
pub async fn correct_post(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<SittingId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let (enrolment, present) = meant(&fields)?;
    let reason = fields.text("reason");
    match attend::correct(&ctx, &owners, &desk.actor, id, enrolment, present, reason).await {
        Ok(()) => Ok(Redirect::to(&format!("/sittings/{id}/list?done=recorded")).into_response()),
        Err(error) => {
            let errors = error.into_form_errors()?;
            roll(&ctx, &owners, desk, id, Some(errors)).await
        }
    }
}
