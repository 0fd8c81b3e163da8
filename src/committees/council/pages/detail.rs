//! `/meetings/{id}`: one meeting, the own answer, and for the secretariat who comes and came.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{MeetingId, UnitId},
    meeting::{self, MeetingState},
    meeting_unit::{self, Reply},
};
use sea_orm::{ActiveEnum, Iterable};

use super::super::{
    attend, call, cancel, minutes, papers,
    papers::time,
    reply::{self, NewReply},
    rules,
    store::{self, Invited},
};
use crate::{
    accounts::{Action, Actor, Desk, Owner, policy},
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Result},
        texts::Label,
        ui::{
            AskedPaper, Fields, Form, Printed, Shell, Submission, Tag, dates,
            form::{Choice, choices},
            lines, page_with_status,
        },
    },
};

#[derive(Template)]
#[template(path = "committees/templates/meeting.html")]
struct MeetingPage {
    shell: Shell,
    form: Form,
    id: MeetingId,
    number: String,
    title: String,
    kind: &'static str,
    tag: Tag,
    time: String,
    year: String,
    place: String,
    agenda: Vec<String>,
    reply_by: String,
    note: String,
    state: MeetingState,
    may_manage: bool,
    begun: bool,
    own: Option<OwnReply>,
    replies: Vec<Choice>,
    units: Vec<UnitLine>,
    due: usize,
    coming: usize,
    came: usize,
    minutes: Vec<String>,
}

struct OwnReply {
    said: String,
    may_reply: bool,
}

struct UnitLine {
    id: UnitId,
    name: String,
    reply: Tag,
    attendee: String,
    note: String,
    came: bool,
}

impl MeetingPage {
    fn stands(&self, word: &str) -> bool {
        self.state.to_value() == word
    }

    /// Whether who came can be recorded.
    fn may_attend(&self) -> bool {
        self.may_manage && self.begun && (self.stands("called") || self.stands("held"))
    }

    fn may_minute(&self) -> bool {
        self.may_manage && (self.stands("held") || self.stands("minuted"))
    }

    fn may_cancel(&self) -> bool {
        self.may_manage && !self.begun && (self.stands("draft") || self.stands("called"))
    }

    fn was_held(&self) -> bool {
        self.stands("held") || self.stands("minuted")
    }

    fn wrong(&self, name: &str) -> bool {
        self.form.errors.of(name).is_some()
    }
}

/// The meeting and who ought to come, when the visitor may see it.
async fn readable(
    ctx: &Context,
    actor: &Actor,
    id: MeetingId,
) -> Result<(meeting::Model, Vec<Invited>)> {
    let db = ctx.store.read();
    let row = store::get(db, id).await?;
    let invited = store::invited(db, id).await?;
    let sees_all = policy::allows(actor, Action::ReadMeetings, &Owner::ALLIANCE);
    let of_unit =
        |one: &Invited| policy::allows(actor, Action::ReadMeetings, &Owner::unit(one.unit.id));
    if sees_all || invited.iter().any(of_unit) {
        Ok((row, invited))
    } else {
        Err(Error::NotFound)
    }
}

/// `GET /meetings/{id}`
///
/// # Errors
/// Not found for what is foreign.
pub async fn show(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<MeetingId>,
) -> Result<Response> {
    render(&ctx, desk, id, Form::default(), StatusCode::OK).await
}

/// `POST /meetings/{id}/call`
///
/// # Errors
/// Not found for people who may not keep meetings.
pub async fn post_call(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<MeetingId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let done = call::call(&ctx, &desk.actor, id).await;
    lead_on(&ctx, desk, id, fields, done, "sent").await
}

/// `POST /meetings/{id}/reply`: the answer of the visitor's unit.
///
/// # Errors
/// Not found for a unit that does not belong to the meeting.
pub async fn post_reply(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<MeetingId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let unit = own_unit(&ctx, &desk.actor, id).await?;
    let mut errors = FieldErrors::default();
    let answer = fields.choice("reply", &mut errors, |text| {
        Reply::try_from_value(&text.to_owned()).ok()
    });
    let coming = answer == Some(Reply::Coming);
    let new = NewReply {
        reply: answer.unwrap_or(Reply::Absent),
        // What belongs to the other answer is not looked at.
        name: if coming {
            fields.required("attendee_name", 30, &mut errors)
        } else {
            String::new()
        },
        position: if coming {
            fields.optional("attendee_position", 60, &mut errors)
        } else {
            String::new()
        },
        mobile: if coming {
            fields.optional("attendee_mobile", 30, &mut errors)
        } else {
            String::new()
        },
        note: fields.optional("reply_note", 200, &mut errors),
    };
    let done = async {
        let new = errors.into_result(new)?;
        reply::reply(&ctx, &desk.actor, id, unit, &new).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "sent").await
}

/// `POST /meetings/{id}/attendance`
///
/// # Errors
/// Not found for people who may not keep meetings.
pub async fn post_attendance(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<MeetingId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let came: Vec<UnitId> = fields
        .all("came")
        .into_iter()
        .filter_map(|text| text.parse().ok())
        .collect();
    let done = attend::attend(&ctx, &desk.actor, id, &came).await;
    lead_on(&ctx, desk, id, fields, done, "recorded").await
}

/// `POST /meetings/{id}/minutes`
///
/// # Errors
/// Not found for people who may not keep meetings.
pub async fn post_minutes(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<MeetingId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let text = fields.required("minutes", 10_000, &mut errors);
    let done = async {
        let text = errors.into_result(text)?;
        minutes::send(&ctx, &desk.actor, id, &text).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "sent").await
}

