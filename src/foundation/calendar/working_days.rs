//! Which days are worked, and counting them.

use std::{collections::BTreeMap, ops::Deref, sync::LazyLock};

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Serialize;

use super::day_list::read_day_list;

/// How a listed day differs from the ordinary week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A day off by arrangement.
    Holiday,
    /// A weekend day worked in exchange (调休上班).
    Workday,
}

/// One day that differs from the ordinary week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpecialDay {
    /// The day.
    pub date: NaiveDate,
    /// Off or worked.
    pub kind: DayKind,
    /// The festival it belongs to, such as 国庆节.
    pub name: String,
}

/// A result, and whether it rests on days whose arrangement is not announced yet (暂定).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reckoned<T> {
    /// The result.
    pub value: T,
    /// True if a later announcement may change it.
    pub provisional: bool,
}

/// Holidays and exchanged weekends up to a known day; after it, Monday to Friday are worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingCalendar {
    days: BTreeMap<NaiveDate, SpecialDay>,
    coverage_until: NaiveDate,
}

static CHINA: LazyLock<WorkingCalendar> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "the list is part of the program and a test reads it"
    )]
    let days = read_day_list(include_bytes!("data/cn_workdays_2026.csv"))
        .expect("the built-in list is sound");
    WorkingCalendar::of_years(days)
});

impl WorkingCalendar {
    /// A calendar of `days`, known up to and including `coverage_until`. Of two rows for one date
    /// the last counts.
    pub fn new(days: impl IntoIterator<Item = SpecialDay>, coverage_until: NaiveDate) -> Self {
        Self {
            days: days.into_iter().map(|day| (day.date, day)).collect(),
            coverage_until,
        }
    }

    /// A calendar known to the end of the last year in `days`: arrangements are announced for
    /// whole years. Without days nothing is known.
    pub fn of_years(days: impl IntoIterator<Item = SpecialDay>) -> Self {
        let mut calendar = Self::new(days, NaiveDate::MIN);
        if let Some(last) = calendar.days.keys().next_back() {
            calendar.coverage_until = NaiveDate::from_ymd_opt(last.year(), 12, 31).unwrap_or(*last);
        }
        calendar
    }

