//! Calendar parts of mails and calendar feeds (RFC 5545, RFC 5546).

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{
    fold::{Lines, quoted},
    local_to_utc,
    vtimezone::write_zone,
};

/// When an event takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// From one instant to another.
    Times {
        /// Begin.
        start: DateTime<Utc>,
        /// End.
        end: DateTime<Utc>,
    },
    /// Whole days, for example a visit.
    Days {
        /// First day.
        first: NaiveDate,
        /// Last day, included.
        last: NaiveDate,
    },
}

/// How certain an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// May still move (暂定).
    Tentative,
    /// Will take place.
    Confirmed,
    /// Will not take place, or not with this person.
    Cancelled,
}

/// One event as one person is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The same for the whole life of the event.
    pub uid: String,
    /// Rises by one with each change of time, place or state, also with the cancellation.
    pub sequence: u32,
    /// When this version was written.
    pub stamp: DateTime<Utc>,
    /// Time of the event.
    pub when: When,
    /// Whose wall clock its times are shown in.
    pub zone: Tz,
    /// Certainty.
    pub status: Status,
    /// Title.
    pub summary: String,
    /// What to know beforehand; may be empty.
    pub description: String,
    /// Place; may be empty.
    pub location: String,
    /// Page of the event.
    pub url: Option<String>,
}

/// Organiser or attendee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Shown name.
    pub name: String,
    /// Mail address.
    pub address: String,
}

/// A calendar part and how to declare it; mail programs refuse a part whose type and text differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarPart {
    /// `REQUEST` or `CANCEL`.
    pub method: &'static str,
    /// The calendar text, CRLF line ends, lines of at most 75 octets.
    pub text: String,
}

impl CalendarPart {
    /// The MIME type of the part.
    pub fn content_type(&self) -> String {
        format!("text/calendar; method={}; charset=utf-8", self.method)
    }
}

/// The part that puts `event` into the attendee's calendar, moves it there, or, if it is
/// cancelled, takes it out.
///
/// No answer is asked for in the calendar: people answer by their link, and an answer given by
/// whom the mail was forwarded to would count for the wrong person.
pub fn invite(event: &Event, organizer: &Party, attendee: &Party) -> CalendarPart {
    let method = if event.status == Status::Cancelled {
        "CANCEL"
    } else {
        "REQUEST"
    };
    let mut lines = Lines::default();
    begin_calendar(&mut lines, method);
    write_zones(&mut lines, std::slice::from_ref(event));
    write_event(&mut lines, event, organizer, Some(attendee));
    lines.raw("END", "VCALENDAR");
    CalendarPart {
        method,
        text: lines.into_text(),
    }
}

/// A calendar of many events to subscribe to, named `name`.
pub fn feed(name: &str, organizer: &Party, events: &[Event]) -> String {
    let mut lines = Lines::default();
    begin_calendar(&mut lines, "PUBLISH");
    lines.text("NAME", name);
    lines.text("X-WR-CALNAME", name);
    lines.raw("REFRESH-INTERVAL;VALUE=DURATION", "PT6H");
    lines.raw("X-PUBLISHED-TTL", "PT6H");
    write_zones(&mut lines, events);
    for event in events {
        write_event(&mut lines, event, organizer, None);
    }
    lines.raw("END", "VCALENDAR");
    lines.into_text()
}

fn begin_calendar(lines: &mut Lines, method: &str) {
    lines.raw("BEGIN", "VCALENDAR");
    lines.raw("VERSION", "2.0");
    lines.raw("PRODID", "-//expert-pool//calendar//ZH");
    lines.raw("CALSCALE", "GREGORIAN");
    lines.raw("METHOD", method);
}

/// One VTIMEZONE for each zone in which an event is timed.
fn write_zones(lines: &mut Lines, events: &[Event]) {
    let mut spans: Vec<(Tz, DateTime<Utc>, DateTime<Utc>)> = Vec::new();
    for event in events {
        let When::Times { start, end } = event.when else {
            continue;
        };
        match spans.iter_mut().find(|(zone, ..)| *zone == event.zone) {
            Some((_, first, last)) => (*first, *last) = ((*first).min(start), (*last).max(end)),
            None => spans.push((event.zone, start, end)),
        }
    }
    for (zone, first, last) in spans {
        // A year around shows a reader the rhythm of summer time, not only the one change.
        write_zone(
            lines,
            zone,
            first - TimeDelta::days(366),
            last + TimeDelta::days(366),
        );
    }
}

