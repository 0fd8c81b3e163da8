//! Office hours: how long a request waited, when something is due, when mail may go out.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{
    wall_time::local_to_utc,
    working_days::{Reckoned, WorkingCalendar},
};

/// Times of the day in one zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfficeHours {
    /// Where the clock hangs.
    pub zone: Tz,
    /// Opening, default 8:30.
    pub open: NaiveTime,
    /// Closing, default 17:30; after `open`.
    pub close: NaiveTime,
    /// When something due on a day is due, default 17:00.
    pub due: NaiveTime,
    /// From here no mail is sent, default 20:00.
    pub quiet_from: NaiveTime,
    /// From here mail is sent again, default 8:30. Earlier in the day than `quiet_from` means: the
    /// next day. Equal means: never quiet.
    pub quiet_until: NaiveTime,
}

const fn clock(hour: u32, minute: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, minute, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}

impl OfficeHours {
    /// The default hours in `zone`.
    pub const fn usual(zone: Tz) -> Self {
        Self {
            zone,
            open: clock(8, 30),
            close: clock(17, 30),
            due: clock(17, 0),
            quiet_from: clock(20, 0),
            quiet_until: clock(8, 30),
        }
    }

    /// Whether `time` of the day is quiet.
    fn is_quiet(&self, time: NaiveTime) -> bool {
        if self.quiet_from <= self.quiet_until {
            self.quiet_from <= time && time < self.quiet_until
        } else {
            time >= self.quiet_from || time < self.quiet_until
        }
    }
}

/// The office closes before it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("office hours end at {close}, not after {open}")]
pub struct HoursError {
    /// Opening as given.
    pub open: NaiveTime,
    /// Closing as given.
    pub close: NaiveTime,
}

/// Working days and office hours together.
#[derive(Clone, Copy, Debug)]
pub struct OfficeClock<'a> {
    calendar: &'a WorkingCalendar,
    hours: OfficeHours,
}

impl<'a> OfficeClock<'a> {
    /// Joins the two; refuses hours that end before they begin.
    pub fn new(calendar: &'a WorkingCalendar, hours: OfficeHours) -> Result<Self, HoursError> {
        if hours.open < hours.close {
            Ok(Self { calendar, hours })
        } else {
            Err(HoursError {
                open: hours.open,
                close: hours.close,
            })
        }
    }

