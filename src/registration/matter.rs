//! What a registration is about, as its mails, link pages and calendars tell it.

use chrono::{DateTime, Timelike, Utc};
use chrono_tz::Tz;
use entity::{ids::EnrolmentId, registration, sitting};
use serde::{Deserialize, Serialize};

use crate::foundation::{
    calendar::{Event, Status, When},
    ui::dates,
};

/// Longest title in a subject line, in characters: mail programs cut longer ones.
const SUBJECT_TITLE: usize = 24;
/// Sittings listed in a mail; the page and the feed have all.
const LISTED: usize = 12;

/// Facts of a registration, frozen when a mail is queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// Title.
    pub title: String,
    /// Begin of the first sitting.
    pub from: DateTime<Utc>,
    /// End of the last.
    pub to: DateTime<Utc>,
    /// Place, or online room.
    pub place: String,
    /// Whose wall clock its times are told by, an IANA name.
    pub zone: String,
    /// Whom to call.
    pub contact: String,
    /// What takes place when.
    pub sittings: Vec<Part>,
}

/// A sitting in a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it is.
    pub label: String,
    /// Begin.
    pub from: DateTime<Utc>,
    /// End.
    pub to: DateTime<Utc>,
    /// Place; empty where it is that of the whole.
    pub place: String,
}

/// A person's entry in the calendar: which, and which version of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Whose; the entry's UID follows from it.
    pub enrolment: EnrolmentId,
    /// Higher than that of every entry sent before.
    pub sequence: i32,
    /// Takes the entry out.
    pub cancelled: bool,
}

impl Matter {
    /// The facts of a row and its sittings.
    pub fn of(row: &registration::Model, sittings: &[sitting::Model]) -> Self {
        Self {
            title: row.title.clone(),
            from: row.starts_at,
            to: row.ends_at,
            place: row.place.clone(),
            zone: row.zone.clone(),
            contact: row.contact.clone(),
            sittings: sittings
                .iter()
                .map(|one| Part {
                    label: one.label.clone(),
                    from: one.from_at,
                    to: one.to_at,
                    place: if one.place == row.place {
                        String::new()
                    } else {
                        one.place.clone()
                    },
                })
                .collect(),
        }
    }

    /// The zone of its wall clocks; `other` where it is not known any more.
    pub fn clock(&self, other: Tz) -> Tz {
        self.zone.parse().unwrap_or(other)
    }

    /// The title for a subject line, cut to what mail programs show.
    pub fn short_title(&self) -> String {
        if self.title.chars().count() <= SUBJECT_TITLE {
            return self.title.clone();
        }
        let head: String = self.title.chars().take(SUBJECT_TITLE - 1).collect();
        format!("{head}…")
    }

    /// When: 10月20日（周二）09:00–16:30, or from day to day; with the name of the zone where it is not
    /// the office's.
    pub fn time(&self, office: Tz) -> String {
        let zone = self.clock(office);
        let text = span(self.from, self.to, zone);
        if zone == office {
            text
        } else {
            format!("{text}（{}当地时间）", zone.name())
        }
    }

    /// Facts as (label, value); empty values are left to the letter to drop.
    pub fn lines(&self, office: Tz) -> Vec<(&'static str, String)> {
        vec![
            ("名称", self.title.clone()),
            ("时间", self.time(office)),
            ("地点", self.place.clone()),
            ("联系人", self.contact.clone()),
        ]
    }

    /// What takes place when, a line each; nothing where the facts say it already.
    pub fn programme(&self, office: Tz) -> Vec<String> {
        if self.sittings.len() < 2 {
            return Vec::new();
        }
        let zone = self.clock(office);
        let mut lines: Vec<String> = self
            .sittings
            .iter()
            .take(LISTED)
            .map(|one| {
                let place = if one.place.is_empty() {
                    String::new()
                } else {
                    format!("，{}", one.place)
                };
                format!("{} {}{place}", span(one.from, one.to, zone), one.label)
            })
            .collect();
        if self.sittings.len() > LISTED {
            lines.push(format!("共 {} 节，其余见链接页面", self.sittings.len()));
        }
        lines
    }

    /// The whole as an entry of a person's calendar. Over several days it stands as whole days with
    /// the sittings in the text, so that nights are not shown as taken; the feed has each sitting.
    /// It carries no link: calendars are shared.
    pub fn event(&self, of: &Entry, stamp: DateTime<Utc>, office: Tz) -> Event {
        let zone = self.clock(office);
        let (first, last) = (
            dates::local_date(self.from, zone),
            dates::local_date(self.to, zone),
        );
        let when = if first == last {
            When::Times {
                start: self.from,
                end: self.to,
            }
        } else {
            When::Days { first, last }
        };
        let mut text = self.programme(office);
        text.push(format!("联系人：{}", self.contact));
        Event {
            uid: format!("enrolment-{}@expert-pool", of.enrolment),
            sequence: u32::try_from(of.sequence).unwrap_or(0),
            stamp,
            when,
            zone,
            status: if of.cancelled {
                Status::Cancelled
            } else {
                Status::Confirmed
            },
            summary: self.title.clone(),
            description: text.join("\n"),
            location: self.place.clone(),
            url: None,
        }
    }
}

/// From instant to instant on the clocks of `zone`: `10月20日（周二）09:00–16:30`, and over several days
/// `10月20日（周二）09:00 至 10月21日（周三）16:30`.
pub(super) fn span(from: DateTime<Utc>, to: DateTime<Utc>, zone: Tz) -> String {
    if dates::local_date(from, zone) == dates::local_date(to, zone) {
        format!("{}–{}", dates::deadline(from, zone), clock(to, zone))
    } else {
        format!(
            "{} 至 {}",
            dates::deadline(from, zone),
            dates::deadline(to, zone)
        )
    }
}

fn clock(instant: DateTime<Utc>, zone: Tz) -> String {
    let local = instant.with_timezone(&zone);
    format!("{:02}:{:02}", local.hour(), local.minute())
}
