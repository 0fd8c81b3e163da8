//! How many mails may leave: a minute, a day, and a minute to one recipient domain. The counts are
//! rows shared by all instances, taken under one lock, and finer than the limits, so that the limit
//! holds for every sixty seconds and every 24 hours, wherever they begin.

use std::collections::HashMap;

use chrono::{DateTime, Duration, DurationRound, Utc};
use entity::mail_quota;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use crate::foundation::{config::MailConfig, error::Result, store::WriteTx};

/// The row whose lock lets one instance at a time decide what leaves.
const GATE: &str = "gate";

/// A kind of window: its name, the grain in which it is counted, and its length.
struct Window {
    name: &'static str,
    grain: Duration,
    length: Duration,
}

const MINUTE: Window = Window {
    name: "minute",
    grain: Duration::seconds(5),
    length: Duration::seconds(60),
};
const DAY: Window = Window {
    name: "day",
    grain: Duration::hours(1),
    length: Duration::hours(24),
};
const DOMAIN: Window = Window {
    name: "domain",
    grain: Duration::seconds(5),
    length: Duration::seconds(60),
};

impl Window {
    /// Key of the row that counts at `now`, and when it stops to matter: a grain after the last
    /// instant of which something in it may be younger than the window is long.
    fn row(&self, of: &str, now: DateTime<Utc>) -> (String, DateTime<Utc>) {
        let begin = now.duration_trunc(self.grain).unwrap_or(now);
        let key = format!("{}:{of}:{}", self.name, begin.timestamp());
        (key, begin + self.grain + self.length)
    }
}

/// What may leave now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Budget {
    /// Mails in general.
    pub any: bool,
    /// Urgent mails, which also have the last tenth.
    pub urgent: bool,
    /// Domains that had their share.
    pub full_domains: Vec<String>,
}

/// Waits for the turn of this instance.
pub(super) async fn pass_gate(tx: &WriteTx) -> Result<()> {
    let row = mail_quota::ActiveModel {
        window: Set(GATE.to_owned()),
        used: Set(0),
        expires_at: Set(DateTime::<Utc>::UNIX_EPOCH),
    };
    mail_quota::Entity::insert(row)
        .on_conflict(
            OnConflict::column(mail_quota::Column::Window)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.db())
        .await?;
    mail_quota::Entity::find_by_id(GATE.to_owned())
        .lock_exclusive()
        .one(tx.db())
        .await?;
    Ok(())
}

/// Reads what is left. Only after [`pass_gate`].
pub(super) async fn budget(
    tx: &WriteTx,
    limits: &MailConfig,
    now: DateTime<Utc>,
) -> Result<Budget> {
    let rows = mail_quota::Entity::find()
        .filter(mail_quota::Column::ExpiresAt.gt(now))
        .all(tx.db())
        .await?;
    let counts = rows.iter().map(|row| (row.window.as_str(), row.used));
    Ok(left(counts, limits))
}

/// The arithmetic of [`budget`], over (key, count) of rows that still matter.
fn left<'a>(counts: impl Iterator<Item = (&'a str, i32)>, limits: &MailConfig) -> Budget {
    let (mut minute, mut day) = (0_i64, 0_i64);
    let mut domains: HashMap<&str, i64> = HashMap::new();
    for (key, used) in counts {
        let mut parts = key.splitn(2, ':');
        let (name, rest) = (parts.next(), parts.next().unwrap_or_default());
        let used = i64::from(used);
        if name == Some(MINUTE.name) {
            minute += used;
        } else if name == Some(DAY.name) {
            day += used;
        } else if name == Some(DOMAIN.name) {
            let domain = rest.rsplit_once(':').map_or(rest, |(domain, _)| domain);
            *domains.entry(domain).or_default() += used;
        }
    }
    let below = |used: i64, limit: u32| used < i64::from(limit);
    let general = |limit: u32| Ord::max(limit - limit / 10, 1);
    let mut full_domains: Vec<String> = domains
        .into_iter()
        .filter(|(_, used)| !below(*used, limits.per_domain_minute))
        .map(|(domain, _)| domain.to_owned())
        .collect();
    full_domains.sort();
    Budget {
        any: below(minute, general(limits.per_minute)) && below(day, general(limits.per_day)),
        urgent: below(minute, limits.per_minute) && below(day, limits.per_day),
        full_domains,
    }
}

