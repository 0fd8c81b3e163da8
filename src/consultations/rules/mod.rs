//! The way of a consultation, and what a request has to fulfil. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use entity::consultation::{ConsultationState, Purpose};

use crate::foundation::{
    calendar::WorkingCalendar,
    error::Refusal,
    texts::Label,
    ui::{Tag, dates},
};

/// How often a requester may ask again.
pub const MOST_QUESTIONS: i32 = 2;

/// What happens to a consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The requester hands it in.
    Submit,
    /// The secretariat takes it in.
    Accept,
    /// The secretariat returns it to be completed.
    SendBack,
    /// The secretariat does not take it in.
    Refuse,
    /// The panel stands.
    Stand,
    /// A place of a panel that stood is empty again, or its members are asked about a new time.
    Reopen,
    /// The experts work: the meeting has been, or there is none.
    Begin,
    /// The 组长 files the conclusion.
    Conclude,
    /// The requester asks once more.
    AskAgain,
    /// The requester confirms.
    Confirm,
    /// The requester withdraws.
    Withdraw,
}

/// The state after `step`.
///
/// # Errors
/// `consultations.not_now` when the step does not fit the state.
pub fn next(state: ConsultationState, step: Step) -> Result<ConsultationState, Refusal> {
    use ConsultationState::*;
    match (state, step) {
        (Draft | Returned, Step::Submit) => Ok(Submitted),
        (Submitted, Step::Accept) => Ok(Accepted),
        (Submitted, Step::SendBack) => Ok(Returned),
        (Submitted, Step::Refuse) => Ok(Refused),
        (Accepted, Step::Stand) => Ok(Standing),
        (Standing | Working, Step::Stand) => Ok(state),
        (Standing | Working, Step::Reopen) => Ok(Accepted),
        (Standing, Step::Begin) => Ok(Working),
        (Standing | Working | AskedAgain, Step::Conclude) => Ok(Concluded),
        (Concluded, Step::AskAgain) => Ok(AskedAgain),
        (Concluded, Step::Confirm) => Ok(Closed),
        (Refused | Closed | Withdrawn, Step::Withdraw) => Err(not_now(state)),
        (_, Step::Withdraw) => Ok(Withdrawn),
        _ => Err(not_now(state)),
    }
}

fn not_now(state: ConsultationState) -> Refusal {
    Refusal::new("consultations.not_now").with("state", state.zh())
}

/// Whether the requester may change the request in `state`.
///
/// # Errors
/// `consultations.settled` once there is a conclusion or the matter has ended.
pub fn may_change(state: ConsultationState) -> Result<(), Refusal> {
    use ConsultationState::*;
    match state {
        Draft | Submitted | Returned | Accepted | Standing | Working => Ok(()),
        Concluded | AskedAgain | Refused | Closed | Withdrawn => {
            Err(Refusal::new("consultations.settled").with("state", state.zh()))
        }
    }
}

/// Whether the secretariat may go on with `accepted` experts of the `demand` that was asked for.
///
/// # Errors
/// `consultations.not_now` unless the panel is being put together, `consultations.nobody_yet` when
/// nobody has accepted, `consultations.complete` when nobody is missing.
pub fn may_go_on(state: ConsultationState, accepted: i32, demand: i32) -> Result<(), Refusal> {
    if state != ConsultationState::Accepted {
        Err(not_now(state))
    } else if accepted < 1 {
        Err(Refusal::new("consultations.nobody_yet"))
    } else if accepted >= demand {
        Err(Refusal::new("consultations.complete"))
    } else {
        Ok(())
    }
}

/// Whether the matter has ended.
pub fn has_ended(state: ConsultationState) -> bool {
    use ConsultationState::*;
    matches!(state, Refused | Closed | Withdrawn)
}

/// Numbers of experts that fit a purpose, smallest first.
pub fn demands(purpose: Purpose) -> &'static [i32] {
    match purpose {
        Purpose::Advice => &[1, 2],
        Purpose::InitiationReview => &[3, 5],
        Purpose::TechnicalReview => &[5, 7],
        Purpose::WrittenReview => &[3, 5, 7],
        Purpose::Other => &[1, 2, 3, 5, 7],
    }
}

/// Whether `demand` experts fit `purpose`.
///
/// # Errors
/// `consultations.demand` with the numbers that fit.
pub fn check_demand(purpose: Purpose, demand: i32) -> Result<(), Refusal> {
    let fitting = demands(purpose);
    if fitting.contains(&demand) {
        return Ok(());
    }
    let numbers: Vec<_> = fitting.iter().map(i32::to_string).collect();
    Err(Refusal::new("consultations.demand")
        .with("purpose", purpose.zh())
        .with("fitting", numbers.join("、"))
        .with("given", demand))
}

