//! The slots of a cron rule on the clocks of a zone.

use std::str::FromStr;

use chrono::{DateTime, Duration, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use cron::{Schedule, TimeUnitSpec};

use crate::foundation::{calendar::local_to_utc, error::Error};

/// Longest time by which clocks have been set back anywhere in this century.
const LONGEST_FOLD: Duration = Duration::hours(4);

/// When a rule fires.
///
/// A rule that names hours fires once for each time it names: where clocks skip that time, at the
/// first instant after the gap (once, however many of its times lie in the gap); where they show it
/// twice, at the first. A rule of every hour goes on by what clocks show: it fires at every instant
/// whose wall time fits.
#[derive(Clone, Debug)]
pub struct Timetable {
    schedule: Schedule,
    zone: Tz,
    every_hour: bool,
}

impl Timetable {
    /// Reads a rule of six fields.
    ///
    /// # Errors
    /// When the rule is malformed.
    pub fn new(rule: &str, zone: Tz) -> Result<Self, Error> {
        if rule.split_whitespace().count() != 6 {
            return Err(Error::internal(format!("{rule}: a rule has six fields")));
        }
        let schedule = Schedule::from_str(rule)
            .map_err(|error| Error::internal(format!("{rule}: {error}")))?;
        Ok(Self {
            every_hour: schedule.hours().is_all(),
            schedule,
            zone,
        })
    }

    /// How many times of the day the rule names.
    pub fn times_a_day(&self) -> u32 {
        let schedule = &self.schedule;
        schedule.hours().count() * schedule.minutes().count() * schedule.seconds().count()
    }

    /// The first slot after `instant`.
    pub fn next(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let reach = if self.every_hour {
            LONGEST_FOLD
        } else {
            Duration::zero()
        };
        let begin = self.wall(instant) - reach - Duration::seconds(1);
        let mut best: Option<DateTime<Utc>> = None;
        // Wall times are walked as if they were UTC: that clock has no gaps and folds.
        for wall in self.schedule.after(&begin.and_utc()) {
            let wall = wall.naive_utc();
            // First instants only grow, so nothing earlier comes any more.
            if best.is_some_and(|best| local_to_utc(wall, self.zone) >= best) {
                break;
            }
            let found = self.instants(wall).filter(|found| *found > instant).min();
            best = best.into_iter().chain(found).min();
        }
        best
    }

    /// The last slot not after `instant`.
    pub fn latest(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let begin = self.wall(instant) + LONGEST_FOLD;
        for wall in self.schedule.after(&begin.and_utc()).rev() {
            // Last instants only fall on the way back, so the first that fits is the latest, but
            // for the other one of a doubled time just before it.
            let wall = wall.naive_utc();
            let fits = |found: &DateTime<Utc>| *found <= instant;
            if let Some(found) = self.instants(wall).filter(fits).max() {
                let earlier = self.schedule.after(&wall.and_utc()).rev();
                let doubled = earlier
                    .take_while(|other| self.every_hour && wall - other.naive_utc() < LONGEST_FOLD)
                    .flat_map(|other| self.instants(other.naive_utc()))
                    .filter(fits);
                return doubled.chain([found]).max();
            }
        }
        None
    }

    fn wall(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.zone).naive_local()
    }

    /// The instants at which the rule fires for a wall time.
    fn instants(&self, wall: NaiveDateTime) -> impl Iterator<Item = DateTime<Utc>> + use<> {
        let instants = if self.every_hour {
            let shown = self.zone.from_local_datetime(&wall);
            let first = shown.earliest().map(|first| first.to_utc());
            let last = shown.latest().map(|last| last.to_utc());
            [first, last.filter(|last| Some(*last) != first)]
        } else {
            [Some(local_to_utc(wall, self.zone)), None]
        };
        instants.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use chrono::Offset;
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")
            .unwrap()
            .and_utc()
    }

    fn slots(rule: &str, zone: Tz, from: &str, to: &str) -> Vec<String> {
        let timetable = Timetable::new(rule, zone).unwrap();
        std::iter::successors(timetable.next(at(from)), |slot| timetable.next(*slot))
            .take_while(|slot| *slot <= at(to))
            .map(|slot| slot.format("%F %R").to_string())
            .collect()
    }

    #[test]
    fn the_office_in_shanghai() {
        assert_eq!(
            slots(
                "0 30 8 * * Mon-Fri",
                Tz::Asia__Shanghai,
                "2026-09-10 12:00",
                "2026-09-15 12:00"
            ),
            ["2026-09-11 00:30", "2026-09-14 00:30", "2026-09-15 00:30"]
        );
    }

    #[test]
    fn a_skipped_time_fires_once_after_the_gap_and_a_doubled_one_once() {
        let berlin = Tz::Europe__Berlin;
        assert_eq!(
            slots(
                "0 0,15,30 2 * * *",
                berlin,
                "2026-03-28 12:00",
                "2026-03-29 12:00"
            ),
            ["2026-03-29 01:00"]
        );
        assert_eq!(
            slots(
                "0 30 2 * * *",
                berlin,
                "2026-10-24 12:00",
                "2026-10-25 12:00"
            ),
            ["2026-10-25 00:30"]
        );
    }

    #[test]
    fn a_rule_of_every_hour_goes_on_through_gap_and_fold() {
        let berlin = Tz::Europe__Berlin;
        assert_eq!(
            slots(
                "0 0 * * * *",
                berlin,
                "2026-10-24 23:30",
                "2026-10-25 03:00"
            ),
            [
                "2026-10-25 00:00",
                "2026-10-25 01:00",
                "2026-10-25 02:00",
                "2026-10-25 03:00"
            ]
        );
        assert_eq!(
            slots(
                "0 0 * * * *",
                berlin,
                "2026-03-29 00:30",
                "2026-03-29 02:00"
            ),
            ["2026-03-29 01:00", "2026-03-29 02:00"]
        );
    }

    #[test]
    fn malformed_rules_are_refused() {
        for rule in ["0 8 * * *", "@daily", "0 0 25 * * *", "0 0 0 * * Foo", ""] {
            assert!(Timetable::new(rule, Tz::UTC).is_err(), "{rule}");
        }
    }

    /// The slots of a stretch of time, found by looking at every minute.
    fn oracle(rule: &Timetable, from: DateTime<Utc>, minutes: i64) -> Vec<DateTime<Utc>> {
        let zone = rule.zone;
        let minute = Duration::minutes(1);
        let wall = |instant: DateTime<Utc>| instant.with_timezone(&zone).naive_local();
        let mut found = Vec::new();
        // Wall times already passed, so that a doubled one counts once.
        let mut latest_wall = wall(from);
        for back in 1..=48 * 60 {
            latest_wall = latest_wall.max(wall(from - minute * back));
        }
        for step in 1..=minutes {
            let instant = from + minute * i32::try_from(step).unwrap();
            let now = wall(instant);
            let fires = if rule.every_hour {
                rule.schedule.includes(now.and_utc())
            } else {
                // All wall times that were passed in this minute, in one step or by a jump.
                let passed =
                    std::iter::successors(Some(latest_wall + minute), |wall| Some(*wall + minute));
                passed
                    .take_while(|wall| *wall <= now)
                    .any(|wall| rule.schedule.includes(wall.and_utc()))
            };
            if fires {
                found.push(instant);
            }
            latest_wall = latest_wall.max(now);
        }
        found
    }

    /// Instants since 2020 at which clocks of a zone were changed, by whole minutes.
    fn changes(zone: Tz) -> Vec<DateTime<Utc>> {
        let begin = at("2020-01-01 00:00");
        let offset = |hour: i64| {
            let instant = begin + Duration::hours(hour);
            zone.offset_from_utc_datetime(&instant.naive_utc()).fix()
        };
        (1..12 * 365 * 24)
            .filter(|hour| offset(*hour) != offset(*hour - 1))
            .map(|hour| begin + Duration::hours(hour))
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(120))]

        /// Forward and back, around a change of clocks or anywhere: the same slots as a slow search.
        #[test]
        fn agrees_with_a_slow_search(
            zone in 0..TZ_VARIANTS.len(),
            which in 0_usize..64,
            offset in -600_i64..600,
            minute in 0_u32..60,
            hours in prop_oneof![Just("*".to_owned()), (0_u32..24).prop_map(|hour| hour.to_string()), Just("1-3".to_owned())],
            minutes in prop_oneof![Just(None), Just(Some("*/10")), Just(Some("0,30"))],
            days in prop_oneof![Just("*"), Just("Mon-Fri"), Just("Sun")],
        ) {
            let zone = TZ_VARIANTS[zone];
            let changes = changes(zone);
            let around = if changes.is_empty() { at("2026-09-14 10:00") } else { changes[which % changes.len()] };
            let from = around + Duration::minutes(offset) - Duration::hours(12);
            let minutes = minutes.map_or_else(|| minute.to_string(), str::to_owned);
            let rule = Timetable::new(&format!("0 {minutes} {hours} * * {days}"), zone).unwrap();
            let length = 36 * 60;
            let expected = oracle(&rule, from, length);
            let to = from + Duration::minutes(length);
            let forward: Vec<_> = std::iter::successors(rule.next(from), |slot| rule.next(*slot))
                .take_while(|slot| *slot <= to)
                .collect();
            prop_assert_eq!(&forward, &expected, "forward {} in {}", rule.schedule.source(), zone);
            let mut back: Vec<_> = std::iter::successors(rule.latest(to), |slot| {
                rule.latest(*slot - Duration::microseconds(1))
            })
            .take_while(|slot| *slot > from)
            .collect();
            back.reverse();
            prop_assert_eq!(&back, &expected, "back {} in {}", rule.schedule.source(), zone);
        }
    }
}
