use entity::{
    expert::ExpertKind,
    ids::{MilestoneId, StudyId, UnitId},
};
use sea_orm::Iterable;
use uuid::Uuid;

use super::*;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

#[test]
fn the_way_leads_from_plan_to_close() {
    use StudyState::{Closed, Planned, Review, Staffing, Working};
    let mut state = Planned;
    for (step, expected) in [
        (Step::AskPanel, Staffing),
        (Step::Stand, Working),
        (Step::File, Review),
        (Step::File, Review),
        (Step::Return, Working),
        (Step::File, Review),
        (Step::Accept, Working),
        (Step::File, Review),
        (Step::Close, Closed),
    ] {
        state = next(state, step).unwrap();
        assert_eq!(state, expected);
    }
}

#[test]
fn nothing_happens_after_the_end() {
    use Step::*;
    for state in StudyState::iter().filter(|state| has_ended(*state)) {
        for step in [AskPanel, Stand, File, Accept, Return, Close, Withdraw] {
            assert_eq!(next(state, step).unwrap_err().code, "studies.closed");
        }
        assert!(!takes_reports(state));
    }
    assert!(!takes_reports(StudyState::Staffing));
    for state in StudyState::iter().filter(|state| !has_ended(*state)) {
        assert_eq!(next(state, Withdraw), Ok(StudyState::Withdrawn));
    }
}

#[test]
fn milestones_follow_each_other() {
    let milestone = |kind, done| study_milestone::Model {
        id: MilestoneId(Uuid::nil()),
        study_id: StudyId(Uuid::nil()),
        kind,
        due_on: day(9, 30),
        done_at: done,
    };
    let done = Some(chrono::DateTime::UNIX_EPOCH);
    use MilestoneKind::{Interim, Plan, Report};
    let all = [
        milestone(Report, None),
        milestone(Plan, done),
        milestone(Interim, None),
    ];
    assert_eq!(current(&all).unwrap().kind, Interim);
    assert!(current(&[milestone(Plan, done)]).is_none());
    let today = day(9, 14);
    let days = |plan, interim, report| {
        let days = [(Plan, plan), (Interim, interim), (Report, report)];
        check_days(&days, &[], today).map_err(|(field, refusal)| (field, refusal.code))
    };
    assert_eq!(days(day(9, 30), day(10, 30), day(12, 1)), Ok(()));
    assert_eq!(
        days(day(9, 14), day(10, 30), day(12, 1)),
        Err(("plan_due", "studies.day_past"))
    );
    assert_eq!(
        days(day(9, 30), day(9, 30), day(12, 1)),
        Err(("interim_due", "studies.days_order"))
    );
    assert_eq!(
        days(day(9, 30), day(10, 30), day(10, 1)),
        Err(("report_due", "studies.days_order"))
    );
    // A day that stood before may have passed, another one may not.
    let stood = [(Plan, day(9, 10)), (Interim, day(10, 30))];
    assert_eq!(check_days(&stood, &stood, today), Ok(()));
    let moved = [(Plan, day(9, 11)), (Interim, day(10, 30))];
    assert_eq!(check_days(&moved, &stood, today).unwrap_err().0, "plan_due");
}

#[test]
fn a_study_is_changed_until_it_ends() {
    for state in [
        StudyState::Planned,
        StudyState::Staffing,
        StudyState::Working,
        StudyState::Review,
    ] {
        assert_eq!(next(state, Step::Change), Ok(state));
    }
    for state in [StudyState::Closed, StudyState::Withdrawn] {
        assert_eq!(
            next(state, Step::Change).unwrap_err().code,
            "studies.closed"
        );
    }
}

#[test]
fn those_who_are_due_hear_first_then_the_lead_then_the_secretariat() {
    use Told::{Lead, MembersLate, MembersSoon, Secretariat};
    let calendar = WorkingCalendar::china();
    let due = day(9, 17);
    let told_on = |day| told(due, day, calendar);
    assert_eq!(told_on(day(9, 13)), []);
    assert_eq!(told_on(day(9, 14)), [MembersSoon]);
    assert_eq!(told_on(due), [MembersSoon]);
    assert_eq!(told_on(day(9, 18)), [MembersLate, Lead]);
    // The 20th is a Sunday that is worked.
    assert_eq!(told_on(day(9, 21)), [MembersLate, Lead]);
    assert_eq!(told_on(day(9, 22)), [MembersLate, Lead, Secretariat]);
}

