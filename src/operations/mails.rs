//! `/mails`: what left, what waits, and why.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use entity::{
    ids::{MailId, PersonId},
    mail::{self, MailState},
    person,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::{
    query::{self, Filter, PAGE, TABS},
    words,
};
use crate::{
    accounts::{
        Action, Desk, Owner,
        audit::{self, Entry},
        policy,
    },
    foundation::{
        calendar::OfficeClock,
        context::Context,
        error::{Error, FieldErrors, Result},
        mail::{LetterDesk, Registry, channel, control, control::Control, mask_links, read, text},
        ui::{
            Fields, Form, Notice, NoticeKind, Shell, Submission, Tag, dates,
            form::{Choice, choices},
            page,
        },
    },
    people::{self, mask},
};

#[derive(Template)]
#[template(path = "operations/templates/mails.html")]
struct ListPage {
    shell: Shell,
    form: Form,
    kinds: Vec<Choice>,
    tabs: Vec<TabLine>,
    rows: Vec<Line>,
    today: (u64, u64),
    may_manage: bool,
    held_together: bool,
    back: String,
    first: u64,
    last: u64,
    total: u64,
    previous: Option<String>,
    following: Option<String>,
}

struct TabLine {
    label: &'static str,
    href: String,
    count: u64,
    current: bool,
}

struct Line {
    id: MailId,
    at: String,
    name: String,
    sample: bool,
    address: String,
    subject: String,
    cause: String,
    kind: String,
    state: Tag,
    detail: String,
    attempts: i32,
    class: &'static str,
    controls: Vec<(&'static str, &'static str)>,
}

/// `GET /mails`
///
/// # Errors
/// [`Error::NotFound`] for people who may not see it.
pub async fn list(
    State(ctx): State<Context>,
    State(registry): State<Arc<Registry>>,
    desk: Desk,
    fields: Fields,
) -> Result<Response> {
    desk.actor
        .require(Action::ReadOperations, &Owner::ALLIANCE)?;
    let db = ctx.store.read();
    let now = ctx.now();
    let mut errors = FieldErrors::default();
    let filter = Filter {
        text: fields.text("q").to_owned(),
        kind: fields.text("kind").to_owned(),
        day: fields.date("day", &mut errors),
    };
    let kept = chrono::Duration::days(ctx.config.mail.keep_bytes_days);
    let found = query::mails(&filter, ctx.zone());
    let chosen = TABS
        .iter()
        .find(|(code, ..)| *code == fields.text("show"))
        .unwrap_or(&TABS[0]);
    let mut tabs = Vec::new();
    let mut total = 0;
    for tab in TABS {
        let count = query::of_tab(found.clone(), tab, now, kept)
            .count(db)
            .await?;
        let current = tab.0 == chosen.0;
        if current {
            total = count;
        }
        tabs.push(TabLine {
            label: tab.1,
            href: address(&fields, &[("show", tab.0), ("page", "")]),
            count,
            current,
        });
    }
    let number = fields.text("page").parse().unwrap_or(1).max(1);
    let rows = query::page_of(db, query::of_tab(found, chosen, now, kept), number).await?;
    let people = people_of(&ctx, &rows).await?;
    let quiet_until = quiet_until(&ctx)?;
    let may_manage = policy::allows(&desk.actor, Action::ManageOperations, &Owner::ALLIANCE);
    let shown = u64::try_from(rows.len()).unwrap_or(PAGE);
    let held_together = control::any_held_together(db).await?;
    let mut shell = desk.shell;
    if let Some(closed) = channel::closed(db).await? {
        shell.notice = Some(Notice {
            kind: NoticeKind::Bad,
            title: "邮件服务器暂时不能用，邮件都在排队".to_owned(),
            text: format!(
                "{} 起{}；{} 再试。",
                dates::moment(closed.since, ctx.zone()),
                words::reply(&closed.reply),
                dates::moment(closed.retry_at, ctx.zone())
            ),
        });
    }
    let mut kinds = vec![("", "全部种类")];
    kinds.extend(registry.kinds());
    let at_page = |number: u64| address(&fields, &[("page", &number.to_string())]);
    Ok(page(&ListPage {
        shell,
        kinds: choices(kinds),
        tabs,
        rows: rows
            .into_iter()
            .map(|row| {
                let person = row.person_id.and_then(|id| people.get(&id));
                line(&ctx, &registry, row, person, quiet_until, may_manage)
            })
            .collect(),
        today: query::of_day(db, ctx.today(), ctx.zone()).await?,
        may_manage,
        held_together,
        back: address(&fields, &[]),
        first: (number - 1) * PAGE + 1,
        last: (number - 1) * PAGE + shown,
        total,
        previous: (number > 1).then(|| at_page(number - 1)),
        following: (number * PAGE < total).then(|| at_page(number + 1)),
        form: Form::refused(fields, errors),
    }))
}

