//! `/invitations`: the secretariat's list of questions, and the page of one.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    assignment::AssignmentState,
    file,
    ids::{FileId, InvitationId},
    invitation::Channel,
    mail::MailState,
};

use super::{
    answer::Given,
    answer_pages::{REASONS, reason},
    disown,
    invitation_list::{self, Line, Tab},
    matter::Matter,
    owners::Owners,
    pledge, questions,
    record_answer::{self, Recorded, read_answer},
    remind, replace,
    rules::{self, Effect},
};
use crate::{
    accounts::{
        Action, Desk,
        policy::{self, Owner},
    },
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        files,
        texts::{Label, Language, sentence},
        ui::{
            Fields, Form, Html, Notice, NoticeKind, Shell, Submission, Tag, dates,
            form::{Choice, choices},
            page, page_with_status, qr,
        },
    },
    panels::ANSWER,
};

/// Rows on a page.
const SIZE: u64 = 50;

#[derive(Template)]
#[template(path = "panels/templates/invitations.html")]
struct ListPage {
    shell: Shell,
    tabs: Vec<(String, &'static str, u64, bool)>,
    tab: String,
    query: String,
    rows: Vec<Row>,
    total: u64,
    first: u64,
    last: u64,
    earlier: Option<String>,
    later: Option<String>,
    prepares: bool,
}

/// A question as a row.
struct Row {
    id: InvitationId,
    panel: String,
    number: String,
    title: String,
    name: String,
    sample: bool,
    asked: String,
    cutoff: String,
    left: String,
    mail: Option<(Tag, String)>,
    state: Tag,
    note: String,
    attention: bool,
    waits: bool,
}

/// The state of a mail as a tag.
pub(super) fn mail_tag(state: MailState) -> Tag {
    let (class, word) = match state {
        MailState::Held => ("", "暂缓"),
        MailState::Ready => ("info", "待发"),
        MailState::Leased => ("info", "发送中"),
        MailState::Sent => ("ok", "已发出"),
        MailState::Deferred => ("wait", "稍后重试"),
        MailState::Failed => ("bad", "失败"),
        MailState::Suppressed => ("", "不发送"),
        MailState::Cancelled => ("", "已取消"),
        MailState::Unknown => ("bad", "结果不明"),
    };
    Tag { class, word }
}

/// Where a place stands, as a tag.
pub(super) fn state_tag(state: AssignmentState) -> Tag {
    let class = match state {
        AssignmentState::Invited => "wait",
        AssignmentState::Accepted | AssignmentState::Done => "ok",
        AssignmentState::Lapsed => "bad",
        AssignmentState::Declined | AssignmentState::Released => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// Whether a later question took the place of this one.
fn superseded(line: &Line) -> bool {
    line.invitation.closed_at.is_some()
        && matches!(
            line.assignment.state,
            AssignmentState::Invited | AssignmentState::Accepted
        )
}

/// Whether a question waits for its answer.
fn waits(ctx: &Context, line: &Line) -> bool {
    let row = &line.invitation;
    line.assignment.state == AssignmentState::Invited
        && row.answer.is_none()
        && row.closed_at.is_none()
        && ctx.now() < row.cutoff_at
}

fn row(ctx: &Context, line: Line) -> Row {
    let zone = ctx.zone();
    let invitation = &line.invitation;
    let days = ctx
        .calendar()
        .working_days_between(ctx.today(), dates::local_date(invitation.cutoff_at, zone))
        .value;
    let waits = waits(ctx, &line);
    let note = if invitation.disowned_at.is_some() {
        "收信人说不是本人".to_owned()
    } else if let Some(reason) = invitation.decline_reason {
        reason.zh().to_owned()
    } else if invitation.recorded_by.is_some() {
        "秘书处代录".to_owned()
    } else if invitation.reminders > 0 && waits {
        format!("已提醒 {} 次", invitation.reminders)
    } else {
        String::new()
    };
    Row {
        id: invitation.id,
        panel: format!("/panels/{}", line.panel.id),
        number: line.panel.number.clone(),
        title: line.panel.title.clone(),
        name: line.person.name.clone(),
        sample: line.person.sample,
        asked: dates::moment(invitation.asked_at, zone),
        cutoff: dates::moment(invitation.cutoff_at, zone),
        left: match (waits, days) {
            (false, _) => String::new(),
            (true, 0) => "今天截止".to_owned(),
            (true, days) => format!("还有 {days} 个工作日"),
        },
        attention: line.needs_attention() && waits,
        mail: line
            .mail
            .clone()
            .map(|(state, reply)| (mail_tag(state), reply)),
        state: if superseded(&line) {
            Tag {
                class: "",
                word: "已重新询问",
            }
        } else {
            state_tag(line.assignment.state)
        },
        note,
        waits,
    }
}

/// `GET /invitations`
///
/// # Errors
/// When the database fails.
pub async fn list(State(ctx): State<Context>, desk: Desk, query: Fields) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    let db = ctx.store.read();
    let tab = Tab::read(query.text("tab"));
    let number = query.text("page").parse::<u64>().unwrap_or(1).max(1);
    let (lines, total) = invitation_list::page(db, tab, query.text("q"), number - 1, SIZE).await?;
    let mut tabs = Vec::new();
    for (one, value, word) in Tab::ALL {
        let count = invitation_list::count(db, one).await?;
        tabs.push((address(value, "", 1), word, count, one == tab));
    }
    let at = |number: u64| address(query.text("tab"), query.text("q"), number);
    let first = (number - 1) * SIZE + 1;
    let shown = lines.len() as u64;
    Ok(page(&ListPage {
        prepares: policy::allows(&desk.actor, Action::PrepareRun, &Owner::ALLIANCE),
        shell: desk.shell,
        tabs,
        tab: query.text("tab").to_owned(),
        query: query.text("q").to_owned(),
        rows: lines.into_iter().map(|line| row(&ctx, line)).collect(),
        total,
        first,
        last: first + shown.max(1) - 1,
        earlier: (number > 1).then(|| at(number - 1)),
        later: (number * SIZE < total).then(|| at(number + 1)),
    }))
}

fn address(tab: &str, query: &str, page: u64) -> String {
    let mut parts = form_urlencoded::Serializer::new(String::new());
    if !tab.is_empty() {
        parts.append_pair("tab", tab);
    }
    if !query.is_empty() {
        parts.append_pair("q", query);
    }
    if page > 1 {
        parts.append_pair("page", &page.to_string());
    }
    format!("/invitations?{}", parts.finish())
}

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
/// [`Error::NotFound`].
pub async fn detail(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<InvitationId>,
) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    detail_page(&ctx, desk, id, Form::default()).await
}

async fn detail_page(ctx: &Context, desk: Desk, id: InvitationId, form: Form) -> Result<Response> {
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

/// `POST /invitations/{id}/remind`
///
/// # Errors
/// As [`remind::remind`].
pub async fn post_remind(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<InvitationId>,
) -> Result<Response> {
    let done = remind::remind(&ctx, &desk.actor, id).await;
    lead_on(&ctx, desk, id, done, "reminded").await
}

/// `POST /invitations/{id}/resend`
///
/// # Errors
/// As [`disown::resend`].
pub async fn post_resend(
    State(ctx): State<Context>,
    desk: Desk,
    Path(id): Path<InvitationId>,
) -> Result<Response> {
    let done = disown::resend(&ctx, &desk.actor, id).await;
    lead_on(&ctx, desk, id, done, "invited").await
}

/// Back to the question's page, with what was refused on top of it.
async fn lead_on(
    ctx: &Context,
    mut desk: Desk,
    id: InvitationId,
    done: Result<()>,
    word: &str,
) -> Result<Response> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/invitations/{id}?done={word}")).into_response()),
        Err(error) => {
            let errors = error.into_form_errors()?;
            desk.shell.notice = Some(refusals(&errors));
            let mut response = detail_page(ctx, desk, id, Form::default()).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

/// Refusals as a notice.
pub(super) fn refusals(errors: &FieldErrors) -> Notice {
    Notice {
        kind: NoticeKind::Bad,
        title: "这一步没有办成".to_owned(),
        text: errors
            .iter()
            .map(|(_, refusal)| sentence(refusal, Language::Chinese))
            .collect(),
    }
}

/// `POST /invitations/{id}/record`
///
/// # Errors
/// As [`record_answer::record_answer`].
pub async fn post_record(
    State(ctx): State<Context>,
    State(owners): State<Owners>,
    desk: Desk,
    Path(id): Path<InvitationId>,
    submission: Submission,
) -> Result<Response> {
    let fields = &submission.fields;
    let mut errors = FieldErrors::default();
    let answer = fields.choice("answer", &mut errors, read_answer);
    let channel = fields.choice("channel", &mut errors, |word| match word {
        "phone" => Some(Channel::Phone),
        "paper" => Some(Channel::Paper),
        _ => None,
    });
    let note = fields.optional("note", 300, &mut errors);
    let more = fields.optional("more", 300, &mut errors);
    let suggestion = fields.optional("suggestion", 60, &mut errors);
    let scans = submission.uploads("scan");
    if scans.len() > ctx.config.files.max_files {
        errors.add(
            "scan",
            Refusal::new("file.too_many").with("max", ctx.config.files.max_files),
        );
    }
    let result = match (answer, channel) {
        (Some(answer), Some(channel)) if errors.is_empty() => {
            let declines = answer == entity::invitation::Answer::Decline;
            let recorded = Recorded {
                given: Given {
                    answer,
                    clear: fields.has("clear"),
                    pledged: fields.has("secret"),
                    reason: declines.then(|| reason(fields.text("reason"))).flatten(),
                    note: more,
                    suggestion,
                },
                channel,
                note,
                scans,
            };
            record_answer::record_answer(&ctx, &owners, &desk.actor, id, &recorded).await
        }
        _ => Err(Error::Invalid(errors)),
    };
    match result {
        Ok(effect) => {
            if effect == Effect::Leave {
                let panel = invitation_list::one(ctx.store.read(), id).await?.panel.id;
                replace::replace(&ctx, &owners, panel).await?;
            }
            Ok(Redirect::to(&format!("/invitations/{id}?done=recorded")).into_response())
        }
        Err(error) => {
            let form = Form::refused(submission.fields.clone(), error.into_form_errors()?);
            detail_page(&ctx, desk, id, form).await
        }
    }
}

/// `GET /invitations/{id}/scans/{file}`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn scan(
    State(ctx): State<Context>,
    desk: Desk,
    Path((id, file)): Path<(InvitationId, FileId)>,
) -> Result<Response> {
    desk.actor.require(Action::ReadPanels, &Owner::ALLIANCE)?;
    let (row, bytes) = files::read(ctx.store.read(), record_answer::scans(id), file).await?;
    let name: String = form_urlencoded::byte_serialize(row.name.as_bytes()).collect();
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(&row.media_type).map_err(Error::internal)?,
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&format!(
            "attachment; filename*=UTF-8''{}",
            name.replace('+', "%20")
        ))
        .map_err(Error::internal)?,
    );
    Ok((headers, bytes).into_response())
}

/// Whether an answer of `line` may still be recorded, for the panel's page.
pub(super) fn may_record(ctx: &Context, line: &Line) -> bool {
    let asked = rules::Question::of(&line.assignment, &line.invitation, false, ctx.now());
    !asked.closed
}
