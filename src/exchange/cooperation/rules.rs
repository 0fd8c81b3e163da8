//! What joint projects have to fulfil. Pure.

use chrono::NaiveDate;
use entity::{cooperation::CooperationState, cooperation_unit::PartState, deliverable};

use crate::foundation::{
    error::Refusal,
    texts::Label,
    ui::{Tag, dates},
};

/// Least units that carry a project.
pub const LEAST_UNITS: usize = 2;

/// Where a project stands after its units have answered so: it runs from the second unit on, and
/// falls when nobody is left to ask.
pub fn standing(parts: &[PartState]) -> CooperationState {
    let count = |state| parts.iter().filter(|part| **part == state).count();
    if count(PartState::Joined) >= LEAST_UNITS {
        CooperationState::Running
    } else if count(PartState::Asked) > 0 {
        CooperationState::Proposed
    } else {
        CooperationState::Dropped
    }
}

/// Whether something can still be done with a project.
///
/// # Errors
/// `cooperation.not_now`
pub fn goes_on(state: CooperationState) -> Result<(), Refusal> {
    match state {
        CooperationState::Proposed | CooperationState::Running => Ok(()),
        CooperationState::Ended | CooperationState::Dropped => {
            Err(Refusal::new("cooperation.not_now").with("state", state.zh()))
        }
    }
}

/// Whether a running project can be ended: nothing is missing, or the lead ends it all the same.
///
/// # Errors
/// `cooperation.not_now`, `cooperation.missing` with what is missing.
pub fn may_end(
    state: CooperationState,
    deliverables: &[deliverable::Model],
    anyway: bool,
) -> Result<(), Refusal> {
    if state != CooperationState::Running {
        return Err(Refusal::new("cooperation.not_now").with("state", state.zh()));
    }
    let missing: Vec<_> = deliverables
        .iter()
        .filter(|row| row.delivered_on.is_none())
        .map(|row| row.title.as_str())
        .collect();
    if missing.is_empty() || anyway {
        Ok(())
    } else {
        Err(Refusal::new("cooperation.missing")
            .with("count", missing.len())
            .with("titles", missing.join("、")))
    }
}

/// Whether something can be due on a day of a project.
///
/// # Errors
/// `cooperation.due_outside`
pub fn check_due(due: NaiveDate, from: NaiveDate, to: NaiveDate) -> Result<(), Refusal> {
    if (from..=to).contains(&due) {
        Ok(())
    } else {
        Err(Refusal::new("cooperation.due_outside")
            .with("day", dates::full_day(due))
            .with("from", dates::full_day(from))
            .with("to", dates::full_day(to)))
    }
}

/// The state as a tag.
pub fn tag(state: CooperationState) -> Tag {
    let class = match state {
        CooperationState::Proposed => "wait",
        CooperationState::Running => "info",
        CooperationState::Ended => "ok",
        CooperationState::Dropped => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

#[cfg(test)]
mod tests {
    use entity::ids::{CooperationId, DeliverableId, UnitId};
    use uuid::Uuid;

    use super::*;
    use PartState::{Asked, Declined, Joined};

    #[test]
    fn two_units_carry_a_project_and_one_does_not() {
        assert_eq!(standing(&[Joined, Asked]), CooperationState::Proposed);
        assert_eq!(
            standing(&[Joined, Declined, Asked]),
            CooperationState::Proposed
        );
        assert_eq!(
            standing(&[Joined, Joined, Asked]),
            CooperationState::Running
        );
        assert_eq!(standing(&[Joined, Declined]), CooperationState::Dropped);
    }

    #[test]
    fn what_is_missing_is_named_at_the_end() {
        let row = |title: &str, delivered: bool| deliverable::Model {
            id: DeliverableId(Uuid::nil()),
            cooperation_id: CooperationId(Uuid::nil()),
            title: title.to_owned(),
            unit_id: UnitId(Uuid::nil()),
            due_on: NaiveDate::MIN,
            delivered_on: delivered.then_some(NaiveDate::MIN),
            delivered_by: None,
            note: String::new(),
        };
        let rows = [row("调研报告", true), row("标准草案", false)];
        let refusal = may_end(CooperationState::Running, &rows, false).unwrap_err();
        assert_eq!(refusal.facts[1].1, "标准草案");
        assert!(may_end(CooperationState::Running, &rows, true).is_ok());
        assert!(may_end(CooperationState::Running, &rows[..1], false).is_ok());
        assert!(may_end(CooperationState::Ended, &rows, true).is_err());
    }
}
