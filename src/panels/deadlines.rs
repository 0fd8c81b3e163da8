//! Until when an answer counts, when to remind, and how often experts can still be asked. Pure.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::foundation::calendar::{OfficeClock, Reckoned};

/// An expert has at least so much office time to answer.
const LEAST_HOURS: i64 = 4;
/// Asking takes at most this share of the working days that are left.
const SHARE: i64 = 4;
/// Rounds beyond this are not counted.
const MANY_ROUNDS: u32 = 9;

/// The instant by which a panel has to be complete, if any: the meeting's start, or else the end of
/// the day on which the answer is wanted.
pub fn limit(
    office: &OfficeClock<'_>,
    meeting_from: Option<DateTime<Utc>>,
    wanted_by: Option<NaiveDate>,
) -> Option<DateTime<Utc>> {
    meeting_from.or_else(|| wanted_by.map(|day| office.end_of_office_day(day)))
}

/// Until when an answer to a question asked at `asked` counts: the end of the office day `days`
/// working days later, but at most a quarter of the working days left until `limit`, at least four
/// office hours, and never past `limit`.
pub fn cutoff(
    office: &OfficeClock<'_>,
    asked: DateTime<Utc>,
    days: u32,
    limit: Option<DateTime<Utc>>,
) -> Reckoned<DateTime<Utc>> {
    let today = office.date(asked);
    let days = i64::from(days);
    let left = limit.map(|limit| {
        office
            .calendar()
            .working_days_between(today, office.date(limit))
    });
    let granted = left.map_or(days, |left| days.min((left.value / SHARE).max(0)));
    // A short period rests on the days left, and these on a calendar that may still change.
    let shortened = left.is_some_and(|left| granted < days && left.provisional);
    let day = office
        .calendar()
        .add_working_days(today, i32::try_from(granted).unwrap_or(i32::MAX));
    let by_days = Reckoned {
        value: office.end_of_office_day(day.value),
        provisional: day.provisional || shortened,
    };
    let least = office.add_office_hours(asked, Duration::hours(LEAST_HOURS));
    within(later(by_days, least), limit)
}

/// Until when answers to an urgent question (加急) count: `hours` of office time, never past `limit`.
pub fn urgent_cutoff(
    office: &OfficeClock<'_>,
    asked: DateTime<Utc>,
    hours: u32,
    limit: Option<DateTime<Utc>>,
) -> Reckoned<DateTime<Utc>> {
    within(
        office.add_office_hours(asked, Duration::hours(i64::from(hours))),
        limit,
    )
}

/// When somebody who has not answered is reminded: half of the office time between question and
/// cut-off.
pub fn reminder_at(
    office: &OfficeClock<'_>,
    asked: DateTime<Utc>,
    cutoff: DateTime<Utc>,
) -> DateTime<Utc> {
    let span = office.office_hours_between(asked, cutoff).value;
    office.add_office_hours(asked, span / 2).value
}

/// How many more times an empty place can be asked for, one after the other, before `limit`. Without
/// a limit, and beyond nine, it is nine.
pub fn rounds_left(
    office: &OfficeClock<'_>,
    now: DateTime<Utc>,
    days: u32,
    limit: Option<DateTime<Utc>>,
) -> u32 {
    let Some(limit) = limit else {
        return MANY_ROUNDS;
    };
    let mut asked = now;
    for rounds in 0..MANY_ROUNDS {
        let least = office.add_office_hours(asked, Duration::hours(LEAST_HOURS));
        if least.value > limit {
            return rounds;
        }
        asked = cutoff(office, asked, days, Some(limit)).value;
    }
    MANY_ROUNDS
}

fn later(a: Reckoned<DateTime<Utc>>, b: Reckoned<DateTime<Utc>>) -> Reckoned<DateTime<Utc>> {
    if b.value > a.value { b } else { a }
}

