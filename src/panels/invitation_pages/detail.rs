//! `/invitations/{id}`: one question, how it went, and its link for people without mail.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use entity::{assignment::AssignmentState, file, ids::InvitationId};

use super::row::{Row, row, waits};
use crate::{
    accounts::{
        Action, Desk,
        policy::{self, Owner},
    },
    foundation::{
        context::Context,
        error::Result,
        files,
        texts::Label,
        ui::{
            Form, Html, Shell, dates,
            form::{Choice, choices},
            page_with_status, qr,
        },
    },
    panels::{
        ANSWER,
        answer_pages::REASONS,
        invitation_list::{self, Line},
        matter::Matter,
        pledge, questions, record_answer,
    },
};

#[derive(Template)]
#[template(path = "panels/templates/invitation.html")]
struct DetailPage {
    shell: Shell,
    row: Row,
    facts: Vec<(&'static str, String)>,
    history: Vec<(String, String)>,
    scans: Vec<file::Model>,
    short: Option<String>,
    qr: Html,
    statement: String,
    confidential: bool,
    reasons: Vec<Choice>,
    records: bool,
    form: Form,
}

/// `GET /invitations/{id}`
///
/// # Errors
/// [`crate::foundation::error::Error::NotFound`].
pub async fn detail(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<InvitationId>,
) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    detail_page(&ctx, desk, id, Form::default()).await
}

pub(super) async fn detail_page(
    ctx: &Context,
    desk: Desk,
    id: InvitationId,
    form: Form,
) -> Result<Response> {
    let line = invitation_list::one(ctx.store.read(), id).await?;
    let zone = ctx.zone();
    let matter = Matter::of(&line.panel);
    let prepares = policy::allows(&desk.actor, Action::PrepareRun, &Owner::ALLIANCE);
    // The link opens the expert's answer: it is shown only where no mail can carry it.
    let unreachable = line.person.email.is_none() || line.needs_attention();
    let short = (prepares && unreachable && waits(ctx, &line)).then(|| short_text(ctx, &line));
    let qr = if short.is_some() {
        qr(&link(ctx, &line))?
    } else {
        Html::default()
    };
    let open = line.invitation.closed_at.is_none()
        && matches!(
            line.assignment.state,
            AssignmentState::Invited | AssignmentState::Accepted | AssignmentState::Declined
        );
    let status = if form.errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = DetailPage {
        shell: desk.shell,
        facts: matter
            .lines(zone)
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect(),
        history: history(ctx, &line),
        scans: files::list(ctx.store.read(), record_answer::scans(id)).await?,
        short,
        qr,
        statement: pledge::statement(&line.panel),
        confidential: line.panel.confidential,
        reasons: choices(
            [("", "未说明")]
                .into_iter()
                .chain(REASONS.iter().map(|(value, reason)| (*value, reason.zh()))),
        ),
        records: open && prepares,
        form,
        row: row(ctx, line),
    };
    Ok(page_with_status(status, &page))
}

fn link(ctx: &Context, line: &Line) -> String {
    ctx.links
        .url(&questions::key(&line.invitation).target(ANSWER))
}

/// The question as a text message.
fn short_text(ctx: &Context, line: &Line) -> String {
    let matter = Matter::for_mail(&line.panel);
    let day = matter.day(ctx.zone());
    let day = if day.is_empty() {
        String::new()
    } else {
        format!("（{day}）")
    };
    format!(
        "【{}】{}老师：请您担任{}专家{day}，请在{}前打开链接答复能否参加：{}",
        ctx.config.office.issuer,
        line.person.name,
        matter.purpose,
        dates::deadline(line.invitation.cutoff_at, ctx.zone()),
        link(ctx, line)
    )
}

/// What happened to the question: (what, when and how).
fn history(ctx: &Context, line: &Line) -> Vec<(String, String)> {
    let zone = ctx.zone();
    let row = &line.invitation;
    let mut steps = vec![("发出邀请".to_owned(), dates::moment(row.asked_at, zone))];
    if let Some(at) = row.reminded_at {
        let times = format!("{}，共 {} 次", dates::moment(at, zone), row.reminders);
        steps.push(("提醒".to_owned(), times));
    }
    if let Some(at) = row.disowned_at {
        steps.push((
            "收信人说不是本人，链接已失效".to_owned(),
            dates::moment(at, zone),
        ));
    }
    if let (Some(answer), Some(at)) = (row.answer, row.answered_at) {
        let mut how = vec![dates::moment(at, zone)];
        how.extend(row.channel.map(|channel| channel.zh().to_owned()));
        how.extend(
            [&row.record_note, &row.decline_note]
                .into_iter()
                .filter(|note| !note.is_empty())
                .cloned(),
        );
        if !row.suggestion.is_empty() {
            how.push(format!("推荐同行：{}", row.suggestion));
        }
        let reason = row
            .decline_reason
            .map(|reason| format!("（{}）", reason.zh()))
            .unwrap_or_default();
        steps.push((format!("答复{}{reason}", answer.zh()), how.join("，")));
    }
    if let Some(at) = row.statement_at {
        steps.push((
            format!("声明：{}", row.statement_text),
            dates::moment(at, zone),
        ));
    }
    if let Some(at) = row.closed_at {
        let note = [
            line.assignment.state.zh(),
            line.assignment.end_note.as_str(),
        ]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("：");
        steps.push((format!("结束，{note}"), dates::moment(at, zone)));
    }
    steps
}
