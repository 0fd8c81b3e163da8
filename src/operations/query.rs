//! Queries of the mail list and the run ledger.

use std::collections::HashMap;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::{
    mail::{self, MailState},
    schedule_slot::{self, SlotState},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};

use crate::foundation::{
    calendar::local_to_utc,
    error::Result,
    search::{LIKE_ESCAPE, like_contains},
};

/// Lines of a page.
pub(super) const PAGE: u64 = 50;

/// A tab of the mail list: its word in the address, its label, the states behind it.
pub(super) type Tab = (&'static str, &'static str, &'static [MailState]);

/// The tabs, in order.
pub(super) const TABS: &[Tab] = &[
    ("", "全部", &[]),
    (
        "open",
        "要处理",
        &[MailState::Failed, MailState::Unknown, MailState::Suppressed],
    ),
    ("ready", "待发", &[MailState::Ready, MailState::Leased]),
    ("held", "暂缓", &[MailState::Held]),
    ("deferred", "稍后重试", &[MailState::Deferred]),
    ("sent", "已发出", &[MailState::Sent]),
    ("cancelled", "已取消", &[MailState::Cancelled]),
];

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    /// Part of recipient, address, subject or cause.
    pub text: String,
    /// Kind of mail, or empty.
    pub kind: String,
    /// Day on which it was queued.
    pub day: Option<NaiveDate>,
}

/// Mails that may be shown, by `filter`; secret ones never.
pub(super) fn mails(filter: &Filter, zone: Tz) -> Select<mail::Entity> {
    let mut query = mail::Entity::find().filter(mail::Column::ConfidentialLinks.eq(false));
    if !filter.text.is_empty() {
        let pattern = || LikeExpr::new(like_contains(&filter.text)).escape(LIKE_ESCAPE);
        let found = [
            mail::Column::RecipientName,
            mail::Column::Address,
            mail::Column::SubjectLine,
            mail::Column::Cause,
        ]
        .into_iter()
        .fold(Condition::any(), |any, column| {
            any.add(Expr::col((mail::Entity, column)).like(pattern()))
        });
        query = query.filter(found);
    }
    if !filter.kind.is_empty() {
        query = query.filter(mail::Column::Kind.eq(&filter.kind));
    }
    if let Some(day) = filter.day {
        let (begin, end) = bounds(day, zone);
        query = query
            .filter(mail::Column::CreatedAt.gte(begin))
            .filter(mail::Column::CreatedAt.lt(end));
    }
    query
}

/// Begin and end of a day.
fn bounds(day: NaiveDate, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
    let midnight = |day: NaiveDate| local_to_utc(day.and_time(chrono::NaiveTime::MIN), zone);
    (
        midnight(day),
        midnight(day.checked_add_days(Days::new(1)).unwrap_or(day)),
    )
}

/// `query` narrowed to a tab. What was given up longer than `kept` ago cannot be helped any more.
pub(super) fn of_tab(
    query: Select<mail::Entity>,
    (code, _, states): &Tab,
    now: DateTime<Utc>,
    kept: Duration,
) -> Select<mail::Entity> {
    let query = match states {
        [] => query,
        states => query.filter(mail::Column::State.is_in(states.iter().copied())),
    };
    if *code == "open" {
        query.filter(mail::Column::UpdatedAt.gt(now - kept))
    } else {
        query
    }
}

/// A page of mails, newest first; bytes and facts are not needed there.
pub(super) async fn page_of<C: ConnectionTrait>(
    db: &C,
    query: Select<mail::Entity>,
    number: u64,
) -> Result<Vec<mail::Model>> {
    Ok(query
        .order_by_desc(mail::Column::CreatedAt)
        .order_by_desc(mail::Column::Id)
        .offset((number - 1) * PAGE)
        .limit(PAGE)
        .all(db)
        .await?)
}

/// The names under which mails went to each of `addresses` (lower case).
pub(super) async fn names_at<C: ConnectionTrait>(
    db: &C,
    addresses: &[&str],
) -> Result<HashMap<String, String>> {
    let lower = || Expr::expr(Func::lower(Expr::col(mail::Column::Address)));
    let found: Vec<(String, String)> = mail::Entity::find()
        .select_only()
        .expr(lower())
        .column(mail::Column::RecipientName)
        .filter(lower().is_in(addresses.iter().copied()))
        .distinct()
        .order_by_asc(mail::Column::RecipientName)
        .into_tuple()
        .all(db)
        .await?;
    let mut names: HashMap<String, String> = HashMap::new();
    for (address, name) in found {
        let known = names.entry(address).or_default();
        if !known.is_empty() {
            known.push('、');
        }
        known.push_str(&name);
    }
    Ok(names)
}

/// Mails of a day: all, and those that have left.
pub(super) async fn of_day<C: ConnectionTrait>(
    db: &C,
    day: NaiveDate,
    zone: Tz,
) -> Result<(u64, u64)> {
    let filter = Filter {
        day: Some(day),
        ..Filter::default()
    };
    let all = mails(&filter, zone).count(db).await?;
    let sent = mails(&filter, zone)
        .filter(mail::Column::State.eq(MailState::Sent))
        .count(db)
        .await?;
    Ok((all, sent))
}

/// Entries of the run ledger, newest first; those that found nothing to do only with `all`.
pub(super) fn runs(all: bool) -> Select<schedule_slot::Entity> {
    let query = schedule_slot::Entity::find()
        .order_by_desc(schedule_slot::Column::DueAt)
        .order_by_asc(schedule_slot::Column::Rule);
    if all {
        return query;
    }
    query.filter(
        Condition::any()
            .add(schedule_slot::Column::State.ne(SlotState::Done))
            .add(schedule_slot::Column::Handled.gt(0)),
    )
}

/// The last run of a rule.
pub(super) async fn last_run<C: ConnectionTrait>(
    db: &C,
    rule: &str,
) -> Result<Option<schedule_slot::Model>> {
    Ok(schedule_slot::Entity::find()
        .filter(schedule_slot::Column::Rule.eq(rule))
        .order_by_desc(schedule_slot::Column::DueAt)
        .one(db)
        .await?)
}