fn candidate(number: u128, unit: u128, kind: ExpertKind) -> Candidate {
    Candidate {
        name: format!("专家{number}"),
        kind,
        unit: Some(UnitId(Uuid::from_u128(unit))),
    }
}

fn asked(demand: i32, technical: i32, standardization: i32) -> Composition {
    Composition {
        demand,
        min_technical: technical,
        min_standardization: standardization,
        max_per_unit: 1,
    }
}

#[test]
fn a_composition_that_nobody_can_satisfy_says_why_and_what_would_do() {
    use ExpertKind::{Standardization, Technical};
    let pool = [
        candidate(1, 1, Technical),
        candidate(2, 1, Technical),
        candidate(3, 2, Standardization),
        candidate(4, 3, Technical),
    ];
    assert_eq!(composition(&asked(3, 2, 1), &pool), Ok(()));
    // Two of the three are of one unit.
    let (field, refusal) = composition(&asked(4, 3, 1), &pool).unwrap_err();
    assert_eq!(
        (field, refusal.code),
        ("min_technical", "studies.few_of_kind")
    );
    assert!(refusal.facts.contains(&("possible", "2".to_owned())));
    assert!(
        refusal
            .facts
            .contains(&("names", "专家1、专家2、专家4".to_owned()))
    );
    let (field, refusal) = composition(&asked(4, 0, 2), &pool).unwrap_err();
    assert_eq!(field, "min_standardization");
    assert!(refusal.facts.contains(&("possible", "1".to_owned())));
    let (field, refusal) = composition(&asked(4, 1, 1), &pool).unwrap_err();
    assert_eq!((field, refusal.code), ("demand", "studies.few_units"));
    assert!(refusal.facts.contains(&("possible", "3".to_owned())));
    let two = Composition {
        max_per_unit: 2,
        ..asked(4, 3, 1)
    };
    assert_eq!(composition(&two, &pool), Ok(()), "two of a unit would do");
    assert_eq!(
        composition(&asked(1, 0, 1), &[]).unwrap_err().1.facts[3],
        ("names", "没有人".to_owned())
    );
    let guest = Candidate {
        unit: None,
        ..candidate(5, 0, Technical)
    };
    let guests = [guest.clone(), guest];
    assert_eq!(composition(&asked(2, 2, 0), &guests), Ok(()));
}

/// Whether some choice of candidates meets every rule: by trying them all.
fn tried(asked: &Composition, pool: &[Candidate]) -> bool {
    (0_u32..1 << pool.len()).any(|chosen| {
        let chosen: Vec<_> = pool
            .iter()
            .enumerate()
            .filter(|(at, _)| chosen & (1 << at) != 0)
            .map(|(_, one)| one)
            .collect();
        let of = |kind| chosen.iter().filter(|one| one.kind == kind).count() as i32;
        let shared = chosen
            .iter()
            .map(|one| chosen.iter().filter(|other| other.unit == one.unit).count() as i32)
            .max()
            .unwrap_or(0);
        chosen.len() as i32 == asked.demand
            && of(ExpertKind::Technical) >= asked.min_technical
            && of(ExpertKind::Standardization) >= asked.min_standardization
            && shared <= asked.max_per_unit
    })
}

#[test]
fn three_sums_decide_as_trying_every_choice_does() {
    // All pools of up to six experts of three units, by a counter in base 6.
    for code in 0_u32..6_u32.pow(5) {
        let pool: Vec<_> = (0..5)
            .map(|at| code / 6_u32.pow(at) % 6)
            .zip(1..)
            .map(|(digit, number)| {
                let kind = if digit < 3 {
                    ExpertKind::Technical
                } else {
                    ExpertKind::Standardization
                };
                candidate(number, u128::from(digit % 3), kind)
            })
            .collect();
        for (demand, technical, standardization, per_unit) in [
            (2, 1, 1, 1),
            (3, 2, 1, 1),
            (3, 1, 2, 2),
            (4, 2, 2, 2),
            (5, 0, 0, 2),
        ] {
            let asked = Composition {
                max_per_unit: per_unit,
                ..asked(demand, technical, standardization)
            };
            assert_eq!(
                composition(&asked, &pool).is_ok(),
                tried(&asked, &pool),
                "{asked:?} {pool:?}"
            );
        }
    }
}