    /// The working days.
    pub fn calendar(&self) -> &'a WorkingCalendar {
        self.calendar
    }

    /// The date shown in the office at `instant`.
    pub fn date(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.hours.zone).date_naive()
    }

    /// When something due on `date` is due.
    pub fn end_of_office_day(&self, date: NaiveDate) -> DateTime<Utc> {
        self.at(date, self.hours.due)
    }

    /// The instant at which `span` of office time has passed since `from`. A span of zero or less
    /// gives `from`. The end of a day counts as that day, not as the next morning.
    pub fn add_office_hours(
        &self,
        from: DateTime<Utc>,
        span: TimeDelta,
    ) -> Reckoned<DateTime<Utc>> {
        let start = self.date(from);
        if span <= TimeDelta::zero() {
            return self.calendar.reckoned(from, start);
        }
        let mut left = span;
        for date in start.iter_days() {
            let Some((open, close)) = self.office_day(date) else {
                continue;
            };
            let begin = open.max(from);
            let available = close - begin;
            if available >= left {
                return self.calendar.reckoned(begin + left, date);
            }
            left -= available.max(TimeDelta::zero());
        }
        // Only the end of representable time stops the days.
        Reckoned {
            value: DateTime::<Utc>::MAX_UTC,
            provisional: true,
        }
    }

    /// Office time between two instants; negative if `to` lies before `from`.
    pub fn office_hours_between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Reckoned<TimeDelta> {
        let (first, last) = (from.min(to), from.max(to));
        let end = self.date(last);
        let total = self
            .date(first)
            .iter_days()
            .take_while(|date| *date <= end)
            .filter_map(|date| self.office_day(date))
            .map(|(open, close)| (close.min(last) - open.max(first)).max(TimeDelta::zero()))
            .sum::<TimeDelta>();
        self.calendar
            .reckoned(if to < from { -total } else { total }, end)
    }

    /// If `now` lies in the quiet time, when mail may go out again. With `working_days_only`,
    /// days that are not worked are quiet as a whole.
    pub fn quiet(&self, now: DateTime<Utc>, working_days_only: bool) -> Option<DateTime<Utc>> {
        let local = now.with_timezone(&self.hours.zone).naive_local();
        let today = local.date();
        let in_quiet_hours = self.hours.is_quiet(local.time());
        let day_off = |date| working_days_only && !self.calendar.is_working_day(date);
        if !in_quiet_hours && !day_off(today) {
            return None;
        }
        let ends_today = in_quiet_hours && local.time() < self.hours.quiet_until;
        let first = if ends_today {
            today
        } else {
            today.checked_add_days(Days::new(1))?
        };
        let morning = first.iter_days().find(|date| !day_off(*date))?;
        Some(self.at(morning, self.hours.quiet_until))
    }

    /// Opening and closing of `date`, if it is worked.
    fn office_day(&self, date: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        self.calendar.is_working_day(date).then(|| {
            (
                self.at(date, self.hours.open),
                self.at(date, self.hours.close),
            )
        })
    }

    fn at(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        local_to_utc(date.and_time(time), self.hours.zone)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDateTime;
    use proptest::prelude::*;

    use super::*;

    const SHANGHAI: OfficeHours = OfficeHours::usual(Tz::Asia__Shanghai);

    fn office(hours: OfficeHours) -> OfficeClock<'static> {
        OfficeClock::new(WorkingCalendar::china(), hours).unwrap()
    }

    fn utc(local: &str, zone: Tz) -> DateTime<Utc> {
        local_to_utc(
            NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").unwrap(),
            zone,
        )
    }

    fn shown(instant: DateTime<Utc>) -> String {
        instant
            .with_timezone(&Tz::Asia__Shanghai)
            .format("%Y-%m-%d %H:%M")
            .to_string()
    }

    fn after(from: &str, minutes: i64) -> String {
        let due = office(SHANGHAI)
            .add_office_hours(utc(from, SHANGHAI.zone), TimeDelta::minutes(minutes));
        shown(due.value)
    }

    #[test]
    fn office_time_runs_only_while_the_office_is_open() {
        assert_eq!(after("2026-09-28 16:30", 60), "2026-09-28 17:30");
        assert_eq!(after("2026-09-28 16:30", 61), "2026-09-29 08:31");
        assert_eq!(
            after("2026-09-30 17:00", 60),
            "2026-10-08 09:00",
            "over the holiday"
        );
        assert_eq!(
            after("2026-09-19 12:00", 60),
            "2026-09-20 09:30",
            "a Sunday worked in exchange"
        );
        assert_eq!(after("2026-09-28 21:00", 0), "2026-09-28 21:00");
    }

    #[test]
    fn waiting_time_leaves_out_nights_and_holidays() {
        let wait = |from, to| {
            office(SHANGHAI)
                .office_hours_between(utc(from, SHANGHAI.zone), utc(to, SHANGHAI.zone))
                .value
                .num_minutes()
        };
        assert_eq!(wait("2026-09-30 17:00", "2026-10-08 09:00"), 60);
        assert_eq!(wait("2026-10-08 09:00", "2026-09-30 17:00"), -60);
        assert_eq!(wait("2026-10-01 00:00", "2026-10-07 23:59"), 0);
        assert_eq!(wait("2026-09-28 07:00", "2026-09-28 22:00"), 9 * 60);
    }

    #[test]
    fn a_day_ends_at_five_whatever_the_clocks_do() {
        assert_eq!(
            shown(office(SHANGHAI).end_of_office_day("2026-09-18".parse().unwrap())),
            "2026-09-18 17:00"
        );
        let berlin = office(OfficeHours::usual(Tz::Europe__Berlin));
        let end = |date: &str| {
            berlin
                .end_of_office_day(date.parse().unwrap())
                .format("%H:%M")
                .to_string()
        };
        assert_eq!(
            (end("2026-03-27"), end("2026-03-30")),
            ("16:00".into(), "15:00".into())
        );
    }

    #[test]
    fn mail_waits_for_the_morning() {
        let quiet = |now, only| {
            office(SHANGHAI)
                .quiet(utc(now, SHANGHAI.zone), only)
                .map(shown)
        };
        assert_eq!(quiet("2026-09-28 19:59", true), None);
        assert_eq!(quiet("2026-09-28 08:30", true), None);
        assert_eq!(
            quiet("2026-09-28 20:00", true),
            Some("2026-09-29 08:30".into())
        );
        assert_eq!(
            quiet("2026-09-29 00:10", true),
            Some("2026-09-29 08:30".into())
        );
        // Before the National Day holiday; the week after it begins on Thursday 8 October.
        assert_eq!(
            quiet("2026-09-30 20:00", false),
            Some("2026-10-01 08:30".into())
        );
        assert_eq!(
            quiet("2026-09-30 20:00", true),
            Some("2026-10-08 08:30".into())
        );
        assert_eq!(quiet("2026-10-03 12:00", false), None);
        assert_eq!(
            quiet("2026-10-03 12:00", true),
            Some("2026-10-08 08:30".into())
        );
        assert_eq!(
            quiet("2026-10-03 03:00", true),
            Some("2026-10-08 08:30".into())
        );
        assert_eq!(
            quiet("2026-10-10 12:00", true),
            None,
            "a Saturday worked in exchange"
        );
    }

    #[test]
    fn quiet_time_can_lie_within_a_day_or_be_absent() {
        let noon = OfficeHours {
            quiet_from: clock(12, 0),
            quiet_until: clock(14, 0),
            ..SHANGHAI
        };
        let at = |hours, now| {
            office(hours)
                .quiet(utc(now, SHANGHAI.zone), false)
                .map(shown)
        };
        assert_eq!(
            at(noon, "2026-09-28 12:00"),
            Some("2026-09-28 14:00".into())
        );
        assert_eq!(at(noon, "2026-09-28 14:00"), None);
        assert_eq!(at(noon, "2026-09-28 23:00"), None);
        let never = OfficeHours {
            quiet_from: clock(0, 0),
            quiet_until: clock(0, 0),
            ..SHANGHAI
        };
        assert_eq!(at(never, "2026-09-28 00:00"), None);
    }

    #[test]
    fn hours_that_end_before_they_begin_are_refused() {
        let wrong = OfficeHours {
            close: clock(8, 0),
            ..SHANGHAI
        };
        assert_eq!(
            OfficeClock::new(WorkingCalendar::china(), wrong).unwrap_err(),
            HoursError {
                open: clock(8, 30),
                close: clock(8, 0)
            }
        );
    }

    proptest! {
        #[test]
        fn measuring_undoes_adding(minute in 0_i64..4 * 525_600, span in 1_i64..20_000, berlin: bool) {
            let zone = if berlin { Tz::Europe__Berlin } else { Tz::Asia__Shanghai };
            let office = office(OfficeHours::usual(zone));
            let from = utc("2024-01-01 00:00", zone) + TimeDelta::minutes(minute);
            let span = TimeDelta::minutes(span);
            let due = office.add_office_hours(from, span);
            let back = office.office_hours_between(from, due.value);
            prop_assert_eq!(back.value, span);
            prop_assert_eq!(back.provisional, due.provisional);
        }

        #[test]
        fn after_the_quiet_time_mail_goes_out(minute in 0_i64..4 * 525_600, only: bool, berlin: bool) {
            let zone = if berlin { Tz::Europe__Berlin } else { Tz::Asia__Shanghai };
            let office = office(OfficeHours::usual(zone));
            let now = utc("2024-01-01 00:00", zone) + TimeDelta::minutes(minute);
            if let Some(until) = office.quiet(now, only) {
                prop_assert!(until > now);
                prop_assert_eq!(office.quiet(until, only), None);
            }
        }
    }
}
