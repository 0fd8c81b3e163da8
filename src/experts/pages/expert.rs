//! `/experts/{id}`: one expert, and what the secretariat does about one.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    expert::{self, ExpertState},
    file,
    ids::ExpertId,
    person,
};

use super::view::{self, ConsentView, Event, ProfileView};
use crate::{
    accounts::{Action, Actor, Desk, audit, policy},
    experts::{
        Duties, Histories, HistoryLine, PoolExpert,
        contact::CORRECTED,
        decide, end,
        engage_on_paper::signed_papers,
        keep, pool, recommend, renew,
        rules::{self, Approved, Step},
        store,
    },
    foundation::{
        context::Context,
        error::{Error, Result},
        files,
        ui::{
            Form, Shell, Submission, Tag, dates,
            form::{Choice, choices},
            page_with_status,
        },
    },
    people::{self, mask},
    units,
};

#[derive(Template)]
#[template(path = "experts/templates/expert.html")]
struct ExpertPage {
    shell: Shell,
    id: ExpertId,
    form: Form,
    profile: ProfileView,
    state: Tag,
    mobile: String,
    email: String,
    revealed: bool,
    may_reveal: bool,
    guest_reason: String,
    exception: String,
    next: String,
    decision: Option<Decision>,
    may_suspend: bool,
    may_resume: bool,
    may_end: bool,
    may_ask_again: bool,
    absences: Vec<String>,
    interests: Vec<String>,
    consents: Vec<ConsentView>,
    limits: String,
    history: Vec<Past>,
    record: Vec<Event>,
    scan: Option<(String, String)>,
    signed: Option<(String, String)>,
    has_nomination: bool,
    has_consent: bool,
    has_engagement: bool,
    may_record: bool,
    /// The term about which an answer may be recorded, in words.
    renewal: Option<String>,
    may_correct: bool,
    answers: Vec<Choice>,
    renewal_answers: Vec<Choice>,
    open_duties: usize,
}

impl ExpertPage {
    /// Whether one of these fields was refused, so that their form stands open.
    fn wrong(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.form.errors.of(name).is_some())
    }
}

/// What an approver has to look at.
struct Decision {
    missing: Vec<&'static str>,
    own_unit: bool,
    first: Option<String>,
    guest: bool,
}

struct Past {
    number: String,
    title: String,
    role: String,
    state: &'static str,
    when: String,
    note: String,
}

/// `GET /experts/{id}`
///
/// # Errors
/// [`Error::NotFound`] for people who have no part in it.
pub async fn show(
    State(ctx): State<Context>,
    State(histories): State<Histories>,
    desk: Desk,
    Path(id): Path<ExpertId>,
) -> Result<Response> {
    render(&ctx, &histories, desk, id, Form::default(), false).await
}

/// `POST /experts/{id}/reveal`: contact data in full, once; each look is recorded.
///
/// # Errors
/// [`Error::NotFound`] for people who may not.
pub async fn post_reveal(
    State(ctx): State<Context>,
    State(histories): State<Histories>,
    desk: Desk,
    Path(id): Path<ExpertId>,
) -> Result<Response> {
    let row = store::find(ctx.store.read(), id).await?;
    desk.actor
        .require(Action::RevealContact, &view::owner(&row))?;
    let tx = ctx.store.begin().await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(desk.actor.person),
            action: "experts.reveal",
            subject_kind: "expert",
            subject_id: Some(id.0),
            details: serde_json::json!({}),
        },
    )
    .await?;
    tx.commit().await?;
    render(&ctx, &histories, desk, id, Form::default(), true).await
}

