//! What asking, answering and ending may do to the places of a panel. Pure: the callers hold the
//! panel's row locked and write what comes out.

use entity::{
    assignment::{self, AssignmentState},
    invitation::{self, Answer, DeclineReason},
    panel::PanelState,
};

use crate::foundation::error::Refusal;

/// The places of a panel as they are filled at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    /// Places.
    pub demand: i32,
    /// Accepted, or served.
    pub accepted: i32,
    /// Asked for a place of their own, without an answer.
    pub waiting: i32,
    /// Several are being asked for the same places (加急).
    pub racing: bool,
}

impl Board {
    /// Counts all assignments of a panel with `demand` places.
    pub fn of<'a>(
        demand: i32,
        assignments: impl IntoIterator<Item = &'a assignment::Model>,
    ) -> Self {
        let mut board = Self {
            demand,
            accepted: 0,
            waiting: 0,
            racing: false,
        };
        for row in assignments {
            match (row.state, row.race) {
                (AssignmentState::Accepted | AssignmentState::Done, _) => board.accepted += 1,
                (AssignmentState::Invited, false) => board.waiting += 1,
                (AssignmentState::Invited, true) => board.racing = true,
                _ => {}
            }
        }
        board
    }

    /// Places that nobody holds or was asked for alone. While some are raced for, these are they.
    pub fn unheld(&self) -> i32 {
        (self.demand - self.accepted - self.waiting).max(0)
    }

    /// Places that somebody may still be asked for.
    pub fn free(&self) -> i32 {
        if self.racing { 0 } else { self.unheld() }
    }

    /// Where an open panel stands by its acceptances.
    pub fn state(&self) -> PanelState {
        if self.accepted >= self.demand {
            PanelState::Standing
        } else {
            PanelState::Open
        }
    }
}

/// Whether a matter still needs its panel.
///
/// # Errors
/// `panels.ended`.
pub fn goes_on(state: PanelState) -> Result<(), Refusal> {
    match state {
        PanelState::Open | PanelState::Standing => Ok(()),
        PanelState::Closed | PanelState::Withdrawn => Err(Refusal::new("panels.ended")),
    }
}

/// Whether `count` more experts may be asked: each for a place of their own, or in a race for the
/// places that are left.
///
/// # Errors
/// `panels.no_place` with what is free and what was wanted; `panels.racing` while a race runs.
pub fn may_ask(board: &Board, count: usize, race: bool) -> Result<(), Refusal> {
    if board.racing {
        return Err(Refusal::new("panels.racing"));
    }
    let wanted = if race {
        1
    } else {
        i32::try_from(count).unwrap_or(i32::MAX)
    };
    if wanted > board.free() {
        return Err(Refusal::new("panels.no_place")
            .with("free", board.free())
            .with("wanted", wanted));
    }
    Ok(())
}

/// A question to an expert at the moment of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Where the place stands.
    pub state: AssignmentState,
    /// Several were asked for the same place.
    pub race: bool,
    /// The answer so far.
    pub answer: Option<Answer>,
    /// The reason of a decline so far.
    pub reason: Option<DeclineReason>,
    /// The cut-off has passed.
    pub late: bool,
    /// The question no longer stands: withdrawn, asked anew, given away, or ended.
    pub closed: bool,
    /// The expert once answered that there is an interest.
    pub recused: bool,
}

impl Question {
    /// Puts the rows together.
    pub fn of(
        assignment: &assignment::Model,
        invitation: &invitation::Model,
        recused: bool,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Self {
        Self {
            recused,
            state: assignment.state,
            race: assignment.race,
            answer: invitation.answer,
            reason: invitation.decline_reason,
            late: now >= invitation.cutoff_at,
            closed: invitation.closed_at.is_some(),
        }
    }

    /// Whether an answer may still be given or changed by the expert.
    pub fn is_open(&self) -> bool {
        !self.closed && !self.late
    }
}

/// What an answer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It was given before: nothing.
    Unchanged,
    /// Takes the place.
    Take,
    /// Is kept until the race is decided.
    Offer,
    /// Gives the place back, or does not take it.
    Leave,
}

