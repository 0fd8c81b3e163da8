//! `/mails`: what left, what waits, and why.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{extract::State, response::Response};
use chrono::{DateTime, Duration, Utc};
use entity::{
    ids::{MailId, PersonId},
    mail::{self, MailState},
    person,
};
use sea_orm::PaginatorTrait;

use super::{
    mail_controls::controls,
    query::{self, Filter, PAGE, TABS},
    words,
};
use crate::{
    accounts::{Action, Desk, Owner, policy},
    foundation::{
        calendar::OfficeClock,
        context::Context,
        error::{Error, FieldErrors, Result},
        mail::{Registry, channel, control, reply_in_words, suppression},
        ui::{
            Fields, Form, Notice, NoticeKind, Shell, Tag, dates,
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
    given_up: u64,
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

pub(super) struct Line {
    pub(super) id: MailId,
    pub(super) at: String,
    pub(super) name: String,
    pub(super) sample: bool,
    pub(super) address: String,
    pub(super) subject: String,
    pub(super) cause: String,
    pub(super) kind: String,
    pub(super) state: Tag,
    pub(super) detail: String,
    pub(super) attempts: i32,
    pub(super) class: &'static str,
    pub(super) controls: Vec<(&'static str, &'static str)>,
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
    let kept = Duration::days(ctx.config.mail.keep_bytes_days);
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
                reply_in_words(&closed.reply),
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
        given_up: suppression::count(db).await?,
        back: address(&fields, &[]),
        first: (number - 1) * PAGE + 1,
        last: (number - 1) * PAGE + shown,
        total,
        previous: (number > 1).then(|| at_page(number - 1)),
        following: (number * PAGE < total).then(|| at_page(number + 1)),
        form: Form::refused(fields, errors),
    }))
}

/// A mail as it is listed.
pub(super) fn line(
    ctx: &Context,
    registry: &Registry,
    row: mail::Model,
    person: Option<&person::Model>,
    quiet_until: Option<DateTime<Utc>>,
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

/// The persons written to, to say who is made up.
pub(super) async fn people_of(
    ctx: &Context,
    rows: &[mail::Model],
) -> Result<HashMap<PersonId, person::Model>> {
    let ids: Vec<_> = rows.iter().filter_map(|row| row.person_id).collect();
    people::by_ids(ctx.store.read(), &ids).await
}

/// When the night ends, while it is quiet.
pub(super) fn quiet_until(ctx: &Context) -> Result<Option<DateTime<Utc>>> {
    let calendar = ctx.calendar();
    let clock = OfficeClock::new(&calendar, ctx.office_hours()).map_err(Error::internal)?;
    Ok(clock.quiet(ctx.now(), false))
}

/// The list with some of its fields changed; empty ones are left out, and so is what was done.
pub(super) fn address(fields: &Fields, changes: &[(&str, &str)]) -> String {
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
