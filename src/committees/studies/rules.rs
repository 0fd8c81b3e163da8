//! What holds for studies: their states and milestones, whom a composition asks for, who is reminded
//! when. Pure.

mod composition;

use chrono::NaiveDate;
use entity::{
    study::StudyState,
    study_milestone::{self, MilestoneKind},
};

pub use composition::{Candidate, Composition, composition};

use crate::foundation::{
    calendar::WorkingCalendar, error::Refusal, texts::Label, ui::Tag, ui::dates,
};

/// What is done to a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What it asks, whom it takes or until when is changed.
    Change,
    /// Its panel is asked for.
    AskPanel,
    /// The panel stands.
    Stand,
    /// An expert files what the milestone asks for.
    File,
    /// The committee accepts it, and another milestone follows.
    Accept,
    /// The committee wants it changed.
    Return,
    /// The committee accepts the report.
    Close,
    /// The committee gives the study up.
    Withdraw,
}

/// The state after `step`.
///
/// # Errors
/// `studies.not_now`; `studies.closed` once it has ended.
pub fn next(state: StudyState, step: Step) -> Result<StudyState, Refusal> {
    use StudyState::{Closed, Planned, Review, Staffing, Withdrawn, Working};
    match (step, state) {
        (_, Closed | Withdrawn) => Err(Refusal::new("studies.closed").with("state", state.zh())),
        (Step::Change, state) => Ok(state),
        (Step::AskPanel, Planned) => Ok(Staffing),
        (Step::Stand, Staffing) => Ok(Working),
        (Step::File, Working | Review) => Ok(Review),
        (Step::Accept | Step::Return, Review) => Ok(Working),
        (Step::Close, Review) => Ok(Closed),
        (Step::Withdraw, _) => Ok(Withdrawn),
        _ => Err(Refusal::new("studies.not_now").with("state", state.zh())),
    }
}

/// Whether a study has ended.
pub fn has_ended(state: StudyState) -> bool {
    matches!(state, StudyState::Closed | StudyState::Withdrawn)
}

/// Whether experts may file.
pub fn takes_reports(state: StudyState) -> bool {
    next(state, Step::File).is_ok()
}

/// The state as a word with a shape.
pub fn tag(state: StudyState) -> Tag {
    let class = match state {
        StudyState::Planned => "",
        StudyState::Staffing | StudyState::Working => "info",
        StudyState::Review => "wait",
        StudyState::Closed => "ok",
        StudyState::Withdrawn => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// The milestone that is worked on: the first that is not done. None once all are.
pub fn current(milestones: &[study_milestone::Model]) -> Option<&study_milestone::Model> {
    milestones
        .iter()
        .filter(|one| one.done_at.is_none())
        .min_by_key(|one| one.kind)
}

/// Whether the last days of the milestones follow each other, from `today` on. A day that stood
/// `before` may have passed: only one that is set now has to lie ahead.
///
/// # Errors
/// By field: `studies.day_past`, `studies.days_order`.
pub fn check_days(
    days: &[(MilestoneKind, NaiveDate)],
    before: &[(MilestoneKind, NaiveDate)],
    today: NaiveDate,
) -> Result<(), (&'static str, Refusal)> {
    let mut former: Option<(MilestoneKind, NaiveDate)> = None;
    for (kind, day) in days {
        if *day <= today && !before.contains(&(*kind, *day)) {
            return Err((field(*kind), Refusal::new("studies.day_past")));
        }
        if let Some((before, until)) = former.filter(|(_, until)| day <= until) {
            return Err((
                field(*kind),
                Refusal::new("studies.days_order")
                    .with("former", before.zh())
                    .with("day", dates::day(until)),
            ));
        }
        former = Some((*kind, *day));
    }
    Ok(())
}

/// The field with the last day of a milestone.
pub fn field(kind: MilestoneKind) -> &'static str {
    match kind {
        MilestoneKind::Plan => "plan_due",
        MilestoneKind::Interim => "interim_due",
        MilestoneKind::Report => "report_due",
    }
}

/// Whether the numbers of a study fit together, whatever the pool holds.
///
/// # Errors
/// By field: `panels.composition`.
pub fn check_numbers(asked: &Composition) -> Result<(), (&'static str, Refusal)> {
    if asked.min_technical + asked.min_standardization > asked.demand {
        return Err((
            "demand",
            Refusal::new("panels.composition")
                .with("technical", asked.min_technical)
                .with("standardization", asked.min_standardization)
                .with("demand", asked.demand),
        ));
    }
    Ok(())
}

/// Who is told about a milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// Those who are due, before it is late.
    MembersSoon,
    /// Those who are due, once it is late.
    MembersLate,
    /// Who leads the committee.
    Lead,
    /// The secretariat.
    Secretariat,
}

/// Who is told on `today` about what is due on `due`: those who are due from three working days
/// before and once after it, the lead as soon as it is late, the secretariat after three working days
/// more.
pub fn told(due: NaiveDate, today: NaiveDate, calendar: &WorkingCalendar) -> Vec<Told> {
    if today > calendar.add_working_days(due, 3).value {
        vec![Told::MembersLate, Told::Lead, Told::Secretariat]
    } else if today > due {
        vec![Told::MembersLate, Told::Lead]
    } else if today >= calendar.add_working_days(due, -3).value {
        vec![Told::MembersSoon]
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests;
