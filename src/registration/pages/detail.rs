//! `/registrations/{id}`: seats, the queue, sittings; for contacts their own people.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    enrolment::{self, EnrolmentState},
    ids::{EnrolmentId, RegistrationId, SittingId},
    registration, sitting,
};

use super::view::{Head, state_tag};
use crate::{
    accounts::{
        Action, Actor, Desk,
        policy::{self, Owner},
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        sheets::Table,
        texts::{Label, Language, sentence},
        ui::{
            Fields, Notice, NoticeKind, Shell, Submission, Tag, XLSX, dates, download,
            page_with_status,
        },
    },
    people::{self, mask},
    registration::{
        Owners, access, answer_offer, approve_unit, board, by_hand, facts, leave, matter, new_link,
        participants::{self, Participant},
        rules::{self, Phase},
        store,
    },
};

#[derive(Template)]
#[template(path = "registration/templates/detail.html")]
struct DetailPage {
    shell: Shell,
    head: Head,
    manages: bool,
    owner: String,
    public: Option<String>,
    may_enrol: bool,
    /// Whether anything can be done for somebody here.
    acts: bool,
    join: Option<String>,
    questions: Vec<facts::Question>,
    queue: Vec<Line>,
    /// Working days for which a freed seat is kept.
    offer_days: i32,
    awaiting: Vec<Line>,
    seated: Vec<Line>,
    gone: Vec<Line>,
    sittings: Vec<Sitting>,
}

#[derive(Clone)]
struct Line {
    id: EnrolmentId,
    name: String,
    sample: bool,
    unit: String,
    position: String,
    phone: String,
    tag: Tag,
    sub: String,
    arrived: String,
    answers: String,
    attended: usize,
    offered: bool,
    may_leave: bool,
    may_fill: bool,
}

struct Sitting {
    id: SittingId,
    label: String,
    time: String,
    present: usize,
    begun: bool,
}

/// What the actor may see of a registration.
struct Seen {
    row: registration::Model,
    manages: bool,
    reads: bool,
    /// Acts for some unit as its contact.
    contact: bool,
}

async fn seen(ctx: &Context, owners: &Owners, actor: &Actor, id: RegistrationId) -> Result<Seen> {
    let row = store::get(ctx.store.read(), id).await?;
    let manages = access::manages(actor, owners, &row)?;
    let reads = policy::allows(actor, Action::ReadRegistrations, &Owner::ALLIANCE);
    let published = row.published_at.is_some();
    let contact = published && actor.units().any(|unit| access::enrols(actor, unit));
    if manages || reads || contact {
        Ok(Seen {
            row,
            manages,
            reads,
            contact,
        })
    } else {
        Err(Error::NotFound)
    }
}

/// `GET /registrations/{id}`
///
/// # Errors
/// [`Error::NotFound`] for what is not shown to the actor.
pub async fn show(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<RegistrationId>,
) -> Result<Response> {
    page(&ctx, &owners, desk, id, None).await
}

async fn page(
    ctx: &Context,
    owners: &Owners,
    mut desk: Desk,
    id: RegistrationId,
    refused: Option<FieldErrors>,
) -> Result<Response> {
    let seen = seen(ctx, owners, &desk.actor, id).await?;
    let status = match &refused {
        Some(errors) => {
            desk.shell.notice = Some(Notice {
                kind: NoticeKind::Bad,
                title: "这一步没有办成".to_owned(),
                text: errors
                    .iter()
                    .map(|(_, refusal)| sentence(refusal, Language::Chinese))
                    .collect(),
            });
            StatusCode::UNPROCESSABLE_ENTITY
        }
        None => StatusCode::OK,
    };
    let head = Head::of(ctx, &seen.row).await?;
    let lines = lines(ctx, &desk.actor, &seen, head.phase).await?;
    let part = |states: &[EnrolmentState]| -> Vec<Line> {
        let of = |line: &&(EnrolmentState, Line)| states.contains(&line.0);
        lines
            .iter()
            .filter(of)
            .map(|(_, line)| line.clone())
            .collect()
    };
    let owner = owners.of(&seen.row)?;
    Ok(page_with_status(
        status,
        &DetailPage {
            shell: desk.shell,
            manages: seen.manages,
            owner: owner.href(seen.row.owner_id),
            public: owner.public_href(seen.row.owner_id),
            may_enrol: head.open() && seen.contact,
            acts: seen.manages || seen.contact,
            offer_days: ctx.config.registration.offer_working_days,
            join: (seen.row.open_form && head.open())
                .then(|| ctx.links.absolute(&format!("/join/{id}"))),
            questions: facts::questions(&seen.row)?,
            queue: part(&[EnrolmentState::Offered, EnrolmentState::Waiting]),
            awaiting: part(&[EnrolmentState::AwaitingUnit]),
            seated: part(&[EnrolmentState::Enrolled]),
            gone: part(&[
                EnrolmentState::Cancelled,
                EnrolmentState::Lapsed,
                EnrolmentState::Refused,
            ]),
            sittings: sittings(ctx, &seen).await?,
            head,
        },
    ))
}