/// Counts one mail to `domain`.
pub(super) async fn take(tx: &WriteTx, domain: &str, now: DateTime<Utc>) -> Result<()> {
    for (window, of) in [(MINUTE, ""), (DAY, ""), (DOMAIN, domain)] {
        let (key, expires_at) = window.row(of, now);
        let row = mail_quota::ActiveModel {
            window: Set(key),
            used: Set(1),
            expires_at: Set(expires_at),
        };
        mail_quota::Entity::insert(row)
            .on_conflict(
                OnConflict::column(mail_quota::Column::Window)
                    .value(
                        mail_quota::Column::Used,
                        Expr::col((mail_quota::Entity, mail_quota::Column::Used)).add(1),
                    )
                    .to_owned(),
            )
            .exec_without_returning(tx.db())
            .await?;
    }
    Ok(())
}

/// Takes away counts that no longer matter.
pub(super) async fn forget(tx: &WriteTx, now: DateTime<Utc>) -> Result<()> {
    mail_quota::Entity::delete_many()
        .filter(mail_quota::Column::ExpiresAt.lte(now))
        .filter(mail_quota::Column::Window.ne(GATE))
        .exec(tx.db())
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, VecDeque};

    use proptest::prelude::*;

    use super::*;
    use crate::foundation::config::Config;

    fn limits() -> MailConfig {
        Config::load(None).unwrap().mail
    }

    #[test]
    fn the_last_tenth_is_for_urgent_mails() {
        let limits = limits();
        let at = |used| left([("minute::0", used)].into_iter(), &limits);
        assert!(at(17).any && at(17).urgent);
        assert!(!at(18).any && at(18).urgent);
        assert!(!at(20).any && !at(20).urgent);
        let day = left([("day::0", 405)].into_iter(), &limits);
        assert!(!day.any && day.urgent);
    }

    #[test]
    fn a_full_domain_stops_only_itself() {
        let rows = [
            ("domain:qq.com:0", 12),
            ("domain:qq.com:5", 8),
            ("domain:163.com:5", 19),
        ];
        let budget = left(rows.into_iter(), &limits());
        assert!(budget.any);
        assert_eq!(budget.full_domains, ["qq.com"]);
    }

    proptest! {
        /// However the tries fall, no sixty seconds hold more than the limit.
        #[test]
        fn no_sixty_seconds_hold_more(gaps in proptest::collection::vec(0_i64..9_000, 1..300)) {
            let limits = limits();
            let mut rows: BTreeMap<String, (i32, DateTime<Utc>)> = BTreeMap::new();
            let mut sent: VecDeque<DateTime<Utc>> = VecDeque::new();
            let mut now = DateTime::<Utc>::UNIX_EPOCH + Duration::milliseconds(1_234);
            for gap in gaps {
                now += Duration::milliseconds(gap);
                let counting = rows.iter().filter(|(_, (_, until))| *until > now);
                let counts: Vec<_> = counting.map(|(key, (used, _))| (key.as_str(), *used)).collect();
                if left(counts.into_iter(), &limits).urgent {
                    let (key, until) = MINUTE.row("", now);
                    rows.entry(key).or_insert((0, until)).0 += 1;
                    sent.push_back(now);
                    while sent.front().is_some_and(|first| now - *first > MINUTE.length) {
                        sent.pop_front();
                    }
                    prop_assert!(sent.len() <= limits.per_minute as usize);
                }
            }
        }
    }
}
