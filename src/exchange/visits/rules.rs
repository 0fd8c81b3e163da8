//! The way of a visit, and what offers, wishes and terms have to fulfil. Pure.

use chrono::{Days, NaiveDate};
use entity::{
    visit::VisitState,
    visit_terms::{self, TermsState},
};

use crate::foundation::{
    calendar::WorkingCalendar,
    error::{Error, Refusal, Result},
    texts::Label,
    ui::{Tag, dates},
};

/// Longest stay, in calendar days.
pub const LONGEST: i32 = 180;
/// Reminders of a report begin so many working days before it is due.
const REMIND_BEFORE: i32 = 3;

/// One of the two units of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// 派出单位
    Sending,
    /// 接收单位
    Host,
}

impl Side {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Sending => Self::Host,
            Self::Host => Self::Sending,
        }
    }

    /// In Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Sending => "派出单位",
            Self::Host => "接收单位",
        }
    }
}

/// What happens to a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Terms are proposed that both have to approve.
    Amend,
    /// Both have approved the terms.
    Agree,
    /// A unit does not want it, before both have agreed.
    Decline,
    /// A unit withdraws what was agreed.
    Withdraw,
    /// The return is confirmed.
    Return,
    /// A report is filed.
    Report,
    /// The exchange group closes it.
    Close,
}

/// The state of `number` after `step`.
///
/// # Errors
/// `exchange.report_early` and `exchange.report_closed` for reports, otherwise `exchange.not_now`.
pub fn next(state: VisitState, step: Step, number: &str) -> Result<VisitState, Refusal> {
    use VisitState::*;
    match (state, step) {
        (Proposed | Agreed, Step::Amend) => Ok(state),
        (Proposed | Agreed, Step::Agree) => Ok(Agreed),
        (Proposed, Step::Decline) => Ok(Declined),
        (Agreed, Step::Withdraw) => Ok(Withdrawn),
        (Agreed, Step::Return) => Ok(Returned),
        (Returned | Reported, Step::Report) => Ok(Reported),
        (Reported, Step::Close) => Ok(Closed),
        (Proposed | Agreed, Step::Report) => Err(Refusal::new("exchange.report_early")),
        (_, Step::Report) => Err(Refusal::new("exchange.report_closed")
            .with("number", number)
            .with("state", state.zh())),
        _ => Err(Refusal::new("exchange.not_now").with("state", state.zh())),
    }
}

/// Whether a visit takes a round of its offer and meets its wish.
pub fn is_live(state: VisitState) -> bool {
    !matches!(state, VisitState::Declined | VisitState::Withdrawn)
}

/// Whether nothing more happens.
pub fn has_ended(state: VisitState) -> bool {
    use VisitState::*;
    matches!(state, Closed | Declined | Withdrawn)
}

/// Whether a span of days can be posted or agreed: `from` after today, not after `to`. A visit that
/// has begun on `begun` may keep that day, so that it can be made longer.
///
/// # Errors
/// `exchange.period_past` and `exchange.period_backwards`, with the field that is wrong.
pub fn check_period(
    from: NaiveDate,
    to: NaiveDate,
    today: NaiveDate,
    begun: Option<NaiveDate>,
) -> Result<(), (&'static str, Refusal)> {
    let past = |day| Refusal::new("exchange.period_past").with("day", dates::day(day));
    if begun != Some(from) && from <= today {
        return Err(("from_date", past(from)));
    }
    if begun == Some(from) && to < today {
        return Err(("to_date", past(to)));
    }
    if to < from {
        let refusal = Refusal::new("exchange.period_backwards").with("day", dates::day(from));
        return Err(("to_date", refusal));
    }
    Ok(())
}

/// Length of a span in days, both ends included.
pub fn length(from: NaiveDate, to: NaiveDate) -> i32 {
    i32::try_from((to - from).num_days() + 1).unwrap_or(i32::MAX)
}