/// `POST /experts/{id}/steps`: what `step` names.
///
/// # Errors
/// [`Error::NotFound`] for people who may not.
pub async fn post_step(
    State(ctx): State<Context>,
    State(histories): State<Histories>,
    State(duties): State<Duties>,
    desk: Desk,
    Path(id): Path<ExpertId>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let actor = &desk.actor;
    let done =
        match fields.text("step") {
            "approve" => decide::approve(&ctx, actor, id, &fields)
                .await
                .map(|approved| match approved {
                    Approved::Fully | Approved::ByException => "approved",
                    Approved::First => "recorded",
                }),
            "return" => decide::return_to_unit(&ctx, actor, id, &fields)
                .await
                .map(|()| "returned"),
            "refuse" => decide::refuse_guest(&ctx, actor, id, &fields)
                .await
                .map(|()| "withdrawn"),
            "suspend" => end::decide(&ctx, &duties, actor, id, Step::Suspend, &fields)
                .await
                .map(|()| "recorded"),
            "resume" => end::decide(&ctx, &duties, actor, id, Step::Resume, &fields)
                .await
                .map(|()| "recorded"),
            "end" => end::decide(&ctx, &duties, actor, id, Step::End, &fields)
                .await
                .map(|()| "ended"),
            _ => Err(Error::NotFound),
        };
    match done {
        Ok(word) => Ok(Redirect::to(&format!("/experts/{id}?done={word}")).into_response()),
        Err(error) => {
            let form = Form::refused(fields, error.into_form_errors()?);
            render(&ctx, &histories, desk, id, form, false).await
        }
    }
}

/// `POST /experts/{id}/link`: a new link to confirm.
///
/// # Errors
/// [`Error::NotFound`] for people who may not.
pub async fn post_link(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<ExpertId>,
) -> Result<Response> {
    decide::ask_again(&ctx, &desk.actor, id).await?;
    Ok(Redirect::to(&format!("/experts/{id}?done=sent")).into_response())
}

pub(super) async fn render(
    ctx: &Context,
    histories: &Histories,
    desk: Desk,
    id: ExpertId,
    form: Form,
    revealed: bool,
) -> Result<Response> {
    let db = ctx.store.read();
    let row = store::find(db, id).await?;
    let owner = view::owner(&row);
    desk.actor.require(Action::ReadExperts, &owner)?;
    let expert = pool::get(db, id).await?;
    let may = |action| policy::allows(&desk.actor, action, &owner);
    let may_decide = may(Action::DecideRecommendation);
    let follows = |step| may_decide && rules::next(row.state, step).is_ok();
    let scans = files::list(db, recommend::stamped_form(id)).await?;
    let status = if form.errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let signed = files::list(db, signed_papers(id)).await?;
    let (mobile, email) = contact(&expert.person, revealed);
    let waits = row.state == ExpertState::Approved;
    let history = histories.of(ctx, id).await?;
    let manages = may(Action::ManageExperts);
    let template = ExpertPage {
        profile: ProfileView::of(&row, &expert.person, expert.unit.as_ref()),
        state: view::state_tag(row.state),
        mobile,
        email,
        revealed,
        may_reveal: may(Action::RevealContact) && !revealed,
        guest_reason: row.guest_reason.clone(),
        exception: row.exception_note.clone(),
        next: next(&row, expert.person.email.is_some()),
        decision: if may_decide && row.state == ExpertState::Recommended {
            Some(decision(ctx, &desk.actor, &row, &expert, scans.is_empty()).await?)
        } else {
            None
        },
        may_suspend: follows(Step::Suspend),
        may_resume: follows(Step::Resume),
        may_end: follows(Step::End),
        may_ask_again: waits && manages && expert.person.email.is_some(),
        may_record: waits && manages,
        renewal: if manages {
            renew::asked_for(db, &row)
                .await?
                .map(|term| format!("第 {} 届", term.number))
        } else {
            None
        },
        may_correct: manages && CORRECTED.contains(&row.state),
        answers: choices([("yes", "同意受聘，已签字"), ("no", "不同意")]),
        renewal_answers: choices([("yes", "同意续聘，已签字"), ("no", "不续聘")]),
        open_duties: history.iter().filter(|line| line.to.is_none()).count(),
        absences: absences(ctx, id).await?,
        interests: interests(&expert),
        consents: view::consents(people::consents::of(db, row.person_id).await?, ctx),
        limits: format!("同时 {} 项，一年 {} 项", row.max_open, row.max_year),
        history: history.into_iter().map(|line| past(line, ctx)).collect(),
        record: view::record(db, ctx, &row).await?,
        scan: newest(&scans, id),
        signed: newest(&signed, id),
        has_nomination: !row.guest,
        has_consent: waits,
        has_engagement: row.engagement_number.is_some(),
        shell: desk.shell,
        id,
        form,
    };
    Ok(page_with_status(status, &template))
}

