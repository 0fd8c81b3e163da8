//! The way of a run, and what it has to fulfil before people are told. Pure.

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::course_run::{Decision, RunState};

use crate::foundation::{
    calendar::{DayKind, WorkingCalendar},
    error::Refusal,
    texts::Label,
    ui::{Tag, dates},
};

/// Without a run for so many days the group is reminded: training is held regularly (定期).
pub const LONGEST_PAUSE_DAYS: u64 = 183;

/// What happens to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// People are told, and enrol.
    Publish,
    /// Nobody enrols any more.
    Close,
    /// It has taken place.
    Hold,
    /// Hours and fees are settled.
    Settle,
    /// It does not take place.
    Cancel,
}

/// The state after `step`.
///
/// # Errors
/// `training.not_now` when the step does not fit the state.
pub fn next(state: RunState, step: Step) -> Result<RunState, Refusal> {
    use RunState::*;
    match (state, step) {
        (Draft, Step::Publish) => Ok(Published),
        (Published, Step::Close) => Ok(Closed),
        (Published | Closed, Step::Hold) => Ok(Held),
        (Held, Step::Settle) => Ok(Settled),
        (Draft | Published | Closed, Step::Cancel) => Ok(Cancelled),
        _ => Err(not_now(state)),
    }
}

fn not_now(state: RunState) -> Refusal {
    Refusal::new("training.not_now").with("state", state.zh())
}

/// Whether facts and times of a run may still be changed.
///
/// # Errors
/// `training.not_now` once it is over or called off.
pub fn may_change(state: RunState) -> Result<(), Refusal> {
    match state {
        RunState::Draft | RunState::Published | RunState::Closed => Ok(()),
        _ => Err(not_now(state)),
    }
}

/// Whether people were told of the run, so that a change is news to them.
pub fn is_known(state: RunState) -> bool {
    matches!(state, RunState::Published | RunState::Closed)
}