fn within(due: Reckoned<DateTime<Utc>>, limit: Option<DateTime<Utc>>) -> Reckoned<DateTime<Utc>> {
    match limit {
        Some(limit) if limit < due.value => Reckoned {
            value: limit,
            provisional: false,
        },
        _ => due,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDateTime;
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;
    use crate::foundation::calendar::{OfficeHours, WorkingCalendar, local_to_utc};

    const ZONE: Tz = Tz::Asia__Shanghai;

    fn office() -> OfficeClock<'static> {
        OfficeClock::new(WorkingCalendar::china(), OfficeHours::usual(ZONE)).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        local_to_utc(local, ZONE)
    }

    fn shown(instant: DateTime<Utc>) -> String {
        instant
            .with_timezone(&ZONE)
            .format("%Y-%m-%d %H:%M")
            .to_string()
    }

    fn due(asked: &str, limit: Option<&str>) -> (String, bool) {
        let due = cutoff(&office(), at(asked), 3, limit.map(at));
        (shown(due.value), due.provisional)
    }

    #[test]
    fn three_working_days_over_weekends_and_holidays() {
        assert_eq!(due("2026-09-14 10:00", None).0, "2026-09-17 17:00");
        assert_eq!(
            due("2026-09-28 10:00", None).0,
            "2026-10-08 17:00",
            "29 and 30 September, then the first day after the holiday"
        );
        assert_eq!(
            due("2026-09-19 10:00", None).0,
            "2026-09-22 17:00",
            "the Sunday is worked"
        );
    }

    #[test]
    fn near_meetings_shorten_the_period_to_a_quarter_and_four_hours() {
        let meeting = Some("2026-09-24 14:00");
        assert_eq!(due("2026-09-14 10:00", meeting).0, "2026-09-16 17:00");
        assert_eq!(
            due("2026-09-22 10:00", meeting).0,
            "2026-09-22 17:00",
            "two days left give no whole day"
        );
        assert_eq!(
            due("2026-09-22 16:00", meeting).0,
            "2026-09-23 11:00",
            "but at least four office hours"
        );
        assert_eq!(
            due("2026-09-24 11:30", meeting).0,
            "2026-09-24 14:00",
            "never past the meeting"
        );
    }

    #[test]
    fn beyond_the_announced_days_a_cutoff_is_provisional() {
        assert!(!due("2026-12-28 10:00", None).1);
        assert!(due("2026-12-29 10:00", None).1);
        assert_eq!(due("2026-12-29 10:00", None).0, "2027-01-01 17:00");
        assert!(
            due("2026-12-25 10:00", Some("2027-01-06 09:00")).1,
            "a quarter of days that are not announced yet"
        );
        assert!(!due("2026-12-22 10:00", Some("2027-02-26 09:00")).1);
    }

    #[test]
    fn urgent_questions_run_in_office_hours() {
        let due = urgent_cutoff(&office(), at("2026-09-14 15:30"), 4, None).value;
        assert_eq!(shown(due), "2026-09-15 10:30");
        let limit = Some(at("2026-09-15 09:00"));
        let due = urgent_cutoff(&office(), at("2026-09-14 15:30"), 4, limit).value;
        assert_eq!(shown(due), "2026-09-15 09:00");
    }

    #[test]
    fn reminders_fall_into_office_hours_at_half_time() {
        let reminder = reminder_at(&office(), at("2026-09-14 10:00"), at("2026-09-17 17:00"));
        assert_eq!(shown(reminder), "2026-09-16 09:00");
        let night = reminder_at(&office(), at("2026-09-14 21:00"), at("2026-09-16 17:00"));
        assert_eq!(shown(night), "2026-09-15 17:15");
    }

    #[test]
    fn rounds_are_counted_until_nobody_could_answer_in_time() {
        let rounds = |now, limit: &str| rounds_left(&office(), at(now), 3, Some(at(limit)));
        assert_eq!(rounds("2026-09-24 13:00", "2026-09-24 14:00"), 0);
        assert_eq!(rounds("2026-09-24 09:00", "2026-09-24 14:00"), 1);
        assert!(rounds("2026-09-07 09:00", "2026-09-24 14:00") >= 4);
        assert_eq!(rounds_left(&office(), at("2026-09-07 09:00"), 3, None), 9);
    }

    proptest! {
        #[test]
        fn a_cutoff_leaves_four_office_hours_and_never_passes_the_limit(
            asked in 0_i64..300 * 24 * 60, ahead in 1_i64..60 * 24 * 60,
        ) {
            let office = office();
            let asked = at("2026-01-05 00:00") + Duration::minutes(asked);
            let limit = asked + Duration::minutes(ahead);
            let due = cutoff(&office, asked, 3, Some(limit)).value;
            prop_assert!(asked < due && due <= limit);
            let hours = office.office_hours_between(asked, due).value;
            prop_assert!(due == limit || hours >= Duration::hours(LEAST_HOURS));
            let reminder = reminder_at(&office, asked, due);
            prop_assert!(reminder <= due);
        }
    }
}