/// What `answer` with `reason` does to `question`.
///
/// # Errors
/// `panels.question_closed`, `panels.late`; `panels.own_recusal` for accepting after having
/// declared an interest; `panels.place_taken` when the place was given to somebody else meanwhile.
pub fn answer(
    board: &Board,
    question: &Question,
    answer: Answer,
    reason: Option<DeclineReason>,
) -> Result<Effect, Refusal> {
    let repeated =
        question.answer == Some(answer) && (answer == Answer::Accept || question.reason == reason);
    if repeated {
        return Ok(Effect::Unchanged);
    }
    if question.closed {
        return Err(Refusal::new("panels.question_closed"));
    }
    if question.late {
        return Err(Refusal::new("panels.late"));
    }
    if answer == Answer::Decline {
        return Ok(Effect::Leave);
    }
    if question.recused {
        return Err(Refusal::new("panels.own_recusal"));
    }
    if question.race {
        return Ok(Effect::Offer);
    }
    let place = match question.state {
        // The own question holds a place of its own.
        AssignmentState::Invited => board.accepted < board.demand,
        _ => board.free() > 0,
    };
    if place {
        Ok(Effect::Take)
    } else {
        Err(Refusal::new("panels.place_taken"))
    }
}

/// Whether a question has lapsed: nobody answered, and the cut-off has passed. A question of a race
/// is decided with its race.
pub fn lapsed(question: &Question) -> bool {
    question.late
        && !question.closed
        && !question.race
        && question.state == AssignmentState::Invited
        && question.answer.is_none()
}

/// Those who accepted in a race, best ranked first: places are given in this order, whoever was
/// first to click.
pub fn race_order<T>(mut offers: Vec<(T, i32, Option<Answer>)>) -> Vec<T> {
    offers.retain(|(_, _, answer)| *answer == Some(Answer::Accept));
    offers.sort_by_key(|(_, rank, _)| *rank);
    offers.into_iter().map(|(one, _, _)| one).collect()
}

/// How many experts are to be asked by themselves for places that fell free: never more than fell
/// free, and never more than are free.
pub fn to_refill<'a>(
    board: &Board,
    assignments: impl IntoIterator<Item = &'a assignment::Model>,
) -> usize {
    let fallen = assignments.into_iter().filter(|row| row.refill).count();
    fallen.min(usize::try_from(board.free()).unwrap_or(0))
}

/// Whether an expert may be released by the secretariat.
///
/// # Errors
/// `panels.not_serving`.
pub fn may_release(state: AssignmentState) -> Result<(), Refusal> {
    match state {
        AssignmentState::Invited | AssignmentState::Accepted => Ok(()),
        _ => Err(Refusal::new("panels.not_serving")),
    }
}

/// Whether the expert of `former`, a place that ended, may be asked for the same panel once more.
///
/// # Errors
/// `panels.already_on_panel` while the expert is asked or serves.
pub fn may_ask_again(former: &assignment::Model, all: &[assignment::Model]) -> Result<(), Refusal> {
    use AssignmentState::{Accepted, Done, Invited};
    let holds = |row: &assignment::Model| {
        row.expert_id == former.expert_id && matches!(row.state, Invited | Accepted | Done)
    };
    if all.iter().any(holds) {
        Err(Refusal::new("panels.already_on_panel"))
    } else {
        Ok(())
    }
}

/// Whether a member may be asked to be 组长.
///
/// # Errors
/// `panels.not_member` before acceptance; `panels.is_head` for whoever is it already.
pub fn may_ask_head(assignment: &assignment::Model) -> Result<(), Refusal> {
    if assignment.state != AssignmentState::Accepted {
        Err(Refusal::new("panels.not_member"))
    } else if assignment.head {
        Err(Refusal::new("panels.is_head"))
    } else {
        Ok(())
    }
}

/// Whether fewer places still hold everybody who accepted.
///
/// # Errors
/// `panels.fewer_than_accepted` with both numbers.
pub fn may_lower(board: &Board, demand: i32) -> Result<(), Refusal> {
    if demand < board.accepted {
        Err(Refusal::new("panels.fewer_than_accepted")
            .with("demand", demand)
            .with("accepted", board.accepted))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
