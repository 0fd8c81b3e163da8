//! When to remind people of what takes place: three and one working days before. Pure.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::office_hours::OfficeClock;

/// Working days before an event on which people are reminded, farthest first.
pub const REMINDERS_AHEAD: [i32; 2] = [3, 1];

/// The day on which people are reminded of an event of the day `event`, `ahead` working days before.
pub fn reminder_day(office: &OfficeClock<'_>, event: NaiveDate, ahead: i32) -> NaiveDate {
    office.calendar().add_working_days(event, -ahead).value
}

/// Which reminder of an event that begins at `event` is due at `now`, as working days ahead: the
/// nearest whose day has come. None after the beginning, and none for somebody who joined at `joined`
/// when its day had already come.
pub fn reminder(
    office: &OfficeClock<'_>,
    now: DateTime<Utc>,
    event: DateTime<Utc>,
    joined: DateTime<Utc>,
) -> Option<i32> {
    if now >= event {
        return None;
    }
    let day = |ahead| reminder_day(office, office.date(event), ahead);
    let ahead = REMINDERS_AHEAD
        .into_iter()
        .rev()
        .find(|ahead| office.date(now) >= day(*ahead))?;
    (office.date(joined) < day(ahead)).then_some(ahead)
}

/// Numbers the reminders of an event, so that each day and distance is mailed once: what moved is
/// reminded of anew.
pub fn reminder_number(event: NaiveDate, ahead: i32) -> i32 {
    event.num_days_from_ce() * 10 + ahead
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::super::{
        office_hours::OfficeHours, wall_time::local_to_utc, working_days::WorkingCalendar,
    };
    use super::*;

    fn office() -> OfficeClock<'static> {
        let hours = OfficeHours::usual(Tz::Asia__Shanghai);
        OfficeClock::new(WorkingCalendar::china(), hours).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        local_to_utc(local, Tz::Asia__Shanghai)
    }

    #[test]
    fn meetings_are_reminded_of_three_and_one_working_days_ahead() {
        let meeting = at("2026-10-09 14:00");
        let early = at("2026-09-10 10:00");
        let due = |now| reminder(&office(), at(now), meeting, early);
        assert_eq!(due("2026-09-28 09:00"), None);
        assert_eq!(due("2026-09-29 09:00"), Some(3), "over the holiday");
        assert_eq!(due("2026-10-07 09:00"), Some(3), "caught up");
        assert_eq!(due("2026-10-08 09:00"), Some(1));
        assert_eq!(due("2026-10-09 13:59"), Some(1));
        assert_eq!(due("2026-10-09 14:00"), None, "it has begun");
        let joined = |now, accepted| reminder(&office(), at(now), meeting, at(accepted));
        assert_eq!(joined("2026-09-30 09:00", "2026-09-29 16:00"), None);
        assert_eq!(joined("2026-10-08 09:00", "2026-09-29 16:00"), Some(1));
        assert_eq!(joined("2026-10-08 09:00", "2026-10-08 08:40"), None);
    }

    #[test]
    fn another_day_is_another_reminder() {
        let day = |text: &str| text.parse().unwrap();
        let numbers = [
            reminder_number(day("2026-10-09"), 3),
            reminder_number(day("2026-10-09"), 1),
            reminder_number(day("2026-10-10"), 3),
        ];
        assert!(numbers[0] != numbers[1] && numbers[0] != numbers[2] && numbers[1] != numbers[2]);
    }
}
