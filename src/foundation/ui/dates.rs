//! Dates and times as the office writes them: 9月18日（周五）17:00, 24 hours, in the office's zone.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc, Weekday};
use chrono_tz::Tz;

/// 周一 … 周日
pub fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    }
}

/// 9月18日
pub fn day(date: NaiveDate) -> String {
    format!("{}月{}日", date.month(), date.day())
}

/// 9月18日（周五）
pub fn day_and_weekday(date: NaiveDate) -> String {
    format!("{}（{}）", day(date), weekday(date.weekday()))
}

/// 2026年9月18日（周五）
pub fn full_day_and_weekday(date: NaiveDate) -> String {
    format!("{}（{}）", full_day(date), weekday(date.weekday()))
}

/// 9月18日–21日, 9月28日–10月2日; one day alone as [`day`].
pub fn days(from: NaiveDate, to: NaiveDate) -> String {
    if from == to {
        day(from)
    } else if (from.year(), from.month()) == (to.year(), to.month()) {
        format!("{}–{}日", day(from), to.day())
    } else {
        format!("{}–{}", day(from), day(to))
    }
}

/// 2026年9月18日
pub fn full_day(date: NaiveDate) -> String {
    format!("{}年{}", date.year(), day(date))
}

/// 9月18日 10:24
pub fn moment(instant: DateTime<Utc>, zone: Tz) -> String {
    let local = instant.with_timezone(&zone);
    format!(
        "{} {:02}:{:02}",
        day(local.date_naive()),
        local.hour(),
        local.minute()
    )
}

/// 2026年9月18日 10:24
pub fn full_moment(instant: DateTime<Utc>, zone: Tz) -> String {
    let local = instant.with_timezone(&zone);
    format!("{}年{}", local.year(), moment(instant, zone))
}

/// 9月18日（周五）17:00: where something ends.
pub fn deadline(instant: DateTime<Utc>, zone: Tz) -> String {
    let local = instant.with_timezone(&zone);
    format!(
        "{}{:02}:{:02}",
        day_and_weekday(local.date_naive()),
        local.hour(),
        local.minute()
    )
}

/// As [`deadline`], for something that lasts until then: midnight is 24:00 of the day that ends.
pub fn until(instant: DateTime<Utc>, zone: Tz) -> String {
    let local = instant.with_timezone(&zone);
    match local.date_naive().pred_opt() {
        Some(before) if local.num_seconds_from_midnight() == 0 => {
            format!("{}24:00", day_and_weekday(before))
        }
        _ => deadline(instant, zone),
    }
}

/// The local date of an instant.
pub fn local_date(instant: DateTime<Utc>, zone: Tz) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn dates_read_as_the_office_writes_them() {
        let instant = Utc.with_ymd_and_hms(2026, 9, 18, 9, 0, 0).unwrap();
        let zone = chrono_tz::Asia::Shanghai;
        assert_eq!(deadline(instant, zone), "9月18日（周五）17:00");
        assert_eq!(until(instant, zone), "9月18日（周五）17:00");
        let midnight = Utc.with_ymd_and_hms(2026, 12, 31, 16, 0, 0).unwrap();
        assert_eq!(until(midnight, zone), "12月31日（周四）24:00");
        assert_eq!(moment(instant, zone), "9月18日 17:00");
        assert_eq!(full_day(local_date(instant, zone)), "2026年9月18日");
        assert_eq!(full_moment(instant, zone), "2026年9月18日 17:00");
        assert_eq!(
            full_day_and_weekday(local_date(instant, zone)),
            "2026年9月18日（周五）"
        );
        let date = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
        assert_eq!(days(date(9, 18), date(9, 21)), "9月18日–21日");
        assert_eq!(days(date(9, 28), date(10, 2)), "9月28日–10月2日");
        assert_eq!(days(date(9, 18), date(9, 18)), "9月18日");
    }
}
