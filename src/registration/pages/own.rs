//! `/r/{token}`: how the person's enrolment stands and why, the seat kept for them, cancelling,
//! signing in, the calendar.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use entity::{enrolment::EnrolmentState, ids::SittingId};

use super::view::Head;
use crate::{
    accounts::{Visitor, VisitorAddress},
    foundation::{
        calendar::{self, Party},
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        texts::{Label, Language, sentence},
        ui::{Fields, Shell, Submission, dates, page_with_status, proof},
    },
    registration::{
        Owners, answer_offer, attend, board, facts, feeds,
        feeds::Whose,
        leave, matter,
        matter::{Entry, Matter},
        own::Own,
        participants, return_to, rules, store,
    },
};

#[derive(Template)]
#[template(path = "registration/templates/own.html")]
struct OwnPage {
    shell: Shell,
    head: Head,
    path: String,
    name: String,
    sample: bool,
    class: &'static str,
    title: String,
    text: String,
    clash: String,
    until: String,
    parts: Vec<Part>,
    answers: Vec<(String, String)>,
    public: Option<String>,
    seated: bool,
    offered: bool,
    may_leave: bool,
    may_return: bool,
    feed: String,
    proof: String,
    again: Option<String>,
    chosen: String,
    refused: Vec<String>,
}

/// A sitting on the person's page.
struct Part {
    id: SittingId,
    label: String,
    time: String,
    place: String,
    present: bool,
    open: bool,
}

/// What was just sent and did not pass.
#[derive(Default)]
struct Sent {
    again: Option<String>,
    chosen: String,
    errors: FieldErrors,
}

/// `GET /r/{token}`
///
/// # Errors
/// [`Error::NotFound`] for a link that was not given out or is revoked.
pub async fn show_own(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    visitor: Visitor,
    jar: CookieJar,
    Path(token): Path<String>,
) -> Result<Response> {
    let own = Own::by_link(&ctx, &token).await?;
    page(&ctx, &owners, visitor, jar, own, Sent::default()).await
}

/// `POST /r/{token}`: `do` is `take`, `decline`, `leave` or `return`; there is no default.
///
/// # Errors
/// As [`show_own`].
pub async fn post_own(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    visitor: Visitor,
    jar: CookieJar,
    Path(token): Path<String>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let own = Own::by_link(&ctx, &token).await?;
    let choice = fields.text("do").to_owned();
    if !proof::holds(&ctx, &jar, &own.target(), &fields, &choice) {
        let sent = Sent {
            again: Some(proof::again(&ctx, &own.target(), &choice)),
            chosen: choice,
            ..Sent::default()
        };
        return page(&ctx, &owners, visitor, jar, own, sent).await;
    }
    match done(&ctx, &owners, &own, &fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/r/{token}")).into_response()),
        Err(error) => {
            let sent = Sent {
                errors: error.into_form_errors()?,
                chosen: choice,
                ..Sent::default()
            };
            page(&ctx, &owners, visitor, jar, own, sent).await
        }
    }
}

async fn done(ctx: &Context, owners: &Owners, own: &Own, fields: &Fields) -> Result<()> {
    match fields.text("do") {
        "take" => answer_offer::answer_offer(ctx, owners, own.row.id, true, None).await,
        "decline" => answer_offer::answer_offer(ctx, owners, own.row.id, false, None).await,
        "leave" => {
            let mut errors = FieldErrors::default();
            let note = fields.optional("note", 100, &mut errors);
            let note = errors.into_result(note)?;
            let note = if note.is_empty() {
                "本人取消"
            } else {
                &note
            };
            leave::leave(ctx, owners, None, own.row.id, note).await
        }
        "return" => return_to::return_to(ctx, owners, own.row.id).await,
        _ => Err(Refusal::new("form.choose").into()),
    }
}

