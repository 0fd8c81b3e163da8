//! What holds for meetings and for seats in the standing council. Pure.

use chrono::{Months, NaiveDate, NaiveTime};
use entity::{
    meeting::{MeetingKind, MeetingState},
    standing_application::ApplicationState,
    unit::Tier,
};

use crate::foundation::{error::Refusal, texts::Label, ui::Tag, ui::dates};

/// What is done to a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The units are told.
    Call,
    /// It is moved.
    Change,
    /// A unit answers.
    Reply,
    /// Who came is recorded.
    Attend,
    /// The minutes are sent.
    Minute,
    /// It is called off.
    Cancel,
}

/// The state after `step`.
///
/// # Errors
/// `meetings.not_now`
pub fn next(state: MeetingState, step: Step) -> Result<MeetingState, Refusal> {
    use MeetingState::{Called, Cancelled, Draft, Held, Minuted};
    match (step, state) {
        (Step::Call, Draft) => Ok(Called),
        (Step::Change, Draft | Called) => Ok(state),
        (Step::Reply, Called) => Ok(Called),
        (Step::Attend, Called | Held) => Ok(Held),
        (Step::Minute, Held | Minuted) => Ok(Minuted),
        (Step::Cancel, Draft | Called) => Ok(Cancelled),
        _ => Err(Refusal::new("meetings.not_now").with("state", state.zh())),
    }
}

/// The state as a word with a shape.
pub fn tag(state: MeetingState) -> Tag {
    let class = match state {
        MeetingState::Draft | MeetingState::Held => "wait",
        MeetingState::Called => "info",
        MeetingState::Minuted => "ok",
        MeetingState::Cancelled => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// Whether a unit of `tier` belongs to the meeting: 应到.
pub fn belongs(kind: MeetingKind, tier: Tier) -> bool {
    match kind {
        MeetingKind::Assembly => true,
        MeetingKind::Council => matches!(tier, Tier::Council | Tier::StandingCouncil),
        MeetingKind::StandingCouncil => tier == Tier::StandingCouncil,
    }
}

/// Whether day, hours and last day to answer fit together.
///
/// # Errors
/// By field: `meetings.day_past`, `meetings.hours`, `meetings.reply_by`.
pub fn check_time(
    date: NaiveDate,
    (from, to): (NaiveTime, NaiveTime),
    reply_by: NaiveDate,
    today: NaiveDate,
) -> Result<(), (&'static str, Refusal)> {
    if date <= today {
        return Err(("date", Refusal::new("meetings.day_past")));
    }
    if to <= from {
        return Err(("to_time", Refusal::new("meetings.hours")));
    }
    if reply_by >= date || reply_by < today {
        return Err((
            "reply_by",
            Refusal::new("meetings.reply_by").with("day", dates::day(date)),
        ));
    }
    Ok(())
}

/// Until when the next meeting of a kind is due, where it has to be held every year: a year after the
/// last one, or after the term began. None for meetings that need not be held.
pub fn due(kind: MeetingKind, last: Option<NaiveDate>, term_from: NaiveDate) -> Option<NaiveDate> {
    match kind {
        MeetingKind::Assembly | MeetingKind::Council => last
            .unwrap_or(term_from)
            .checked_add_months(Months::new(12)),
        MeetingKind::StandingCouncil => None,
    }
}

/// Whether a unit may apply for a seat in the standing council: a council unit that leads a committee
/// or a group, or is to lead it.
///
/// # Errors
/// `meetings.not_council`, `meetings.already_standing`, `meetings.leads_nothing`,
/// `meetings.applied_already`
pub fn may_apply(tier: Tier, leads: bool, open: bool) -> Result<(), Refusal> {
    match tier {
        Tier::Member => Err(Refusal::new("meetings.not_council")),
        Tier::StandingCouncil => Err(Refusal::new("meetings.already_standing")),
        Tier::Council if !leads => Err(Refusal::new("meetings.leads_nothing")),
        Tier::Council if open => Err(Refusal::new("meetings.applied_already")),
        Tier::Council => Ok(()),
    }
}

/// The result of a vote as it was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Votes {
    /// 赞成
    pub ayes: i32,
    /// 反对
    pub noes: i32,
    /// 弃权
    pub abstained: i32,
}

/// Whether the vote elects: more than half of those who came say yes. Nobody votes twice.
///
/// # Errors
/// `meetings.more_votes` when more votes were counted than units came.
pub fn elects(votes: Votes, present: i32) -> Result<bool, Refusal> {
    let cast = votes.ayes + votes.noes + votes.abstained;
    if cast > present {
        return Err(Refusal::new("meetings.more_votes")
            .with("cast", cast)
            .with("present", present));
    }
    Ok(votes.ayes * 2 > present)
}

/// Whether an application may go on by a nomination or a vote.
///
/// # Errors
/// `meetings.application_state`
pub fn expects(state: ApplicationState, wanted: ApplicationState) -> Result<(), Refusal> {
    if state == wanted {
        Ok(())
    } else {
        Err(Refusal::new("meetings.application_state").with("state", state.zh()))
    }
}

/// Whether the unit may still take its application back.
///
/// # Errors
/// `meetings.application_state` once it was decided.
pub fn may_withdraw(state: ApplicationState) -> Result<(), Refusal> {
    match state {
        ApplicationState::Applied | ApplicationState::Nominated => Ok(()),
        _ => Err(Refusal::new("meetings.application_state").with("state", state.zh())),
    }
}

#[cfg(test)]
mod tests;
