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
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn place(number: u128, race: bool) -> assignment::Model {
        assignment::Model {
            id: Uuid::from_u128(number).into(),
            panel_id: Uuid::from_u128(1).into(),
            expert_id: Uuid::from_u128(number).into(),
            person_id: Uuid::from_u128(number).into(),
            unit_id: None,
            run_id: None,
            state: AssignmentState::Invited,
            rank: i32::try_from(number % 1000).unwrap(),
            relevance: 0,
            reason: String::new(),
            head: false,
            head_asked: false,
            head_declined_at: None,
            refill: false,
            wave: 1,
            race,
            created_at: DateTime::UNIX_EPOCH,
            ended_at: None,
            end_note: String::new(),
            work_generation: 1,
        }
    }

    fn asked(state: AssignmentState) -> Question {
        Question {
            state,
            race: false,
            answer: None,
            reason: None,
            late: false,
            closed: false,
            recused: false,
        }
    }

    fn board(demand: i32, accepted: i32, waiting: i32) -> Board {
        Board {
            demand,
            accepted,
            waiting,
            racing: false,
        }
    }

    fn refusal<T: std::fmt::Debug>(result: Result<T, Refusal>) -> &'static str {
        result.unwrap_err().code
    }

    #[test]
    fn nobody_is_asked_beyond_the_places() {
        let full = board(3, 1, 2);
        assert_eq!(refusal(may_ask(&full, 1, false)), "panels.no_place");
        let one_free = board(3, 1, 1);
        assert!(may_ask(&one_free, 1, false).is_ok());
        assert_eq!(refusal(may_ask(&one_free, 2, false)), "panels.no_place");
        assert!(
            may_ask(&one_free, 5, true).is_ok(),
            "a race is for what is left"
        );
        let racing = Board {
            racing: true,
            ..one_free
        };
        assert_eq!(racing.free(), 0);
        assert_eq!(refusal(may_ask(&racing, 1, false)), "panels.racing");
    }

    #[test]
    fn an_answer_counts_while_the_question_stands() {
        let open = asked(AssignmentState::Invited);
        let accept = |question: &Question| answer(&board(1, 0, 1), question, Answer::Accept, None);
        assert_eq!(accept(&open), Ok(Effect::Take));
        assert_eq!(
            refusal(accept(&Question { late: true, ..open })),
            "panels.late"
        );
        assert_eq!(
            refusal(accept(&Question {
                closed: true,
                ..open
            })),
            "panels.question_closed"
        );
        assert_eq!(
            refusal(accept(&Question {
                recused: true,
                ..open
            })),
            "panels.own_recusal"
        );
        assert_eq!(accept(&Question { race: true, ..open }), Ok(Effect::Offer));
        let said = Question {
            answer: Some(Answer::Accept),
            late: true,
            ..asked(AssignmentState::Accepted)
        };
        assert_eq!(
            accept(&said),
            Ok(Effect::Unchanged),
            "said before, said again"
        );
    }

    #[test]
    fn whoever_left_may_be_asked_again_but_not_twice() {
        let mut lapsed = place(1, false);
        lapsed.state = AssignmentState::Lapsed;
        let own = [lapsed.clone(), place(2, false)];
        assert_eq!(may_ask_again(&lapsed, &own), Ok(()));
        let mut anew = place(3, false);
        anew.expert_id = lapsed.expert_id;
        let all = [lapsed.clone(), anew.clone()];
        assert_eq!(
            refusal(may_ask_again(&lapsed, &all)),
            "panels.already_on_panel"
        );
        anew.state = AssignmentState::Declined;
        let all = [lapsed.clone(), anew];
        assert_eq!(may_ask_again(&lapsed, &all), Ok(()));
    }

    #[test]
    fn another_reason_is_another_answer() {
        let said = Question {
            answer: Some(Answer::Decline),
            reason: Some(DeclineReason::Time),
            ..asked(AssignmentState::Declined)
        };
        let decline = |reason| answer(&board(1, 0, 0), &said, Answer::Decline, Some(reason));
        assert_eq!(decline(DeclineReason::Time), Ok(Effect::Unchanged));
        assert_eq!(decline(DeclineReason::Interest), Ok(Effect::Leave));
    }

    #[test]
    fn a_race_is_ordered_by_rank() {
        let yes = Some(Answer::Accept);
        let offers = vec![
            ("c", 3, yes),
            ("a", 1, None),
            ("b", 2, yes),
            ("d", 4, Some(Answer::Decline)),
        ];
        assert_eq!(race_order(offers), ["b", "c"]);
    }

    #[test]
    fn only_what_fell_free_is_asked_for_by_itself() {
        let mut fallen = place(1, false);
        fallen.state = AssignmentState::Declined;
        fallen.refill = true;
        let kept = place(2, false);
        let rows = [fallen, kept];
        assert_eq!(
            to_refill(&Board::of(5, &rows), &rows),
            1,
            "raised places are matched"
        );
        assert_eq!(
            to_refill(&Board::of(1, &rows), &rows),
            0,
            "lowered places are not"
        );
    }

    proptest! {
        /// Whatever is asked, answered and decided in whatever order: never more acceptances than
        /// places, and nobody who accepted leaves unless they say so.
        #[test]
        fn places_are_never_given_twice(
            demand in 1_i32..5,
            events in proptest::collection::vec((0_u8..6, 0_usize..12), 1..120),
        ) {
            let mut rows: Vec<(assignment::Model, Option<Answer>)> = Vec::new();
            for (kind, at) in events {
                let board = Board::of(demand, rows.iter().map(|(row, _)| row));
                let seated: Vec<_> = rows
                    .iter()
                    .filter(|(row, _)| row.state == AssignmentState::Accepted)
                    .map(|(row, _)| row.id)
                    .collect();
                let mut left = None;
                match kind {
                    0 | 1 => {
                        let race = kind == 1;
                        let count = 1 + at % 3;
                        if may_ask(&board, count, race).is_ok() {
                            for _ in 0..count {
                                rows.push((place(rows.len() as u128, race), None));
                            }
                        }
                    }
                    2..=4 if at < rows.len() => {
                        let given = if kind == 4 { Answer::Decline } else { Answer::Accept };
                        let (row, said) = &mut rows[at];
                        let question = Question {
                            race: row.race,
                            answer: *said,
                            closed: row.ended_at.is_some(),
                            ..asked(row.state)
                        };
                        match answer(&board, &question, given, None) {
                            Ok(Effect::Take) => row.state = AssignmentState::Accepted,
                            Ok(Effect::Offer) => row.state = AssignmentState::Invited,
                            Ok(Effect::Leave) => {
                                row.state = AssignmentState::Declined;
                                left = Some(row.id);
                            }
                            Ok(Effect::Unchanged) | Err(_) => continue,
                        }
                        *said = Some(given);
                    }
                    5 => {
                        let offers = rows
                            .iter()
                            .enumerate()
                            .filter(|(_, (row, _))| row.race && row.state == AssignmentState::Invited)
                            .map(|(at, (row, said))| (at, row.rank, *said))
                            .collect();
                        let winners = race_order(offers);
                        let places = usize::try_from(board.unheld()).unwrap();
                        for (row, _) in &mut rows {
                            if row.race && row.ended_at.is_none() {
                                row.ended_at = Some(DateTime::UNIX_EPOCH);
                                if row.state == AssignmentState::Invited {
                                    row.state = AssignmentState::Released;
                                }
                            }
                        }
                        for at in winners.into_iter().take(places) {
                            rows[at].0.state = AssignmentState::Accepted;
                        }
                    }
                    _ => {}
                }
                let after = Board::of(demand, rows.iter().map(|(row, _)| row));
                prop_assert!(after.accepted <= demand);
                prop_assert!(after.accepted + after.waiting <= demand);
                for id in seated {
                    let stays = rows
                        .iter()
                        .any(|(row, _)| row.id == id && row.state == AssignmentState::Accepted);
                    prop_assert!(stays || left == Some(id));
                }
            }
        }
    }
}