/// `POST /r/{token}/check-in`: with the code on the wall.
///
/// # Errors
/// As [`show_own`].
pub async fn check_in_own(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    visitor: Visitor,
    address: VisitorAddress,
    jar: CookieJar,
    Path(token): Path<String>,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    let own = Own::by_link(&ctx, &token).await?;
    let sitting = fields.id::<SittingId>("sitting").ok_or(Error::NotFound)?;
    let network = address.0.to_string();
    let code = fields.text("code");
    match attend::check_in_by_link(&ctx, own.row.id, sitting, code, &network).await {
        Ok(()) => Ok(Redirect::to(&format!("/r/{token}")).into_response()),
        Err(error) => {
            let sent = Sent {
                errors: error.into_form_errors()?,
                ..Sent::default()
            };
            page(&ctx, &owners, visitor, jar, own, sent).await
        }
    }
}

/// `POST /r/{token}/feed`: another address for the person's calendar.
///
/// # Errors
/// As [`show_own`].
pub async fn renew_own(State(ctx): State<Context>, Path(token): Path<String>) -> Result<Response> {
    let own = Own::by_link(&ctx, &token).await?;
    feeds::renew(&ctx, Whose::Person(own.row.person_id)).await?;
    Ok(Redirect::to(&format!("/r/{token}")).into_response())
}