/// The newest of some papers that were uploaded: (path, name).
fn newest(scans: &[file::Model], id: ExpertId) -> Option<(String, String)> {
    let file = scans.last()?;
    Some((format!("/experts/{id}/scan/{}", file.id), file.name.clone()))
}

fn contact(person: &person::Model, revealed: bool) -> (String, String) {
    let show = |value: &Option<String>, hide: fn(&str) -> String| match value {
        None => String::new(),
        Some(value) if revealed => value.clone(),
        Some(value) => hide(value),
    };
    (
        show(&person.mobile, mask::mobile),
        show(&person.email, mask::email),
    )
}

async fn decision(
    ctx: &Context,
    actor: &Actor,
    row: &expert::Model,
    expert: &PoolExpert,
    no_scan: bool,
) -> Result<Decision> {
    let mut missing = Vec::new();
    if no_scan && !row.guest && ctx.config.pool.stamped_form_required {
        missing.push("推荐单位盖章的推荐表扫描件");
    }
    if expert.person.email.is_none() {
        missing.push("邮箱：没有邮箱，批准后须打印同意书，请本人签字");
    }
    let term = units::current_term(ctx.store.read(), ctx.today()).await?;
    if term.to_date < ctx.today() {
        missing.push("新一届理事会的届次登记");
    }
    let own: Vec<_> = actor.units().collect();
    let secretariat = expert.unit.as_ref().is_some_and(|unit| unit.secretariat) && !row.guest;
    let first = match row.first_approved_by {
        Some(person) => Some(people::get(ctx.store.read(), person).await?.name),
        None => None,
    };
    Ok(Decision {
        missing,
        own_unit: rules::is_own_unit(row.unit_id, secretariat, &own),
        first,
        guest: row.guest,
    })
}

fn next(row: &expert::Model, reads_mail: bool) -> String {
    use ExpertState::*;
    match row.state {
        Draft | Returned => "单位正在填写推荐表。".to_owned(),
        Recommended => "等审批。批准后，确认链接发到本人邮箱。".to_owned(),
        Approved if reads_mail => "确认链接已发给本人，等本人同意。".to_owned(),
        Approved => "本人没有邮箱。请打印同意书，本人签字后在本页记录。".to_owned(),
        Engaged => format!("聘期{}。", view::term(row.engaged_from, row.engaged_to)),
        Suspended => "聘任中止，不参加匹配，名额仍占用。".to_owned(),
        Withdrawn | Refused | Ended => row.end_reason.clone(),
        Expired => "聘期届满。续聘须重新推荐，并由本人再次同意。".to_owned(),
    }
}

async fn absences(ctx: &Context, id: ExpertId) -> Result<Vec<String>> {
    let rows = keep::absences(ctx.store.read(), id).await?;
    Ok(rows
        .into_iter()
        .filter(|row| row.to_date >= ctx.today())
        .map(|row| {
            let note = if row.note.is_empty() {
                String::new()
            } else {
                format!("（{}）", row.note)
            };
            format!(
                "{}至{}{note}",
                dates::full_day(row.from_date),
                dates::full_day(row.to_date)
            )
        })
        .collect())
}

fn interests(expert: &PoolExpert) -> Vec<String> {
    expert
        .interests
        .iter()
        .map(|row| {
            let kind = keep::INTERESTS
                .iter()
                .find(|(kind, _)| *kind == row.kind)
                .map_or("其他", |(_, word)| word);
            let until = row
                .until_date
                .map(|day| format!("，至{}", dates::full_day(day)))
                .unwrap_or_default();
            format!("{}：{kind}{until}", row.organisation)
        })
        .collect()
}

fn past(line: HistoryLine, ctx: &Context) -> Past {
    let day = |instant| dates::full_day(dates::local_date(instant, ctx.zone()));
    Past {
        when: match line.to {
            Some(to) => format!("{}至{}", day(line.from), day(to)),
            None => format!("{}起", day(line.from)),
        },
        number: line.number,
        title: line.title,
        role: line.role,
        state: line.state,
        note: line.note,
    }
}
