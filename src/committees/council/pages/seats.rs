//! `/standing-council`: units that apply for a seat in the standing council, their nomination and the
//! vote as it was counted.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{MeetingId, StandingApplicationId, UnitId},
    meeting::MeetingState,
    standing_application::{self, ApplicationState},
    unit::Tier,
};

use super::super::{
    apply,
    rules::{self, Votes},
    store, vote,
};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    committees::store as committees,
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        texts::Label,
        ui::{
            Fields, Form, Shell, Submission, Tag, dates,
            form::{Choice, choices},
            page_with_status,
        },
    },
    units,
};

#[derive(Template)]
#[template(path = "committees/templates/seats.html")]
struct SeatsPage {
    shell: Shell,
    form: Form,
    standing: Vec<String>,
    rows: Vec<Row>,
    meetings: Vec<Choice>,
    /// What the visitor's unit leads, when it may apply.
    may_apply: Option<String>,
}

struct Row {
    id: StandingApplicationId,
    unit: String,
    leads: String,
    text: String,
    when: String,
    tag: Tag,
    note: String,
    votes: String,
    nominate: bool,
    vote: bool,
    note_field: String,
    opens: bool,
    withdraw: bool,
}

/// `GET /standing-council`
///
/// # Errors
/// When the service itself fails.
pub async fn show(State(ctx): State<Context>, desk: Desk) -> Result<Response> {
    render(&ctx, desk, Form::default(), StatusCode::OK).await
}

/// `POST /standing-council`: the visitor's unit applies.
///
/// # Errors
/// Not found for people who act for no unit.
pub async fn post_apply(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let unit = desk.actor.unit()?;
    let mut errors = FieldErrors::default();
    let text = fields.required("text", 1_000, &mut errors);
    let done = async {
        let text = errors.into_result(text)?;
        apply::apply(&ctx, &desk.actor, unit, &text).await
    };
    let done = done.await;
    lead_on(&ctx, desk, fields, done, "sent").await
}

/// `POST /standing-council/{id}/nominate`: `do` is `yes` or `no`.
///
/// # Errors
/// Not found for people who may not keep meetings.
pub async fn post_nominate(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<StandingApplicationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    store::known_application(ctx.store.read(), id).await?;
    let mut errors = FieldErrors::default();
    let note = fields.required(&note_field(id), 300, &mut errors);
    let nominated = fields.text("do") == "yes";
    let done = async {
        let note = errors.into_result(note)?;
        apply::nominate(&ctx, &desk.actor, id, nominated, &note).await
    };
    let done = done.await;
    lead_on(&ctx, desk, fields, done, "recorded").await
}

/// `POST /standing-council/{id}/withdraw`: the visitor's unit takes its application back.
///
/// # Errors
/// Not found for the application of another unit.
pub async fn post_withdraw(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<StandingApplicationId>,
) -> Result<Response> {
    let done = apply::withdraw(&ctx, &desk.actor, id).await;
    lead_on(&ctx, desk, Fields::default(), done, "withdrawn").await
}

/// `POST /standing-council/{id}/vote`
///
/// # Errors
/// Not found for people who may not keep meetings.
pub async fn post_vote(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<StandingApplicationId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    store::known_application(ctx.store.read(), id).await?;
    let mut errors = FieldErrors::default();
    let meeting = fields.choice("meeting", &mut errors, |text| {
        text.parse::<MeetingId>().ok()
    });
    let mut count = |name: &str| {
        let count = fields.number(name, 0, 999, &mut errors);
        if count.is_none() && errors.of(name).is_none() {
            errors.add(name, Refusal::new("form.required"));
        }
        count.unwrap_or(0)
    };
    let votes = Votes {
        ayes: count("ayes"),
        noes: count("noes"),
        abstained: count("abstained"),
    };
    let done = async {
        let meeting = errors.into_result(meeting)?;
        let meeting = meeting.ok_or(Error::NotFound)?;
        vote::record_vote(&ctx, &desk.actor, id, meeting, votes).await
    };
    let done = done.await;
    lead_on(&ctx, desk, fields, done, "recorded").await
}

