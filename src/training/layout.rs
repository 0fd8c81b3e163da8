//! A syllabus on the clock: parts one after the other, in mornings and afternoons. Pure.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// Minutes of a 学时.
pub const HOUR_MINUTES: i64 = 45;

const fn clock(hour: u32, minute: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, minute, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}

/// Lunch, when nothing is taught.
const LUNCH: (NaiveTime, NaiveTime) = (clock(12, 0), clock(14, 0));
/// The end of a day where the room sets none before.
const DAY_END: NaiveTime = clock(17, 30);

/// When a part is taught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Local day.
    pub on: NaiveDate,
    /// Local start.
    pub from: NaiveTime,
    /// Local end.
    pub to: NaiveTime,
}

/// Lays parts of so many 学时 each from `start` on: a part is never torn apart, it goes on after lunch
/// or on the next day at the first start's time when it does not fit before. `last` is when the room
/// closes. A part longer than a day has its full length on a day of its own, for a person to divide.
pub fn lay_out(hours: &[i32], start: NaiveDateTime, last: NaiveTime) -> Vec<Span> {
    let (mut day, first) = (start.date(), start.time());
    let end = if first < DAY_END {
        DAY_END.min(last)
    } else {
        last
    };
    let mut at = first;
    let mut spans = Vec::with_capacity(hours.len());
    for hours in hours {
        let length = TimeDelta::minutes(i64::from(*hours) * HOUR_MINUTES);
        let next_day = day.succ_opt().unwrap_or(day);
        let found = [(day, at), (next_day, first)]
            .into_iter()
            .flat_map(|(on, from)| [(on, from), (on, from.max(LUNCH.1))])
            .find(|(_, from)| until(*from, end).is_some_and(|until| until - *from >= length));
        let (on, from) = found.unwrap_or(if at == first {
            (day, first)
        } else {
            (next_day, first)
        });
        let to = from.overflowing_add_signed(length).0;
        spans.push(Span { on, from, to });
        (day, at) = (on, to);
    }
    spans
}

/// Until when is taught without a break from `from` on; none during lunch and after the day's end.
fn until(from: NaiveTime, end: NaiveTime) -> Option<NaiveTime> {
    if from < LUNCH.0 {
        Some(LUNCH.0.min(end))
    } else {
        (from >= LUNCH.1 && from < end).then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn laid(hours: &[i32], start: &str, last: &str) -> Vec<String> {
        let start = NaiveDateTime::parse_from_str(start, "%Y-%m-%d %H:%M").unwrap();
        lay_out(hours, start, last.parse().unwrap())
            .iter()
            .map(|span| {
                format!(
                    "{} {}–{}",
                    span.on,
                    span.from.format("%R"),
                    span.to.format("%R")
                )
            })
            .collect()
    }

    #[test]
    fn three_half_days_of_four_hours() {
        assert_eq!(
            laid(&[4, 4, 4], "2026-10-20 09:00", "18:00:00"),
            [
                "2026-10-20 09:00–12:00",
                "2026-10-20 14:00–17:00",
                "2026-10-21 09:00–12:00"
            ]
        );
    }

    #[test]
    fn short_parts_share_a_morning_and_the_room_ends_the_day() {
        assert_eq!(
            laid(&[2, 2, 4, 2], "2026-10-20 09:00", "17:00:00"),
            [
                "2026-10-20 09:00–10:30",
                "2026-10-20 10:30–12:00",
                "2026-10-20 14:00–17:00",
                "2026-10-21 09:00–10:30"
            ]
        );
        assert_eq!(
            laid(&[4, 4], "2026-10-20 09:00", "16:00:00"),
            ["2026-10-20 09:00–12:00", "2026-10-21 09:00–12:00"]
        );
    }

    #[test]
    fn an_evening_course_stays_in_the_evening() {
        assert_eq!(
            laid(&[2, 2], "2026-10-20 15:00", "22:00:00"),
            ["2026-10-20 15:00–16:30", "2026-10-21 15:00–16:30"]
        );
    }

    proptest! {
        #[test]
        fn nothing_overlaps_and_every_hour_is_taught(hours in proptest::collection::vec(1_i32..5, 1..12)) {
            let start = NaiveDate::from_ymd_opt(2026, 10, 20).unwrap().and_time(clock(9, 0));
            let spans = lay_out(&hours, start, clock(18, 0));
            for (span, hours) in spans.iter().zip(&hours) {
                prop_assert_eq!((span.to - span.from).num_minutes(), i64::from(*hours) * HOUR_MINUTES);
                prop_assert!(span.to <= LUNCH.0 || span.from >= LUNCH.1);
                prop_assert!(span.to <= DAY_END);
            }
            for pair in spans.windows(2) {
                prop_assert!((pair[0].on, pair[0].to) <= (pair[1].on, pair[1].from));
            }
        }
    }
}