/// The state as a word with a shape.
pub fn tag(state: RunState) -> Tag {
    let class = match state {
        RunState::Draft => "",
        RunState::Published => "ok",
        RunState::Closed => "wait",
        RunState::Held => "info",
        RunState::Settled => "",
        RunState::Cancelled => "bad",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// Seats, least number and window of a run fit together.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Seats.
    pub capacity: i32,
    /// 开班人数
    pub least: i32,
    /// The day of the decision.
    pub decide_on: Option<NaiveDate>,
    /// Enrolment from.
    pub opens_at: DateTime<Utc>,
    /// Enrolment until.
    pub closes_at: DateTime<Utc>,
    /// Start of the first lesson.
    pub starts_at: DateTime<Utc>,
    /// Local day of the first lesson.
    pub first_day: NaiveDate,
}

/// What is wrong with a frame, each at its field.
pub fn check_frame(frame: &Frame) -> Vec<(&'static str, Refusal)> {
    let mut wrong = Vec::new();
    if frame.least > frame.capacity {
        wrong.push((
            "least",
            Refusal::new("training.least_above_capacity")
                .with("least", frame.least)
                .with("capacity", frame.capacity),
        ));
    }
    if frame.closes_at <= frame.opens_at {
        wrong.push(("closes", Refusal::new("training.window_empty")));
    }
    if frame.closes_at > frame.starts_at {
        wrong.push((
            "closes",
            Refusal::new("training.window_after_start").with("day", dates::day(frame.first_day)),
        ));
    }
    if let Some(day) = frame.decide_on.filter(|day| *day >= frame.first_day) {
        wrong.push((
            "decide_on",
            Refusal::new("training.decide_too_late")
                .with("day", dates::day(day))
                .with("start", dates::day(frame.first_day)),
        ));
    }
    wrong
}

/// What is left to be decided about a run: nothing before its day, with enough people, or after
/// the decision.
pub fn decision_due(
    state: RunState,
    decide_on: Option<NaiveDate>,
    decision: Option<Decision>,
    enrolled: i32,
    least: i32,
    today: NaiveDate,
) -> bool {
    is_known(state)
        && decision.is_none()
        && enrolled < least
        && decide_on.is_some_and(|day| day <= today)
}

/// A day that people do not expect a lesson on, in words: a holiday, a weekend day, or a weekend day
/// that is worked in exchange; none for an ordinary working day.
pub fn odd_day(day: NaiveDate, calendar: &WorkingCalendar) -> Option<String> {
    let shown = dates::day_and_weekday(day);
    match calendar.special_day(day) {
        Some(special) if special.kind == DayKind::Holiday => {
            Some(format!("{shown}是{}假期", special.name))
        }
        Some(_) => Some(format!("{shown}调休上班")),
        None if !calendar.is_working_day(day) => Some(format!("{shown}是周末")),
        None if day > calendar.coverage_until() => {
            Some(format!("{shown}的放假安排尚未公布，暂按平常周历"))
        }
        None => None,
    }
}

/// Whether no run was or will be held for too long, counted from the last one to `today`.
pub fn pause_too_long(last: Option<NaiveDate>, next: Option<NaiveDate>, today: NaiveDate) -> bool {
    let limit = today.checked_sub_days(Days::new(LONGEST_PAUSE_DAYS));
    let lately = matches!((last, limit), (Some(last), Some(limit)) if last >= limit);
    !lately && next.is_none()
}

/// A fee as typed in 元 with at most two decimals, in 分.
///
/// # Errors
/// `training.fee` when it is no amount up to 100,000 元.
pub fn read_fee(text: &str) -> Result<i32, Refusal> {
    let text = text.trim().trim_end_matches('元').trim();
    if text.is_empty() {
        return Ok(0);
    }
    let refuse = || Refusal::new("training.fee").with("value", text);
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || part.len() > 2 || !digits(whole) || !digits(part) {
        return Err(refuse());
    }
    let whole: i32 = whole.parse().map_err(|_| refuse())?;
    let part: i32 = format!("{part:0<2}").parse().map_err(|_| refuse())?;
    if whole > 100_000 {
        return Err(refuse());
    }
    Ok(whole * 100 + part)
}

/// An amount as people write it: `1200 元`, `99.50 元`.
pub fn yuan(fen: i32) -> String {
    if fen % 100 == 0 {
        format!("{} 元", fen / 100)
    } else {
        format!("{}.{:02} 元", fen / 100, fen % 100)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_run_goes_its_way_and_no_other() {
        use RunState::*;
        let steps = [
            Step::Publish,
            Step::Close,
            Step::Hold,
            Step::Settle,
            Step::Cancel,
        ];
        let reached = |state| steps.map(|step| next(state, step).ok());
        assert_eq!(
            reached(Draft),
            [Some(Published), None, None, None, Some(Cancelled)]
        );
        assert_eq!(
            reached(Published),
            [None, Some(Closed), Some(Held), None, Some(Cancelled)]
        );
        assert_eq!(
            reached(Closed),
            [None, None, Some(Held), None, Some(Cancelled)]
        );
        assert_eq!(reached(Held), [None, None, None, Some(Settled), None]);
        assert_eq!(reached(Settled), [None; 5]);
        assert_eq!(reached(Cancelled), [None; 5]);
        assert!(may_change(Closed).is_ok());
        assert_eq!(may_change(Held).unwrap_err().code, "training.not_now");
    }

    #[test]
    fn seats_window_and_decision_have_to_fit() {
        let at = |day| Utc.with_ymd_and_hms(2026, 10, day, 1, 0, 0).unwrap();
        let sound = Frame {
            capacity: 50,
            least: 20,
            decide_on: Some(day("2026-10-13")),
            opens_at: at(1),
            closes_at: at(13),
            starts_at: at(20),
            first_day: day("2026-10-20"),
        };
        assert_eq!(check_frame(&sound), []);
        let codes = |frame: &Frame| -> Vec<_> {
            check_frame(frame)
                .into_iter()
                .map(|(field, refusal)| (field, refusal.code))
                .collect()
        };
        let wrong = Frame {
            least: 60,
            decide_on: Some(day("2026-10-20")),
            opens_at: at(25),
            closes_at: at(21),
            ..sound
        };
        assert_eq!(
            codes(&wrong),
            [
                ("least", "training.least_above_capacity"),
                ("closes", "training.window_empty"),
                ("closes", "training.window_after_start"),
                ("decide_on", "training.decide_too_late"),
            ]
        );
    }

    #[test]
    fn a_decision_is_due_on_its_day_while_people_are_missing() {
        let on = Some(day("2026-10-13"));
        let due = |enrolled, decision, today| {
            decision_due(RunState::Published, on, decision, enrolled, 20, day(today))
        };
        assert!(due(19, None, "2026-10-13") && due(0, None, "2026-10-15"));
        assert!(!due(19, None, "2026-10-12") && !due(20, None, "2026-10-13"));
        assert!(!due(19, Some(Decision::Hold), "2026-10-13"));
        assert!(!decision_due(
            RunState::Draft,
            on,
            None,
            0,
            20,
            day("2026-10-13")
        ));
    }

    #[test]
    fn odd_days_are_named() {
        let china = WorkingCalendar::china();
        let said = |text| odd_day(day(text), china);
        assert_eq!(said("2026-10-20"), None);
        assert_eq!(said("2026-10-02").unwrap(), "10月2日（周五）是国庆节假期");
        assert_eq!(said("2026-10-10").unwrap(), "10月10日（周六）调休上班");
        assert_eq!(said("2026-10-17").unwrap(), "10月17日（周六）是周末");
        assert!(said("2027-03-01").unwrap().contains("尚未公布"));
    }

    #[test]
    fn half_a_year_without_a_run_is_too_long() {
        let today = day("2026-09-14");
        assert!(pause_too_long(None, None, today));
        assert!(pause_too_long(Some(day("2026-03-14")), None, today));
        assert!(!pause_too_long(Some(day("2026-03-15")), None, today));
        assert!(!pause_too_long(None, Some(day("2026-11-01")), today));
    }

    #[test]
    fn fees_are_read_as_they_are_typed() {
        assert_eq!(read_fee("1200"), Ok(120_000));
        assert_eq!(read_fee(" 99.5 元"), Ok(9_950));
        assert_eq!(read_fee(""), Ok(0));
        for wrong in ["-3", "1.234", "一千", "9999999", ".5", "100001"] {
            assert_eq!(read_fee(wrong).unwrap_err().code, "training.fee", "{wrong}");
        }
        assert_eq!(yuan(120_000), "1200 元");
        assert_eq!(yuan(9_950), "99.50 元");
    }
}
