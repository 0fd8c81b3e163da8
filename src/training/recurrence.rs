//! Regular courses: a rule in cron form on the clocks of the base, and the starts it stands for. Pure.

use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;

use crate::foundation::{error::Refusal, schedule::Timetable};

/// A rule by which a course is held again and again.
#[derive(Clone, Debug)]
pub struct Recurrence {
    timetable: Timetable,
}

impl Recurrence {
    /// Reads six fields (`0 0 9 15 3,9 *`: second, minute, hour, day, month, weekday by name) on the
    /// clocks of `zone`.
    ///
    /// # Errors
    /// `training.recurrence_form` when the rule cannot be read, `training.recurrence_weekday` when it
    /// numbers weekdays (which count from Sunday in one system and from Monday in the other),
    /// `training.recurrence_often` when it fires more than once a day, and
    /// `training.recurrence_never` when it does not fire after `now`.
    pub fn read(rule: &str, zone: Tz, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let rule = rule.trim();
        let fields: Vec<_> = rule.split_whitespace().collect();
        let refuse = |code| Refusal::new(code).with("rule", rule);
        let [_, _, _, _, _, weekday] = fields[..] else {
            return Err(refuse("training.recurrence_form"));
        };
        if weekday.bytes().any(|byte| byte.is_ascii_digit()) {
            return Err(refuse("training.recurrence_weekday"));
        }
        let timetable =
            Timetable::new(rule, zone).map_err(|_| refuse("training.recurrence_form"))?;
        if timetable.times_a_day() > 1 {
            return Err(refuse("training.recurrence_often").with("times", timetable.times_a_day()));
        }
        if timetable.next(now).is_none() {
            return Err(refuse("training.recurrence_never"));
        }
        Ok(Self { timetable })
    }

    /// The starts after `from` up to `until`, in order. Each is one instant, also where clocks skip
    /// or repeat the time: after the gap, and the first of the two.
    pub fn starts(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> impl Iterator<Item = DateTime<Utc>> + '_ {
        std::iter::successors(self.timetable.next(from), |start| {
            self.timetable.next(*start)
        })
        .take_while(move |start| *start <= until)
    }
}

/// The starts for which a draft is to be made now: those within `lead_days` that have none yet,
/// neither past nor before `drafted_until`.
pub fn to_draft(
    recurrence: &Recurrence,
    now: DateTime<Utc>,
    drafted_until: Option<DateTime<Utc>>,
    lead_days: u64,
) -> Vec<DateTime<Utc>> {
    let from = drafted_until.map_or(now, |until| until.max(now));
    let until = now.checked_add_days(Days::new(lead_days)).unwrap_or(now);
    recurrence.starts(from, until).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDateTime, TimeZone};

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M")
            .unwrap()
            .and_utc()
    }

    fn refused(rule: &str) -> &'static str {
        Recurrence::read(rule, Tz::Asia__Shanghai, at("2026-09-14 02:00"))
            .unwrap_err()
            .code
    }

    #[test]
    fn a_rule_that_cannot_be_meant_is_refused() {
        assert_eq!(refused("0 0 9 15 3"), "training.recurrence_form");
        assert_eq!(refused("0 0 25 15 * *"), "training.recurrence_form");
        assert_eq!(refused("每月十五日"), "training.recurrence_form");
        assert_eq!(refused("0 0 9 ? * 2"), "training.recurrence_weekday");
        assert_eq!(refused("0 0 9,14 * * Mon"), "training.recurrence_often");
        assert_eq!(refused("0 * 9 * * Mon"), "training.recurrence_often");
        assert_eq!(refused("0 0 9 30 Feb *"), "training.recurrence_never");
        assert_eq!(refused("0 0 9 1 Jan * 2020"), "training.recurrence_form");
    }

    #[test]
    fn the_next_runs_come_in_good_time_and_once() {
        let spring = Recurrence::read("0 0 9 15 3,9 *", Tz::Asia__Shanghai, at("2026-09-14 02:00"));
        let spring = spring.unwrap();
        let now = at("2026-09-14 02:00");
        let found = to_draft(&spring, now, None, 200);
        assert_eq!(found, [at("2026-09-15 01:00"), at("2027-03-15 01:00")]);
        assert!(to_draft(&spring, now, Some(found[1]), 200).is_empty());
        assert_eq!(to_draft(&spring, now, Some(found[0]), 200), [found[1]]);
        // Nothing ran for a year: what is past is not made up for.
        let late = to_draft(&spring, at("2027-09-20 00:00"), Some(found[0]), 30);
        assert!(late.is_empty());
    }

    #[test]
    fn a_base_abroad_keeps_its_own_clocks() {
        let berlin = Tz::Europe__Berlin;
        let rule = |text: &str, now: &str| Recurrence::read(text, berlin, at(now)).unwrap();
        let local = |instants: Vec<DateTime<Utc>>| -> Vec<String> {
            instants
                .iter()
                .map(|at| {
                    berlin
                        .from_utc_datetime(&at.naive_utc())
                        .format("%F %R %:z")
                        .to_string()
                })
                .collect()
        };
        // Nine in the morning stays nine in the morning through both changes of the clocks.
        let weekly = rule("0 0 9 * * Sun", "2026-03-21 00:00");
        assert_eq!(
            local(
                weekly
                    .starts(at("2026-03-21 00:00"), at("2026-03-30 00:00"))
                    .collect()
            ),
            ["2026-03-22 09:00 +01:00", "2026-03-29 09:00 +02:00"]
        );
        // 2:30 does not exist on 29 March: the first instant after the gap.
        let gap = rule("0 30 2 29 Mar *", "2026-01-01 00:00");
        assert_eq!(
            local(
                gap.starts(at("2026-01-01 00:00"), at("2026-12-31 00:00"))
                    .collect()
            ),
            ["2026-03-29 03:00 +02:00"]
        );
        // 2:30 comes twice on 25 October: once, the first.
        let fold = rule("0 30 2 25 Oct *", "2026-01-01 00:00");
        assert_eq!(
            local(
                fold.starts(at("2026-01-01 00:00"), at("2026-12-31 00:00"))
                    .collect()
            ),
            ["2026-10-25 02:30 +02:00"]
        );
    }
}