fn write_event(lines: &mut Lines, event: &Event, organizer: &Party, attendee: Option<&Party>) {
    lines.raw("BEGIN", "VEVENT");
    lines.text("UID", &event.uid);
    lines.raw("SEQUENCE", &event.sequence.to_string());
    lines.raw("DTSTAMP", &event.stamp.format("%Y%m%dT%H%M%SZ").to_string());
    write_when(lines, event);
    lines.text("SUMMARY", &event.summary);
    for (name, value) in [
        ("DESCRIPTION", &event.description),
        ("LOCATION", &event.location),
    ] {
        if !value.is_empty() {
            lines.text(name, value);
        }
    }
    if let Some(url) = &event.url {
        lines.raw("URL", url);
    }
    let status = match event.status {
        Status::Tentative => "TENTATIVE",
        Status::Confirmed => "CONFIRMED",
        Status::Cancelled => "CANCELLED",
    };
    lines.raw("STATUS", status);
    lines.raw("TRANSP", "OPAQUE");
    lines.raw(
        &format!("ORGANIZER;CN={}", quoted(&organizer.name)),
        &mail_to(&organizer.address),
    );
    if let Some(attendee) = attendee {
        let name = format!(
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE;CN={}",
            quoted(&attendee.name)
        );
        lines.raw(&name, &mail_to(&attendee.address));
    }
    lines.raw("END", "VEVENT");
}

fn write_when(lines: &mut Lines, event: &Event) {
    match event.when {
        When::Times { start, end } => {
            for (name, instant) in [("DTSTART", start), ("DTEND", end)] {
                write_instant(lines, name, instant, event.zone);
            }
        }
        When::Days { first, last } => {
            let end = last.checked_add_days(Days::new(1)).unwrap_or(last);
            for (name, date) in [("DTSTART", first), ("DTEND", end)] {
                lines.raw(
                    &format!("{name};VALUE=DATE"),
                    &date.format("%Y%m%d").to_string(),
                );
            }
        }
    }
}

/// Wall time with its zone; in UTC where the wall time would be read as the other of two instants
/// that clocks set back show alike.
fn write_instant(lines: &mut Lines, name: &str, instant: DateTime<Utc>, zone: Tz) {
    let local = instant.with_timezone(&zone).naive_local();
    if local_to_utc(local, zone) == instant {
        let value = local.format("%Y%m%dT%H%M%S").to_string();
        lines.raw(&format!("{name};TZID={}", zone.name()), &value);
    } else {
        lines.raw(name, &instant.format("%Y%m%dT%H%M%SZ").to_string());
    }
}

fn mail_to(address: &str) -> String {
    format!("mailto:{address}")
}

#[cfg(test)]
mod tests {
    use icalendar::{Calendar, CalendarComponent, Component};

    use super::*;

    fn meeting() -> Event {
        Event {
            uid: "consultation-134-7@expert-pool.example".into(),
            sequence: 2,
            stamp: "2026-09-21T02:00:00Z".parse().unwrap(),
            when: When::Times {
                start: "2026-09-28T06:00:00Z".parse().unwrap(),
                end: "2026-09-28T09:00:00Z".parse().unwrap(),
            },
            zone: Tz::Asia__Shanghai,
            status: Status::Confirmed,
            summary: "《数据中心液冷系统工程验收规范》技术审查会".into(),
            description: "请会前审阅送审稿；\n回执请于 9月24日前送联系人, 谢谢".into(),
            location: "北京市海淀区示例路 8 号".into(),
            url: Some("https://pool.example/w/abc".into()),
        }
    }

    fn office() -> Party {
        Party {
            name: "团体标准化发展联盟秘书处".into(),
            address: "office@example.cn".into(),
        }
    }

    fn expert() -> Party {
        Party {
            name: "沈知行".into(),
            address: "shen@example.cn".into(),
        }
    }

    /// Read back by an independent reader.
    fn parsed(text: &str) -> Calendar {
        text.parse().unwrap()
    }

    fn only_event(calendar: &Calendar) -> &icalendar::Event {
        let events: Vec<_> = calendar.events().collect();
        assert_eq!(events.len(), 1);
        events[0]
    }