async fn sittings(ctx: &Context, seen: &Seen) -> Result<Vec<Sitting>> {
    let db = ctx.store.read();
    let zone = facts::zone(&seen.row)?;
    let attended = participants::attended(db, seen.row.id).await?;
    let mut present: HashMap<SittingId, usize> = HashMap::new();
    for sitting in attended.into_values().flatten() {
        *present.entry(sitting).or_default() += 1;
    }
    let rows: Vec<sitting::Model> = store::sittings(db, seen.row.id).await?;
    Ok(rows
        .into_iter()
        .map(|row| Sitting {
            id: row.id,
            time: matter::span(row.from_at, row.to_at, zone),
            present: present.get(&row.id).copied().unwrap_or_default(),
            begun: row.from_at <= ctx.now(),
            label: row.label,
        })
        .collect())
}

/// Everybody that the actor may see, with the words of their state.
async fn lines(
    ctx: &Context,
    actor: &Actor,
    seen: &Seen,
    phase: Phase,
) -> Result<Vec<(EnrolmentState, Line)>> {
    let db = ctx.store.read();
    let rows = store::enrolments(db, seen.row.id).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let people = people::by_ids(db, &ids).await?;
    let attended = participants::attended(db, seen.row.id).await?;
    let offers = store::open_offers(db, seen.row.id).await?;
    let counts = store::counts(db, seen.row.id).await?;
    let limits = rules::Limits::of(&seen.row);
    let questions = facts::questions(&seen.row)?;
    let all = seen.manages || seen.reads;
    let mut place = 0;
    let mut lines = Vec::new();
    for row in rows {
        if row.state == EnrolmentState::Waiting {
            place += 1;
        }
        let own = row.unit_id.is_some_and(|unit| access::enrols(actor, unit));
        if !all && !own {
            continue;
        }
        let unit_full = counts.unit_full(limits, &board::key(&row));
        let until = offers.get(&row.id).map(|offer| offer.until);
        let person = people.get(&row.person_id);
        let acts = seen.manages || own;
        lines.push((
            row.state,
            Line {
                id: row.id,
                name: person.map(|person| person.name.clone()).unwrap_or_default(),
                sample: person.is_some_and(|person| person.sample),
                phone: if acts {
                    row.phone.clone()
                } else {
                    mask::mobile(&row.phone)
                },
                tag: state_tag(row.state),
                sub: why(ctx, &row, place, unit_full, until),
                arrived: dates::moment(row.arrived_at, ctx.zone()),
                answers: answers(&row, &questions)?,
                attended: attended.get(&row.id).map_or(0, Vec::len),
                offered: row.state == EnrolmentState::Offered,
                may_leave: acts && rules::stands(row.state) && rules::may_leave(phase).is_ok(),
                may_fill: seen.manages && rules::may_fill_by_hand(phase).is_ok(),
                unit: row.unit_name,
                position: row.position,
            },
        ));
    }
    Ok(lines)
}

/// Why an enrolment stands where it does.
fn why(
    ctx: &Context,
    row: &enrolment::Model,
    place: usize,
    unit_full: bool,
    until: Option<DateTime<Utc>>,
) -> String {
    match row.state {
        EnrolmentState::Offered => until.map_or_else(String::new, |until| {
            format!("保留到 {}", dates::deadline(until, ctx.zone()))
        }),
        EnrolmentState::Waiting if unit_full => "本单位名额已满，放开后才轮到".to_owned(),
        EnrolmentState::Waiting if place == 1 => "候补第一位".to_owned(),
        EnrolmentState::Waiting => format!("前面还有 {} 人", place - 1),
        EnrolmentState::Enrolled if !row.clash.is_empty() => format!("时间冲突：{}", row.clash),
        EnrolmentState::Cancelled | EnrolmentState::Refused => row.end_note.clone(),
        _ => String::new(),
    }
}