fn line(
    ctx: &Context,
    registry: &Registry,
    row: mail::Model,
    person: Option<&person::Model>,
    quiet_until: Option<chrono::DateTime<chrono::Utc>>,
    may_manage: bool,
) -> Line {
    let label = registry.label(&row.kind).to_owned();
    Line {
        id: row.id,
        at: dates::moment(row.created_at, ctx.zone()),
        sample: person.is_some_and(|person| person.sample),
        address: row
            .address
            .as_deref()
            .map_or_else(|| "无邮箱".to_owned(), mask::email),
        subject: row.subject_line.clone().unwrap_or_else(|| label.clone()),
        detail: words::detail(&row, quiet_until, ctx.now(), ctx.zone()),
        state: words::tag(row.state),
        class: match row.state {
            MailState::Failed | MailState::Unknown => "late",
            MailState::Suppressed | MailState::Cancelled => "off",
            _ => "",
        },
        controls: if may_manage {
            controls(ctx, &row)
        } else {
            Vec::new()
        },
        attempts: row.attempts,
        name: row.recipient_name,
        cause: row.cause,
        kind: label,
    }
}

/// (word of the address, what the button says) of everything that fits the mail.
fn controls(ctx: &Context, row: &mail::Model) -> Vec<(&'static str, &'static str)> {
    CONTROLS
        .iter()
        .filter(|(control, ..)| control::fits(row, *control, ctx.now()))
        .map(|(_, word, button, ..)| (*word, *button))
        .collect()
}

/// Control, word of the address, button, what is said afterwards, what the audit trail says.
const CONTROLS: &[(Control, &str, &str, &str, &str)] = &[
    (
        Control::Release,
        "release",
        "放行",
        "released",
        "mail.released",
    ),
    (Control::Retry, "retry", "重试", "retried", "mail.retried"),
    (
        Control::SendNow,
        "send-now",
        "现在发",
        "retried",
        "mail.sent_now",
    ),
    (Control::Hold, "hold", "暂缓", "held", "mail.held"),
];

#[derive(Template)]
#[template(path = "operations/templates/mail.html")]
struct MailPage {
    shell: Shell,
    line: Line,
    may_hold: bool,
    back: String,
    not_before: String,
    sent_at: String,
    last_reply: String,
    body: Option<String>,
    frozen: bool,
}

/// `GET /mails/{id}`
///
/// # Errors
/// [`Error::NotFound`] for people who may not see it, and for mails that nobody sees.
pub async fn show(
    State(ctx): State<Context>,
    State(registry): State<Arc<Registry>>,
    Path(id): Path<MailId>,
    desk: Desk,
) -> Result<Response> {
    desk.actor
        .require(Action::ReadOperations, &Owner::ALLIANCE)?;
    let row = mail::Entity::find_by_id(id)
        .filter(mail::Column::ConfidentialLinks.eq(false))
        .one(ctx.store.read())
        .await?
        .ok_or(Error::NotFound)?;
    let body = body(&ctx, &registry, &row).map(|body| mask_links(&body));
    let frozen = row.bytes.is_some();
    let moment = |instant: Option<_>| {
        instant.map_or_else(String::new, |instant| dates::moment(instant, ctx.zone()))
    };
    let waits = matches!(row.state, MailState::Ready | MailState::Deferred);
    let not_before = moment(Some(row.not_before).filter(|_| waits));
    let sent_at = moment(row.sent_at);
    let last_reply = said_by_server(&row);
    let people = people_of(&ctx, std::slice::from_ref(&row)).await?;
    let person = row.person_id.and_then(|id| people.get(&id));
    let may_manage = policy::allows(&desk.actor, Action::ManageOperations, &Owner::ALLIANCE);
    let mut line = line(&ctx, &registry, row, person, quiet_until(&ctx)?, may_manage);
    let may_hold = line.controls.iter().any(|(word, _)| *word == "hold");
    line.controls.retain(|(word, _)| *word != "hold");
    Ok(page(&MailPage {
        shell: desk.shell,
        may_hold,
        back: format!("/mails/{id}"),
        line,
        not_before,
        sent_at,
        last_reply,
        body,
        frozen,
    }))
}

/// The text of the mail: as it left, or as it would leave now; none once it is blanked.
fn body(ctx: &Context, registry: &Registry, row: &mail::Model) -> Option<String> {
    if let Some(bytes) = &row.bytes {
        return read(bytes).map(|mail| mail.text);
    }
    let desk = LetterDesk {
        links: &ctx.links,
        office: &ctx.config.office,
        zone: ctx.zone(),
        recipient: &row.recipient_name,
        now: ctx.now(),
    };
    let letter = registry.letter(&row.kind, &row.facts, &desk).ok()?;
    Some(text(&letter, &ctx.config.office))
}

/// The server's own words, where there are some; the address in them is masked.
fn said_by_server(row: &mail::Model) -> String {
    let reply = row.last_reply.as_deref().unwrap_or_default();
    let by_server = reply.starts_with(|c: char| c.is_ascii_digit());
    match &row.address {
        _ if !by_server => String::new(),
        Some(address) => reply.replace(address.as_str(), &mask::email(address)),
        None => reply.to_owned(),
    }
}