/// `GET /r/{token}/calendar`: the whole as a file for the person's calendar.
///
/// # Errors
/// As [`show_own`]; [`Error::NotFound`] without a seat.
pub async fn event_file(State(ctx): State<Context>, Path(token): Path<String>) -> Result<Response> {
    let own = Own::by_link(&ctx, &token).await?;
    if own.row.state != EnrolmentState::Enrolled {
        return Err(Error::NotFound);
    }
    let entry = Entry {
        enrolment: own.row.id,
        sequence: own.registration.calendar_sequence,
        cancelled: false,
    };
    let matter = Matter::of(&own.registration, &own.sittings);
    let office = Party {
        name: ctx.config.office.issuer.clone(),
        address: ctx.config.mail.from_address.clone(),
    };
    let event = matter.event(&entry, ctx.now(), ctx.zone());
    let text = calendar::feed(&matter.title, &office, &[event]);
    Ok((
        [
            (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
            (
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"event.ics\"",
            ),
        ],
        text,
    )
        .into_response())
}

async fn page(
    ctx: &Context,
    owners: &Owners,
    visitor: Visitor,
    jar: CookieJar,
    own: Own,
    sent: Sent,
) -> Result<Response> {
    let target = own.target();
    let (jar, proof) = proof::offer(ctx, jar, &target);
    // The row as it is now: a use case may have changed it since.
    let own = Own {
        row: store::enrolment(ctx.store.read(), own.row.id).await?,
        ..own
    };
    let phase = rules::phase(&own.registration, ctx.now());
    let status = Standing::of(ctx, &own).await?;
    let code = if sent.errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let owner = owners.of(&own.registration)?;
    let page = OwnPage {
        shell: visitor.shell,
        head: Head::of(ctx, &own.registration).await?,
        path: ctx.links.path(&target),
        class: status.class,
        title: status.title,
        text: status.text,
        until: status.until,
        parts: parts(ctx, &own).await?,
        answers: answers(&own)?,
        public: owner.public_href(own.registration.owner_id),
        seated: own.row.state == EnrolmentState::Enrolled,
        offered: own.row.state == EnrolmentState::Offered,
        may_leave: rules::stands(own.row.state) && rules::may_leave(phase).is_ok(),
        may_return: return_to::may_return(own.row.state) && rules::may_enrol(phase).is_ok(),
        feed: feeds::address(ctx, Whose::Person(own.row.person_id)).await?,
        name: own.person.name,
        sample: own.person.sample,
        clash: own.row.clash,
        proof,
        again: sent.again,
        chosen: sent.chosen,
        refused: sent
            .errors
            .iter()
            .map(|(_, refusal)| sentence(refusal, Language::Chinese))
            .collect(),
    };
    Ok((jar, page_with_status(code, &page)).into_response())
}

/// How an enrolment stands, and why, in the person's words.
struct Standing {
    class: &'static str,
    title: String,
    text: String,
    until: String,
}

impl Standing {
    async fn of(ctx: &Context, own: &Own) -> Result<Self> {
        let db = ctx.store.read();
        let mut until = String::new();
        let (class, text) = match own.row.state {
            EnrolmentState::Enrolled => ("ok", "名额已确定，请按时到场签到。".to_owned()),
            EnrolmentState::Waiting => {
                let before = store::waiting_before(db, &own.row).await?;
                let counts = store::counts(db, own.registration.id).await?;
                let limits = rules::Limits::of(&own.registration);
                let unit_full = counts.unit_full(limits, &board::key(&own.row));
                (
                    "info",
                    waiting(
                        before,
                        unit_full,
                        rules::phase(&own.registration, ctx.now()),
                        ctx.config.registration.offer_working_days,
                    ),
                )
            }
            EnrolmentState::Offered => {
                if let Some(offer) = store::open_offer(db, own.row.id).await? {
                    until = dates::deadline(offer.until, ctx.zone());
                }
                (
                    "wait",
                    format!("有一个名额为您保留到 {until}，请在此之前确认。"),
                )
            }
            EnrolmentState::AwaitingUnit => (
                "wait",
                format!(
                    "等{}的联络员确认，确认后按您确认邮箱的先后安排名额。",
                    own.row.unit_name
                ),
            ),
            EnrolmentState::Lapsed => (
                "",
                "为您保留的名额没有在期限内确认，已顺延给下一位。".to_owned(),
            ),
            EnrolmentState::Cancelled => ("", own.row.end_note.clone()),
            EnrolmentState::Refused => ("", format!("单位联络员没有同意。{}", own.row.end_note)),
        };
        Ok(Self {
            class,
            title: own.row.state.zh().to_owned(),
            text,
            until,
        })
    }
}

fn waiting(before: u64, unit_full: bool, phase: rules::Phase, days: i32) -> String {
    if phase == rules::Phase::Begun {
        return "活动已经开始，没有空出名额，候补到此结束。".to_owned();
    }
    let place = format!("您排在候补第 {} 位，前面还有 {before} 人。", before + 1);
    let why = if phase == rules::Phase::After {
        "报名已截止，不再自动递补；有名额时工作组会另行通知。".to_owned()
    } else if unit_full {
        "每个单位的名额有限，本单位名额放开后才轮到您。".to_owned()
    } else {
        format!("名额已满，有人取消时按先后逐位通知，保留 {days} 个工作日。")
    };
    format!("{place}{why}")
}

async fn parts(ctx: &Context, own: &Own) -> Result<Vec<Part>> {
    let zone = facts::zone(&own.registration)?;
    let attended = participants::attended(ctx.store.read(), own.registration.id).await?;
    let mine = attended.get(&own.row.id).cloned().unwrap_or_default();
    let seated = own.row.state == EnrolmentState::Enrolled;
    Ok(own
        .sittings
        .iter()
        .map(|sitting| {
            let present = mine.contains(&sitting.id);
            Part {
                id: sitting.id,
                label: sitting.label.clone(),
                time: matter::span(sitting.from_at, sitting.to_at, zone),
                place: if sitting.place == own.registration.place {
                    String::new()
                } else {
                    sitting.place.clone()
                },
                present,
                open: seated && !present && attend::may_check_in(ctx, sitting, zone).is_ok(),
            }
        })
        .collect())
}

fn answers(own: &Own) -> Result<Vec<(String, String)>> {
    let given: facts::Answers = serde_json::from_value(own.row.answers.clone())?;
    Ok(facts::questions(&own.registration)?
        .into_iter()
        .filter_map(|question| {
            let answer = given.get(&question.key)?.clone();
            Some((question.label, answer))
        })
        .collect())
}