/// Whether the purpose is a review, with verdicts and a share of 同意.
pub fn is_review(purpose: Purpose) -> bool {
    matches!(
        purpose,
        Purpose::InitiationReview | Purpose::TechnicalReview | Purpose::WrittenReview
    )
}

/// Whether experts can meet on `day`.
///
/// # Errors
/// `consultations.day_past` and `consultations.day_off`, with the nearest working days.
pub fn check_meeting_day(
    day: NaiveDate,
    today: NaiveDate,
    calendar: &WorkingCalendar,
) -> Result<(), Refusal> {
    if day <= today {
        return Err(Refusal::new("consultations.day_past").with("day", dates::day(day)));
    }
    if calendar.is_working_day(day) {
        return Ok(());
    }
    let reason = calendar
        .holiday_name(day)
        .map_or_else(|| "周末".to_owned(), |name| format!("{name}假期"));
    Err(Refusal::new("consultations.day_off")
        .with("day", dates::day_and_weekday(day))
        .with("reason", reason)
        .with(
            "before",
            dates::day_and_weekday(calendar.previous_working_day(day).value),
        )
        .with(
            "after",
            dates::day_and_weekday(calendar.next_working_day(day).value),
        ))
}

/// The state as a tag, as the requester or (with `desk`) the secretariat reads it.
pub fn tag(state: ConsultationState, desk: bool) -> Tag {
    use ConsultationState::*;
    let (class, word) = match state {
        Draft => ("", "草稿"),
        Submitted => (
            if desk { "wait" } else { "info" },
            if desk { "待受理" } else { "已提交" },
        ),
        Returned => ("bad", "退回补充"),
        Accepted => ("info", "组建专家组"),
        Refused => ("", "不予受理"),
        Standing => ("info", "已到齐"),
        Working => ("info", "专家办理中"),
        Concluded => (
            "wait",
            if desk {
                "待单位确认"
            } else {
                "待您确认"
            },
        ),
        AskedAgain => ("info", "追问中"),
        Closed => ("ok", "已结束"),
        Withdrawn => ("", "已撤回"),
    };
    Tag { class, word }
}

/// The day until which the secretariat takes in what was submitted on `day`: two working days.
pub fn take_in_by(day: NaiveDate, calendar: &WorkingCalendar) -> NaiveDate {
    calendar.add_working_days(day, 2).value
}

/// The day until which experts file: so many working days after the meeting, or else the day on which
/// the answer is wanted.
pub fn opinions_by(
    meeting: Option<NaiveDate>,
    wanted: Option<NaiveDate>,
    days: u32,
    calendar: &WorkingCalendar,
) -> Option<NaiveDate> {
    let days = i32::try_from(days).unwrap_or(i32::MAX);
    meeting
        .map(|meeting| calendar.add_working_days(meeting, days).value)
        .or(wanted)
}

/// Whether a conclusion can be filed at `now`: once the meeting, if there is one, has begun.
///
/// # Errors
/// `consultations.before_meeting`
pub fn may_conclude(
    meeting_from: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    if meeting_from.is_some_and(|from| from > now) {
        Err(Refusal::new("consultations.before_meeting"))
    } else {
        Ok(())
    }
}

/// What an expert whose work is due on `due` is told on `today`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nudge {
    /// It is due soon.
    Soon,
    /// It is late.
    Late,
}

/// Reminders are sent from one working day before the day that is due, and once after it.
pub fn nudge(due: NaiveDate, today: NaiveDate, calendar: &WorkingCalendar) -> Option<Nudge> {
    if today > due {
        Some(Nudge::Late)
    } else if today >= calendar.add_working_days(due, -1).value {
        Some(Nudge::Soon)
    } else {
        None
    }
}

/// Of `reminders`, the working days after a conclusion on which the requester is reminded to confirm it,
/// the latest that has come on `today`. One that was missed is thus still sent, but not several at once.
pub fn confirmation_due(
    concluded: NaiveDate,
    today: NaiveDate,
    reminders: &[u32],
    calendar: &WorkingCalendar,
) -> Option<u32> {
    let waited = calendar.working_days_between(concluded, today).value;
    let come = reminders
        .iter()
        .copied()
        .filter(|days| i64::from(*days) <= waited);
    come.max()
}

#[cfg(test)]
mod tests;