    /// China's calendar as known when the program was built.
    pub fn china() -> &'static Self {
        CHINA.deref()
    }

    /// The last day whose arrangement is known.
    pub fn coverage_until(&self) -> NaiveDate {
        self.coverage_until
    }

    /// All listed days in order.
    pub fn days(&self) -> impl Iterator<Item = &SpecialDay> {
        self.days.values()
    }

    /// What the list says about `date`, if anything.
    pub fn special_day(&self, date: NaiveDate) -> Option<&SpecialDay> {
        self.days.get(&date)
    }

    /// The festival for which `date` is free; none on working days and ordinary weekends.
    pub fn holiday_name(&self, date: NaiveDate) -> Option<&str> {
        self.special_day(date)
            .filter(|day| day.kind == DayKind::Holiday)
            .map(|day| day.name.as_str())
    }

    /// Whether `date` is worked.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        match self.special_day(date) {
            Some(day) => day.kind == DayKind::Workday,
            None => !matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// The first working day after `date`.
    pub fn next_working_day(&self, date: NaiveDate) -> Reckoned<NaiveDate> {
        self.add_working_days(date, 1)
    }

    /// The last working day before `date`.
    pub fn previous_working_day(&self, date: NaiveDate) -> Reckoned<NaiveDate> {
        self.add_working_days(date, -1)
    }

    /// The `n`-th working day after `date`, or before it if `n` is negative. `date` itself is not
    /// counted; `n = 0` gives `date` if it is worked and the next working day if not.
    pub fn add_working_days(&self, date: NaiveDate, n: i32) -> Reckoned<NaiveDate> {
        if n == 0 {
            return if self.is_working_day(date) {
                self.reckoned(date, date)
            } else {
                self.next_working_day(date)
            };
        }
        let mut day = date;
        let mut left = n.unsigned_abs();
        while left > 0 {
            let neighbour = if n > 0 {
                day.succ_opt()
            } else {
                day.pred_opt()
            };
            let Some(neighbour) = neighbour else { break };
            day = neighbour;
            left -= u32::from(self.is_working_day(day));
        }
        self.reckoned(day, date.max(day))
    }

    /// Working days after `from` up to and including `to`; negative if `to` lies before `from`.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> Reckoned<i64> {
        let (first, last) = (from.min(to), from.max(to));
        let count = first
            .iter_days()
            .skip(1)
            .take_while(|day| *day <= last)
            .filter(|day| self.is_working_day(*day))
            .count();
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.reckoned(if to < from { -count } else { count }, last)
    }

    /// Marks `value` by the last day it rests on.
    pub(super) fn reckoned<T>(&self, value: T, rests_on: NaiveDate) -> Reckoned<T> {
        Reckoned {
            value,
            provisional: rests_on > self.coverage_until,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn added(from: &str, n: i32) -> (String, bool) {
        let due = WorkingCalendar::china().add_working_days(day(from), n);
        (due.value.to_string(), due.provisional)
    }

    #[test]
    fn the_built_in_calendar_knows_the_festivals() {
        let china = WorkingCalendar::china();
        assert_eq!(china.coverage_until(), day("2026-12-31"));
        assert!(!china.is_working_day(day("2026-10-01")));
        assert_eq!(china.holiday_name(day("2026-10-01")), Some("国庆节"));
        assert!(
            china.is_working_day(day("2026-09-20")),
            "a Sunday worked in exchange"
        );
        assert_eq!(china.holiday_name(day("2026-09-20")), None);
        assert!(!china.is_working_day(day("2026-09-19")));
    }

    #[test]
    fn deadlines_step_over_holidays_and_count_exchanged_weekends() {
        // 30 September is the last day before the holiday, 10 October a Saturday worked in exchange.
        assert_eq!(added("2026-09-30", 3), ("2026-10-10".into(), false));
        assert_eq!(added("2026-09-18", 1), ("2026-09-20".into(), false));
        assert_eq!(added("2026-10-12", -2), ("2026-10-09".into(), false));
        assert_eq!(added("2026-10-03", 0), ("2026-10-08".into(), false));
        assert_eq!(added("2026-10-08", 0), ("2026-10-08".into(), false));
    }

    #[test]
    fn beyond_the_coverage_results_are_provisional() {
        assert_eq!(added("2026-12-30", 1), ("2026-12-31".into(), false));
        assert_eq!(added("2026-12-30", 2), ("2027-01-01".into(), true));
        assert_eq!(added("2027-01-04", -2), ("2026-12-31".into(), true));
        let china = WorkingCalendar::china();
        assert!(
            china
                .working_days_between(day("2026-12-01"), day("2027-01-04"))
                .provisional
        );
        assert!(
            !china
                .working_days_between(day("2026-12-31"), day("2026-12-01"))
                .provisional
        );
    }

    #[test]
    fn the_working_days_of_2026_are_those_of_the_announced_arrangement() {
        let year =
            WorkingCalendar::china().working_days_between(day("2025-12-31"), day("2026-12-31"));
        // 261 weekdays, 19 of them free by arrangement, 6 weekend days worked in exchange.
        assert_eq!(year.value, 261 - 19 + 6);
    }

    #[test]
    fn an_empty_calendar_is_provisional_throughout() {
        let empty = WorkingCalendar::of_years([]);
        assert_eq!(
            empty.next_working_day(day("2026-10-02")),
            Reckoned {
                value: day("2026-10-05"),
                provisional: true
            }
        );
    }

    proptest! {
        #[test]
        fn counting_undoes_adding(start in 0_u64..1500, n in -200_i32..200) {
            let china = WorkingCalendar::china();
            let from = day("2024-01-01") + chrono::Days::new(start);
            let to = china.add_working_days(from, n).value;
            prop_assert!(china.is_working_day(to));
            match n {
                1.. => prop_assert_eq!(china.working_days_between(from, to).value, i64::from(n)),
                // Counting back does not count `to` itself but counts `from`.
                ..0 => prop_assert_eq!(
                    china.working_days_between(from, to).value,
                    i64::from(n) + i64::from(!china.is_working_day(from)),
                ),
                0 => prop_assert!(to >= from),
            }
        }
    }
}
