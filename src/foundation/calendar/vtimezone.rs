//! The rules of a time zone written into a calendar (VTIMEZONE), so that a reader with an outdated
//! zone table shows the same hour.

use chrono::{DateTime, FixedOffset, Offset, TimeDelta, Utc};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

use super::fold::Lines;

/// Writes the zone with every change of its clocks between `from` and `to`.
pub(super) fn write_zone(lines: &mut Lines, zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) {
    lines.raw("BEGIN", "VTIMEZONE");
    lines.raw("TZID", zone.name());
    // What held before the first change; the old date makes it cover whatever lies before.
    write_observance(lines, zone, from, offset(zone, from), "19700101T000000");
    for change in changes(zone, from, to) {
        let before = offset(zone, change - TimeDelta::seconds(1));
        let onset = change
            .with_timezone(&before)
            .format("%Y%m%dT%H%M%S")
            .to_string();
        write_observance(lines, zone, change, before, &onset);
    }
    lines.raw("END", "VTIMEZONE");
}

/// One span of a constant offset: the one in force at `instant`, begun at wall time `onset` of the
/// offset `before` it.
fn write_observance(
    lines: &mut Lines,
    zone: Tz,
    instant: DateTime<Utc>,
    before: FixedOffset,
    onset: &str,
) {
    let now = instant.with_timezone(&zone);
    let kind = if now.offset().dst_offset() > TimeDelta::zero() {
        "DAYLIGHT"
    } else {
        "STANDARD"
    };
    lines.raw("BEGIN", kind);
    lines.raw("DTSTART", onset);
    lines.raw("TZOFFSETFROM", &utc_offset(before));
    lines.raw("TZOFFSETTO", &utc_offset(now.offset().fix()));
    if let Some(name) = now.offset().abbreviation() {
        lines.raw("TZNAME", name);
    }
    lines.raw("END", kind);
}

/// The instants in `(from, to]` at which the offset changes.
fn changes(zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    // No zone has changed twice within a day.
    let step = TimeDelta::days(1);
    let mut found = Vec::new();
    let mut low = from;
    while low < to {
        let high = (low + step).min(to);
        if offset(zone, low) != offset(zone, high) {
            found.push(first_with_offset_of(zone, low, high));
        }
        low = high;
    }
    found
}

/// Halves the span until it is one second: the first instant with the offset that holds at `high`.
fn first_with_offset_of(
    zone: Tz,
    mut low: DateTime<Utc>,
    mut high: DateTime<Utc>,
) -> DateTime<Utc> {
    let target = offset(zone, high);
    while high - low > TimeDelta::seconds(1) {
        let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
        if offset(zone, middle) == target {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

fn offset(zone: Tz, instant: DateTime<Utc>) -> FixedOffset {
    instant.with_timezone(&zone).offset().fix()
}

/// `+0800`; seconds only where a zone has them.
fn utc_offset(offset: FixedOffset) -> String {
    let total = offset.local_minus_utc();
    let (sign, seconds) = (if total < 0 { '-' } else { '+' }, total.abs());
    let mut text = format!("{sign}{:02}{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 != 0 {
        text.push_str(&format!("{:02}", seconds % 60));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone_text(zone: Tz, from: &str, to: &str) -> String {
        let mut lines = Lines::default();
        write_zone(&mut lines, zone, from.parse().unwrap(), to.parse().unwrap());
        lines.into_text().replace("\r\n", "\n")
    }

    #[test]
    fn shanghai_has_one_offset() {
        assert_eq!(
            zone_text(
                Tz::Asia__Shanghai,
                "2026-01-01T00:00:00Z",
                "2028-01-01T00:00:00Z"
            ),
            "BEGIN:VTIMEZONE\nTZID:Asia/Shanghai\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0800\n\
             TZOFFSETTO:+0800\nTZNAME:CST\nEND:STANDARD\nEND:VTIMEZONE\n"
        );
    }

    #[test]
    fn berlin_changes_twice_a_year_at_the_wall_time_before_the_change() {
        let text = zone_text(
            Tz::Europe__Berlin,
            "2026-01-01T00:00:00Z",
            "2026-12-31T00:00:00Z",
        );
        assert!(text.contains(
            "BEGIN:DAYLIGHT\nDTSTART:20260329T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nTZNAME:CEST\nEND:DAYLIGHT\n"
        ));
        assert!(text.contains(
            "BEGIN:STANDARD\nDTSTART:20261025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nTZNAME:CET\nEND:STANDARD\n"
        ));
        assert_eq!(text.matches("BEGIN:").count(), 4);
    }

    #[test]
    fn offsets_west_of_greenwich_and_of_half_hours() {
        assert_eq!(
            utc_offset(FixedOffset::west_opt(3 * 3600 + 1800).unwrap()),
            "-0330"
        );
        assert_eq!(
            utc_offset(FixedOffset::east_opt(5 * 3600 + 2700).unwrap()),
            "+0545"
        );
        assert_eq!(
            utc_offset(FixedOffset::east_opt(8 * 3600 + 5 * 60 + 43).unwrap()),
            "+080543"
        );
    }
}