    #[test]
    fn a_request_reads_back_as_it_was_meant() {
        let part = invite(&meeting(), &office(), &expert());
        assert_eq!(
            part.content_type(),
            "text/calendar; method=REQUEST; charset=utf-8"
        );
        let calendar = parsed(&part.text);
        assert_eq!(calendar.property_value("METHOD"), Some("REQUEST"));
        let event = only_event(&calendar);
        assert_eq!(
            event.get_uid(),
            Some("consultation-134-7@expert-pool.example")
        );
        assert_eq!(event.get_sequence(), Some(2));
        assert_eq!(
            event.get_summary(),
            Some("《数据中心液冷系统工程验收规范》技术审查会")
        );
        assert_eq!(
            event.get_description(),
            Some(meeting().description.as_str())
        );
        assert_eq!(event.property_value("DTSTART"), Some("20260928T140000"));
        assert_eq!(
            event.properties()["DTSTART"].params()["TZID"].value(),
            "Asia/Shanghai"
        );
        assert_eq!(
            event.property_value("ORGANIZER"),
            Some("mailto:office@example.cn")
        );
        assert_eq!(part.text.matches("\r\nATTENDEE;").count(), 1);
        assert!(calendar.components.iter().any(
            |component| matches!(component, CalendarComponent::Other(other) if other.component_kind() == "VTIMEZONE")
        ));
    }

    #[test]
    fn a_cancellation_keeps_the_uid_and_says_so_in_method_and_status() {
        let cancelled = Event {
            status: Status::Cancelled,
            sequence: 3,
            ..meeting()
        };
        let part = invite(&cancelled, &office(), &expert());
        assert_eq!(part.method, "CANCEL");
        let calendar = parsed(&part.text);
        assert_eq!(calendar.property_value("METHOD"), Some("CANCEL"));
        let event = only_event(&calendar);
        assert_eq!(event.get_status(), Some(icalendar::EventStatus::Cancelled));
        assert_eq!(event.get_uid(), Some(meeting().uid.as_str()));
        assert_eq!(event.get_sequence(), Some(3));
    }

    #[test]
    fn a_feed_holds_all_events_and_each_zone_once() {
        let visit = Event {
            uid: "visit-5@expert-pool.example".into(),
            when: When::Days {
                first: "2026-11-03".parse().unwrap(),
                last: "2026-11-05".parse().unwrap(),
            },
            ..meeting()
        };
        let abroad = Event {
            uid: "talk-9@expert-pool.example".into(),
            zone: Tz::Europe__Berlin,
            ..meeting()
        };
        let text = feed(
            "沈知行的安排",
            &office(),
            &[
                meeting(),
                visit,
                abroad,
                Event {
                    uid: "b".into(),
                    ..meeting()
                },
            ],
        );
        let calendar = parsed(&text);
        assert_eq!(calendar.property_value("METHOD"), Some("PUBLISH"));
        assert_eq!(calendar.get_name(), Some("沈知行的安排"));
        assert_eq!(calendar.events().count(), 4);
        assert_eq!(text.matches("BEGIN:VTIMEZONE").count(), 2);
        assert!(text.contains("DTSTART;VALUE=DATE:20261103\r\nDTEND;VALUE=DATE:20261106\r\n"));
        assert!(text.contains("DTSTART;TZID=Europe/Berlin:20260928T080000\r\n"));
        assert!(!text.contains("ATTENDEE"));
    }

    #[test]
    fn the_second_of_two_equal_wall_times_is_told_in_utc() {
        let late = Event {
            zone: Tz::Europe__Berlin,
            when: When::Times {
                start: "2026-10-25T00:30:00Z".parse().unwrap(),
                end: "2026-10-25T01:30:00Z".parse().unwrap(),
            },
            ..meeting()
        };
        let text = invite(&late, &office(), &expert()).text;
        assert!(
            text.contains(
                "DTSTART;TZID=Europe/Berlin:20261025T023000\r\nDTEND:20261025T013000Z\r\n"
            )
        );
    }

    #[test]
    fn names_and_addresses_cannot_add_lines() {
        let evil = Party {
            name: "\"x\r\nATTENDEE:mailto:b@example.cn".into(),
            address: "a@example.cn\r\nX-EVIL:1".into(),
        };
        let text = invite(&meeting(), &evil, &expert()).text;
        assert!(!text.contains("\nX-EVIL") && !text.contains("\nATTENDEE:"));
    }
}