/// `POST /mails/{id}/{control}`
///
/// # Errors
/// [`Error::NotFound`] for people who may not do this, a conflict when the mail has moved on.
pub async fn control(
    State(ctx): State<Context>,
    Path((id, word)): Path<(MailId, String)>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageOperations, &Owner::ALLIANCE)?;
    let (wanted, _, _, done, action) = CONTROLS
        .iter()
        .find(|(_, known, ..)| *known == word)
        .ok_or(Error::NotFound)?;
    let mut errors = FieldErrors::default();
    let reason = fields.optional("reason", 60, &mut errors);
    errors.into_result(())?;
    let by = if reason.is_empty() {
        desk.actor.name.clone()
    } else {
        format!("{}：{reason}", desk.actor.name)
    };
    let tx = ctx.store.begin().await?;
    control::apply(&tx, id, *wanted, &by).await?;
    let entry = Entry {
        actor: Some(desk.actor.person),
        action,
        subject_kind: "mail",
        subject_id: Some(id.0),
        details: json!({ "reason": reason }),
    };
    audit::record(&tx, entry).await?;
    tx.commit().await?;
    Ok(back_to(&fields, done))
}

/// `POST /mails/hold-all`
///
/// # Errors
/// [`Error::NotFound`] for people who may not do this.
pub async fn hold_all(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageOperations, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let count = control::hold_all(&tx, &desk.actor.name).await?;
    record_all(&tx, desk.actor.person, "mail.held_all", count).await?;
    tx.commit().await?;
    Ok(back_to(&fields, "held"))
}

/// `POST /mails/release-all`
///
/// # Errors
/// [`Error::NotFound`] for people who may not do this.
pub async fn release_all(
    State(ctx): State<Context>,
    desk: Desk,
    Submission { fields, .. }: Submission,
) -> Result<Response> {
    desk.actor
        .require(Action::ManageOperations, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let count = control::release_all(&tx).await?;
    record_all(&tx, desk.actor.person, "mail.released_all", count).await?;
    tx.commit().await?;
    Ok(back_to(&fields, "released"))
}

async fn record_all(
    tx: &crate::foundation::store::WriteTx,
    actor: PersonId,
    action: &'static str,
    count: u64,
) -> Result<()> {
    let entry = Entry {
        actor: Some(actor),
        action,
        subject_kind: "mail",
        subject_id: None,
        details: json!({ "count": count }),
    };
    audit::record(tx, entry).await?;
    Ok(())
}

async fn people_of(
    ctx: &Context,
    rows: &[mail::Model],
) -> Result<std::collections::HashMap<PersonId, person::Model>> {
    let ids: Vec<_> = rows.iter().filter_map(|row| row.person_id).collect();
    people::by_ids(ctx.store.read(), &ids).await
}

fn quiet_until(ctx: &Context) -> Result<Option<chrono::DateTime<chrono::Utc>>> {
    let calendar = ctx.calendar();
    let clock = OfficeClock::new(&calendar, ctx.office_hours()).map_err(Error::internal)?;
    Ok(clock.quiet(ctx.now(), false))
}

/// The list with some of its fields changed; empty ones are left out, and so is what was done.
fn address(fields: &Fields, changes: &[(&str, &str)]) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for name in ["q", "kind", "day", "show", "page"] {
        let changed = changes.iter().find(|(changed, _)| *changed == name);
        let value = changed.map_or_else(|| fields.text(name), |(_, value)| value);
        if !value.is_empty() {
            pairs.append_pair(name, value);
        }
    }
    format!("/mails?{}", pairs.finish())
}

/// To the page of mails that the form came from, saying what was done.
fn back_to(fields: &Fields, done: &str) -> Response {
    let back = fields.text("back");
    let (path, query) = back.split_once('?').unwrap_or((back, ""));
    let one = path.strip_prefix("/mails/").and_then(|id| id.parse().ok());
    let place = match one {
        Some(MailId(id)) => format!("/mails/{id}?"),
        None => {
            let list = address(&Fields::from_urlencoded(query.as_bytes()), &[]);
            if list.ends_with('?') {
                list
            } else {
                list + "&"
            }
        }
    };
    Redirect::to(&format!("{place}done={done}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_leads_to_mails_only() {
        for (back, place) in [
            (
                "/mails?show=held&page=2&done=held",
                "/mails?show=held&page=2&done=released",
            ),
            ("/mails?", "/mails?done=released"),
            ("//evil.example.org/?q=1", "/mails?q=1&done=released"),
            ("/mails/../sign-out", "/mails?done=released"),
            (
                "/mails/00000000-0000-0000-0000-000000000007",
                "/mails/00000000-0000-0000-0000-000000000007?done=released",
            ),
        ] {
            let response = back_to(&Fields::default().with("back", back), "released");
            assert_eq!(response.headers()["location"], place);
        }
    }
}
