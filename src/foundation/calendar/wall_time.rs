//! From the time on the wall to the instant.

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};

/// The instant at which clocks in `zone` show `local`.
///
/// Where clocks were set back and show it twice, the first; where they were set forward and never
/// show it, the first instant after the gap.
pub fn local_to_utc(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    if let Some(first) = zone.from_local_datetime(&local).earliest() {
        return first.to_utc();
    }
    match GapInfo::new(&local, &zone).and_then(|gap| gap.begin) {
        // The gap begins at the instant of the change, told in the offset before it.
        Some((begin, offset)) => (begin - chrono::Offset::fix(&offset)).and_utc(),
        // Outside the years a zone is known for there are no changes, so no gaps either.
        None => local.and_utc(),
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str, zone: Tz) -> String {
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        local_to_utc(local, zone).format("%F %T").to_string()
    }

    #[test]
    fn ordinary_time() {
        assert_eq!(
            at("2026-09-28 14:00", Tz::Asia__Shanghai),
            "2026-09-28 06:00:00"
        );
    }

    #[test]
    fn skipped_time_is_the_instant_after_the_gap() {
        assert_eq!(
            at("2026-03-29 02:30", Tz::Europe__Berlin),
            "2026-03-29 01:00:00"
        );
        assert_eq!(
            at("2026-03-29 02:00", Tz::Europe__Berlin),
            "2026-03-29 01:00:00"
        );
        assert_eq!(
            at("2026-10-04 02:15", Tz::Australia__Lord_Howe),
            "2026-10-03 15:30:00"
        );
        // Samoa left out a whole day when it crossed the date line.
        assert_eq!(
            at("2011-12-30 12:00", Tz::Pacific__Apia),
            "2011-12-30 10:00:00"
        );
    }

    #[test]
    fn doubled_time_is_the_first() {
        assert_eq!(
            at("2026-10-25 02:30", Tz::Europe__Berlin),
            "2026-10-25 00:30:00"
        );
    }

    #[test]
    fn china_had_summer_time_once() {
        assert_eq!(
            at("1986-05-04 02:30", Tz::Asia__Shanghai),
            "1986-05-03 18:00:00"
        );
    }

    proptest! {
        /// The answer is the first instant whose wall time is not before the one asked for,
        /// looked for minute by minute.
        #[test]
        fn agrees_with_a_slow_search(zone in 0..TZ_VARIANTS.len(), minute in 0_i64..20 * 366 * 1440) {
            let zone = TZ_VARIANTS[zone];
            let local = NaiveDateTime::default() + chrono::Duration::days(40 * 365) + chrono::Duration::minutes(minute);
            let found = local_to_utc(local, zone);
            let shown = found.with_timezone(&zone).naive_local();
            let minute_before = (found - chrono::Duration::minutes(1)).with_timezone(&zone).naive_local();
            prop_assert!(shown >= local);
            prop_assert!(minute_before < local);
            prop_assert!(shown == local || zone.from_local_datetime(&local).earliest().is_none());
        }
    }
}
