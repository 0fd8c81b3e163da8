use super::*;

const ALL: [ConsultationState; 11] = {
    use ConsultationState::*;
    [
        Draft, Submitted, Returned, Accepted, Refused, Standing, Working, Concluded, AskedAgain,
        Closed, Withdrawn,
    ]
};

#[test]
fn the_way_leads_from_draft_to_close() {
    use ConsultationState::*;
    let mut state = Draft;
    for (step, expected) in [
        (Step::Submit, Submitted),
        (Step::SendBack, Returned),
        (Step::Submit, Submitted),
        (Step::Accept, Accepted),
        (Step::Stand, Standing),
        (Step::Reopen, Accepted),
        (Step::Stand, Standing),
        (Step::Begin, Working),
        (Step::Conclude, Concluded),
        (Step::AskAgain, AskedAgain),
        (Step::Conclude, Concluded),
        (Step::Confirm, Closed),
    ] {
        state = next(state, step).unwrap();
        assert_eq!(state, expected);
    }
}

#[test]
fn it_can_be_withdrawn_until_it_has_ended() {
    for state in ALL {
        assert_eq!(
            next(state, Step::Withdraw).is_ok(),
            !has_ended(state),
            "{state:?}"
        );
    }
}

#[test]
fn what_has_ended_stays_so() {
    use Step::*;
    for state in ALL.into_iter().filter(|state| has_ended(*state)) {
        for step in [
            Submit, Accept, SendBack, Refuse, Stand, Reopen, Begin, Conclude, AskAgain, Confirm,
            Withdraw,
        ] {
            assert_eq!(next(state, step).unwrap_err().code, "consultations.not_now");
        }
    }
}

#[test]
fn a_panel_goes_on_with_fewer_while_it_is_put_together() {
    use ConsultationState::*;
    let code = |state, accepted| may_go_on(state, accepted, 5).map_err(|refusal| refusal.code);
    assert_eq!(code(Accepted, 3), Ok(()));
    assert_eq!(code(Accepted, 0), Err("consultations.nobody_yet"));
    assert_eq!(code(Accepted, 5), Err("consultations.complete"));
    assert_eq!(code(Standing, 3), Err("consultations.not_now"));
}

#[test]
fn numbers_of_experts_fit_the_purpose() {
    assert!(check_demand(Purpose::TechnicalReview, 5).is_ok());
    let refusal = check_demand(Purpose::TechnicalReview, 4).unwrap_err();
    assert!(refusal.facts.contains(&("fitting", "5、7".to_owned())));
}

#[test]
fn experts_are_reminded_from_one_working_day_before() {
    let calendar = WorkingCalendar::china();
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    let meeting = Some(day(9, 24));
    // The 25th to the 27th are a holiday.
    let due = opinions_by(meeting, None, 3, calendar).unwrap();
    assert_eq!(due, day(9, 30));
    assert_eq!(nudge(due, day(9, 28), calendar), None);
    assert_eq!(nudge(due, day(9, 29), calendar), Some(Nudge::Soon));
    assert_eq!(nudge(due, due, calendar), Some(Nudge::Soon));
    assert_eq!(nudge(due, day(10, 1), calendar), Some(Nudge::Late));
    assert_eq!(opinions_by(None, Some(due), 3, calendar), Some(due));
}

#[test]
fn a_confirmation_is_reminded_of_once_for_each_day_that_has_come() {
    let calendar = &WorkingCalendar::china();
    let day = |day| NaiveDate::from_ymd_opt(2026, 9, day).unwrap();
    // A Monday; the weekend does not count.
    let due = |today| confirmation_due(day(7), day(today), &[3, 7], calendar);
    assert_eq!(due(9), None);
    assert_eq!(due(10), Some(3));
    assert_eq!(due(15), Some(3));
    assert_eq!(due(16), Some(7));
    assert_eq!(due(30), Some(7));
    assert_eq!(confirmation_due(day(7), day(30), &[], calendar), None);
}

#[test]
fn there_is_no_conclusion_before_the_meeting() {
    let at = |hour| chrono::TimeZone::with_ymd_and_hms(&Utc, 2026, 9, 24, hour, 0, 0).unwrap();
    assert!(may_conclude(Some(at(6)), at(5)).is_err());
    assert!(may_conclude(Some(at(6)), at(6)).is_ok());
    assert!(may_conclude(None, at(5)).is_ok());
}

#[test]
fn meetings_are_on_working_days_to_come() {
    let calendar = WorkingCalendar::china();
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    let today = day(9, 14);
    assert!(
        check_meeting_day(day(9, 20), today, calendar).is_ok(),
        "a Sunday that is worked"
    );
    let holiday = check_meeting_day(day(10, 4), today, calendar).unwrap_err();
    assert_eq!(holiday.code, "consultations.day_off");
    assert!(
        holiday
            .facts
            .contains(&("after", "10月8日（周四）".to_owned())),
        "{holiday:?}"
    );
    assert_eq!(
        check_meeting_day(today, today, calendar).unwrap_err().code,
        "consultations.day_past"
    );
}