fn answers(row: &enrolment::Model, questions: &[facts::Question]) -> Result<String> {
    let answers: facts::Answers = serde_json::from_value(row.answers.clone())?;
    Ok(questions
        .iter()
        .filter_map(|question| {
            let answer = answers.get(&question.key)?;
            Some(format!("{}：{answer}", question.label))
        })
        .collect::<Vec<_>>()
        .join("；"))
}

/// `POST /registrations/{id}/people/{enrolment}`: what `do` names.
///
/// # Errors
/// [`Error::NotFound`] for what is not the actor's to do.
pub async fn act(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path((id, enrolment)): Path<(RegistrationId, EnrolmentId)>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let row = store::enrolment(ctx.store.read(), enrolment).await?;
    if row.registration_id != id {
        return Err(Error::NotFound);
    }
    match done(&ctx, &owners, &desk.actor, &row, &fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/registrations/{id}?done=saved")).into_response()),
        Err(error) => {
            let errors = error.into_form_errors()?;
            page(&ctx, &owners, desk, id, Some(errors)).await
        }
    }
}

async fn done(
    ctx: &Context,
    owners: &Owners,
    actor: &Actor,
    row: &enrolment::Model,
    fields: &Fields,
) -> Result<()> {
    let registration = store::get(ctx.store.read(), row.registration_id).await?;
    access::require_for(actor, owners, &registration, row)?;
    let note = fields.text("note");
    match fields.text("do") {
        "cancel" => {
            let note = if note.is_empty() {
                "由单位或工作组取消"
            } else {
                note
            };
            leave::leave(ctx, owners, Some(actor), row.id, note).await
        }
        "take" => answer_offer::answer_offer(ctx, owners, row.id, true, Some(actor.person)).await,
        "decline" => {
            answer_offer::answer_offer(ctx, owners, row.id, false, Some(actor.person)).await
        }
        "link" => new_link::send_new_link(ctx, owners, actor, row.id, fields.text("email")).await,
        "offer" => by_hand::offer_by_hand(ctx, owners, actor, row.id).await,
        "give" => by_hand::give_seat(ctx, owners, actor, row.id).await,
        "agree" => approve_unit::approve_unit(ctx, owners, actor, row.id, true, note).await,
        "refuse" => approve_unit::approve_unit(ctx, owners, actor, row.id, false, note).await,
        _ => Err(Refusal::new("form.choose").into()),
    }
}

/// `GET /registrations/{id}/export`: everybody as a workbook.
///
/// # Errors
/// [`Error::NotFound`] for others than those who manage the registration.
pub async fn export(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<RegistrationId>,
) -> Result<Response> {
    let db = ctx.store.read();
    let row = store::get(db, id).await?;
    access::require_manager(&desk.actor, &owners, &row)?;
    let questions = facts::questions(&row)?;
    let mut headers: Vec<String> = [
        "序号",
        "姓名",
        "单位",
        "职务",
        "手机号",
        "邮箱",
        "状态",
        "出勤节数",
    ]
    .map(str::to_owned)
    .to_vec();
    headers.extend(questions.iter().map(|question| question.label.clone()));
    let people = participants::participants(db, id, ctx.now()).await?;
    let table = Table {
        name: "名单".to_owned(),
        headers,
        rows: people.iter().map(|one| cells(one, &questions)).collect(),
    };
    let bytes = table.to_xlsx(ctx.now()).map_err(Error::internal)?;
    Ok(download(&format!("{}-名单.xlsx", row.title), XLSX, bytes))
}

fn cells(one: &Participant, questions: &[facts::Question]) -> Vec<String> {
    let mut cells = vec![
        one.arrival.to_string(),
        one.name.clone(),
        one.unit_name.clone(),
        one.position.clone(),
        one.phone.clone(),
        one.email.clone().unwrap_or_default(),
        one.state.zh().to_owned(),
        one.attended.len().to_string(),
    ];
    cells.extend(
        questions
            .iter()
            .map(|question| one.answers.get(&question.key).cloned().unwrap_or_default()),
    );
    cells
}