/// `POST /meetings/{id}/cancel`
///
/// # Errors
/// Not found for people who may not keep meetings.
pub async fn post_cancel(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<MeetingId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let reason = fields.required("cancel_reason", 200, &mut errors);
    let done = async {
        let reason = errors.into_result(reason)?;
        cancel::cancel(&ctx, &desk.actor, id, &reason).await
    };
    let done = done.await;
    lead_on(&ctx, desk, id, fields, done, "saved").await
}

/// `GET /meetings/{id}/papers/{paper}`: `notice`, `minutes`, for the secretariat `sign-in`, and the
/// same with `.docx`.
///
/// # Errors
/// Not found before there is such a paper.
pub async fn paper(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, part)): Path<(MeetingId, String)>,
) -> Result<Response> {
    let (row, invited) = readable(&ctx, &desk.actor, id).await?;
    let office = &ctx.config.office;
    let asked = AskedPaper::read(&part);
    let manages = policy::allows(&desk.actor, Action::ManageMeetings, &Owner::ALLIANCE);
    let (title, paper) = match asked.name {
        "notice" => ("会议通知", papers::notice(&row, office)),
        "minutes" => ("会议纪要", papers::minutes(&row, &invited, office)),
        "sign-in" if manages => ("签到表", papers::sign_in(&row, &invited)),
        _ => return Err(Error::NotFound),
    };
    let printed = Printed {
        title,
        about: row.number,
        paper: paper.ok_or(Error::NotFound)?,
    };
    let back = format!("/meetings/{id}");
    let folder = format!("{back}/papers");
    printed.answer(asked, desk.shell, back, &folder)
}

/// The unit of the visitor that belongs to the meeting.
async fn own_unit(ctx: &Context, actor: &Actor, id: MeetingId) -> Result<UnitId> {
    for unit in actor.units() {
        if store::invited_unit(ctx.store.read(), id, unit)
            .await?
            .is_some()
        {
            return Ok(unit);
        }
    }
    Err(Error::NotFound)
}

async fn lead_on(
    ctx: &Context,
    desk: Desk,
    id: MeetingId,
    fields: Fields,
    done: Result<()>,
    word: &str,
) -> Result<Response> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/meetings/{id}?done={word}")).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    render(ctx, desk, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn render(
    ctx: &Context,
    desk: Desk,
    id: MeetingId,
    mut form: Form,
    status: StatusCode,
) -> Result<Response> {
    let (row, invited) = readable(ctx, &desk.actor, id).await?;
    let may_manage = policy::allows(&desk.actor, Action::ManageMeetings, &Owner::ALLIANCE);
    let sees_all = policy::allows(&desk.actor, Action::ReadMeetings, &Owner::ALLIANCE);
    let own = invited
        .iter()
        .find(|one| desk.actor.units().any(|unit| unit == one.unit.id));
    let begun = row.starts_at <= ctx.now();
    if form.errors.is_empty() {
        form.fields = filled(&row, own.map(|one| &one.row));
    }
    let count = |is: &dyn Fn(&Invited) -> bool| invited.iter().filter(|one| is(one)).count();
    let shown = MeetingPage {
        own: own.map(|one| OwnReply {
            said: said(&one.row),
            may_reply: row.state == MeetingState::Called && !begun,
        }),
        due: invited.len(),
        coming: count(&|one| one.row.reply == Some(Reply::Coming)),
        came: count(&|one| one.row.attended == Some(true)),
        units: if sees_all {
            invited.iter().map(unit_line).collect()
        } else {
            Vec::new()
        },
        replies: choices(Reply::iter().map(|reply| (reply.to_value(), reply.zh()))),
        tag: rules::tag(row.state),
        time: time(&row),
        year: row.date.format("%Y年").to_string(),
        kind: row.kind.zh(),
        agenda: lines(&row.agenda),
        reply_by: dates::day_and_weekday(row.reply_by),
        minutes: lines(&row.minutes),
        state: row.state,
        id: row.id,
        number: row.number,
        title: row.title,
        place: row.place,
        note: row.note,
        may_manage,
        begun,
        form,
        shell: desk.shell,
    };
    Ok(page_with_status(status, &shown))
}

/// What was said before, for the forms.
fn filled(row: &meeting::Model, own: Option<&meeting_unit::Model>) -> Fields {
    let mut fields = Fields::default().with("minutes", &row.minutes);
    if let Some(own) = own {
        if let Some(reply) = own.reply {
            fields = fields.with("reply", reply.to_value());
        }
        fields = fields
            .with("attendee_name", &own.attendee_name)
            .with("attendee_position", &own.attendee_position)
            .with("attendee_mobile", &own.attendee_mobile)
            .with("reply_note", &own.reply_note);
    }
    fields
}

/// 参加，周叙白
fn said(row: &meeting_unit::Model) -> String {
    match row.reply {
        Some(Reply::Coming) => format!("参加，{}", row.attendee_name),
        Some(Reply::Absent) => "请假".to_owned(),
        None => String::new(),
    }
}

fn unit_line(one: &Invited) -> UnitLine {
    let (class, word) = match one.row.reply {
        Some(Reply::Coming) => ("ok", "参加"),
        Some(Reply::Absent) => ("", "请假"),
        None => ("wait", "未回执"),
    };
    UnitLine {
        id: one.unit.id,
        name: one.unit.name.clone(),
        reply: Tag { class, word },
        attendee: [
            one.row.attendee_name.as_str(),
            one.row.attendee_position.as_str(),
        ]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("，"),
        note: one.row.reply_note.clone(),
        // Before who came is recorded, those who announced themselves are expected.
        came: one
            .row
            .attended
            .unwrap_or(one.row.reply == Some(Reply::Coming)),
    }
}
