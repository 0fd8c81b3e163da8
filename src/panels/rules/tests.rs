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