async fn lead_on(
    ctx: &Context,
    desk: Desk,
    fields: Fields,
    done: Result<()>,
    word: &str,
) -> Result<Response> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/standing-council?done={word}")).into_response());
    };
    let form = Form::refused(fields, error.into_form_errors()?);
    render(ctx, desk, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn render(ctx: &Context, desk: Desk, form: Form, status: StatusCode) -> Result<Response> {
    let db = ctx.store.read();
    let may_manage = policy::allows(&desk.actor, Action::ManageMeetings, &Owner::ALLIANCE);
    let sees_all = policy::allows(&desk.actor, Action::ReadMeetings, &Owner::ALLIANCE);
    let all = units::all(db).await?;
    let named: HashMap<UnitId, String> = all
        .iter()
        .map(|unit| (unit.id, unit.name.clone()))
        .collect();
    let led: HashMap<_, _> = committees::all(db)
        .await?
        .into_iter()
        .map(|full| (full.row.id, full.row.name))
        .collect();
    let own: Vec<_> = desk.actor.units().collect();
    let applications = store::applications(db).await?;
    // One vote is recorded after the other, the oldest first.
    let next = applications
        .iter()
        .rev()
        .find(|row| row.state == ApplicationState::Nominated)
        .map(|row| row.id);
    let rows = applications
        .into_iter()
        .filter(|row| sees_all || own.contains(&row.unit_id))
        .map(|row| Row {
            unit: named.get(&row.unit_id).cloned().unwrap_or_default(),
            leads: led.get(&row.committee_id).cloned().unwrap_or_default(),
            when: dates::moment(row.applied_at, ctx.zone()),
            tag: tag(row.state),
            note: row.nomination_note.clone(),
            votes: votes(&row),
            nominate: may_manage && row.state == ApplicationState::Applied,
            vote: may_manage && next == Some(row.id),
            withdraw: rules::may_withdraw(row.state).is_ok()
                && policy::allows(&desk.actor, Action::ActInCouncil, &Owner::unit(row.unit_id)),
            opens: form.errors.of(&note_field(row.id)).is_some(),
            note_field: note_field(row.id),
            id: row.id,
            text: row.text,
        })
        .collect();
    let mut meetings = vec![Choice {
        value: String::new(),
        label: "请选择会议".to_owned(),
        hint: String::new(),
    }];
    meetings.extend(choices(
        store::all(db)
            .await?
            .into_iter()
            .filter(|row| matches!(row.state, MeetingState::Held | MeetingState::Minuted))
            .map(|row| {
                (
                    row.id,
                    format!("{}（{}）", row.title, dates::full_day(row.date)),
                )
            }),
    ));
    let mut may_apply = None;
    if let Some(unit) = own.first() {
        let unit = units::get(db, *unit).await?;
        let leads = apply::led_by(ctx, unit.id).await?;
        let open = store::has_open(db, unit.id).await?;
        if rules::may_apply(unit.tier, !leads.is_empty(), open).is_ok() {
            may_apply = leads.first().map(|(_, name)| name.clone());
        }
    }
    Ok(page_with_status(
        status,
        &SeatsPage {
            standing: all
                .iter()
                .filter(|unit| unit.tier == Tier::StandingCouncil && unit.left_on.is_none())
                .map(|unit| unit.name.clone())
                .collect(),
            rows,
            meetings,
            may_apply,
            form,
            shell: desk.shell,
        },
    ))
}

fn tag(state: ApplicationState) -> Tag {
    let class = match state {
        ApplicationState::Applied | ApplicationState::Nominated => "wait",
        ApplicationState::Elected => "ok",
        ApplicationState::NotElected | ApplicationState::Refused | ApplicationState::Withdrawn => {
            ""
        }
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// 赞成 30、反对 5、弃权 2
fn votes(row: &standing_application::Model) -> String {
    match (row.votes_for, row.votes_against, row.votes_abstained) {
        (Some(ayes), Some(noes), Some(abstained)) => {
            format!("赞成 {ayes}、反对 {noes}、弃权 {abstained}")
        }
        _ => String::new(),
    }
}

/// The field with who nominated a unit, or why not: each row has its own.
fn note_field(id: StandingApplicationId) -> String {
    format!("nomination-{id}")
}