/// The earliest `days` days that fit into both spans after `today`, begin on a working day, and leave
/// out the days on which somebody is busy.
pub fn earliest_stay(
    spans: [(NaiveDate, NaiveDate); 2],
    days: i32,
    today: NaiveDate,
    busy: &[(NaiveDate, NaiveDate)],
    calendar: &WorkingCalendar,
) -> Option<(NaiveDate, NaiveDate)> {
    let more = Days::new(u64::from(days.max(1).unsigned_abs()) - 1);
    let last = spans[0].1.min(spans[1].1);
    let mut from = spans[0].0.max(spans[1].0).max(today.succ_opt()?);
    loop {
        while !calendar.is_working_day(from) {
            from = from.succ_opt()?;
        }
        let to = from.checked_add_days(more)?;
        if to > last {
            return None;
        }
        let clash = busy.iter().find(|span| span.0 <= to && span.1 >= from);
        match clash {
            None => return Some((from, to)),
            Some(span) => from = span.1.succ_opt()?,
        }
    }
}

/// Whether `side` may approve these terms, shown to it as version `shown`.
///
/// # Errors
/// A conflict `exchange.terms_changed` when other terms are on the table, `exchange.approved_before`
/// when this side has approved, `exchange.nothing_to_approve` when nothing waits.
pub fn may_approve(terms: &visit_terms::Model, side: Side, shown: i32) -> Result<()> {
    if terms.version != shown {
        return Err(Error::Conflict(Refusal::new("exchange.terms_changed")));
    }
    if terms.state != TermsState::Pending {
        return Err(Refusal::new("exchange.nothing_to_approve").into());
    }
    if approved(terms, side) {
        return Err(Refusal::new("exchange.approved_before")
            .with("side", side.other().zh())
            .into());
    }
    Ok(())
}

/// Whether `side` has approved these terms.
pub fn approved(terms: &visit_terms::Model, side: Side) -> bool {
    match side {
        Side::Sending => terms.sending_at.is_some(),
        Side::Host => terms.host_at.is_some(),
    }
}

/// Whether terms that both approved can hold: a visit abroad needs its approval number.
///
/// # Errors
/// `exchange.abroad_number`
pub fn may_hold(abroad: bool, approval_number: &str) -> Result<(), Refusal> {
    if abroad && approval_number.is_empty() {
        Err(Refusal::new("exchange.abroad_number"))
    } else {
        Ok(())
    }
}

/// Whether a visit that begins on `from` can still be withdrawn.
///
/// # Errors
/// `exchange.begun`
pub fn may_withdraw(from: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if today >= from {
        Err(Refusal::new("exchange.begun").with("day", dates::day_and_weekday(from)))
    } else {
        Ok(())
    }
}

/// Whether the true days of a visit can be as told.
///
/// # Errors
/// `exchange.back_before_leaving`, `exchange.back_later`, with the field that is wrong.
pub fn check_return(
    left: NaiveDate,
    back: NaiveDate,
    today: NaiveDate,
) -> Result<(), (&'static str, Refusal)> {
    if back < left {
        let refusal = Refusal::new("exchange.back_before_leaving").with("day", dates::day(left));
        return Err(("back_on", refusal));
    }
    if back > today {
        let refusal = Refusal::new("exchange.back_later").with("day", dates::day(back));
        return Err(("back_on", refusal));
    }
    Ok(())
}

/// The day until which the report is due: so many working days after the return.
pub fn report_due(back: NaiveDate, days: u32, calendar: &WorkingCalendar) -> NaiveDate {
    let days = i32::try_from(days).unwrap_or(i32::MAX);
    calendar.add_working_days(back, days).value
}

/// What is said of something that is due on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nudge {
    /// It is due soon.
    Soon,
    /// It is late: the how manyth reminder, one for every five working days.
    Late(i32),
}

/// Reminders begin three working days before the day and go on every five working days after it.
pub fn nudge(due: NaiveDate, today: NaiveDate, calendar: &WorkingCalendar) -> Option<Nudge> {
    if today > due {
        let late = calendar.working_days_between(due, today).value.max(1);
        Some(Nudge::Late(
            i32::try_from((late - 1) / 5).unwrap_or(i32::MAX),
        ))
    } else if today >= calendar.add_working_days(due, -REMIND_BEFORE).value {
        Some(Nudge::Soon)
    } else {
        None
    }
}

/// The state as a tag.
pub fn tag(state: VisitState) -> Tag {
    use VisitState::*;
    let (class, word) = match state {
        Proposed => ("wait", "待审批"),
        Agreed => ("ok", "双方已同意"),
        Returned => ("wait", "待总结"),
        Reported => ("info", "已交总结"),
        Closed => ("ok", "已办结"),
        Declined => ("", "未达成"),
        Withdrawn => ("", "已撤回"),
    };
    Tag { class, word }
}

#[cfg(test)]
mod tests;
