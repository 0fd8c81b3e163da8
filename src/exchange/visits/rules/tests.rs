use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use VisitState::*;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

#[test]
fn every_step_fits_the_states_it_is_for() {
    let states = [
        Proposed, Agreed, Returned, Reported, Closed, Declined, Withdrawn,
    ];
    let fitting = |step| {
        states
            .into_iter()
            .filter(|state| next(*state, step, "HF-2026-0001").is_ok())
            .collect::<Vec<_>>()
    };
    assert_eq!(fitting(Step::Amend), [Proposed, Agreed]);
    assert_eq!(fitting(Step::Agree), [Proposed, Agreed]);
    assert_eq!(fitting(Step::Decline), [Proposed]);
    assert_eq!(fitting(Step::Withdraw), [Agreed]);
    assert_eq!(fitting(Step::Return), [Agreed]);
    assert_eq!(fitting(Step::Report), [Returned, Reported]);
    assert_eq!(fitting(Step::Close), [Reported]);
    let closed = next(Closed, Step::Report, "HF-2026-0001").unwrap_err();
    assert_eq!(closed.code, "exchange.report_closed");
    assert_eq!(closed.facts[0].1, "HF-2026-0001");
    let early = next(Agreed, Step::Report, "HF-2026-0001").unwrap_err();
    assert_eq!(early.code, "exchange.report_early");
}

#[test]
fn a_stay_is_found_around_what_people_have_promised() {
    let calendar = WorkingCalendar::china();
    let spans = [(day(9, 1), day(9, 30)), (day(9, 10), day(10, 31))];
    // 10 September 2026 is a Thursday; the 14th is a Monday.
    let free = earliest_stay(spans, 5, day(9, 1), &[], calendar);
    assert_eq!(free, Some((day(9, 10), day(9, 14))));
    let busy = [(day(9, 12), day(9, 12))];
    let around = earliest_stay(spans, 5, day(9, 1), &busy, calendar);
    assert_eq!(
        around,
        Some((day(9, 14), day(9, 18))),
        "the 13th is a Sunday"
    );
    assert_eq!(earliest_stay(spans, 25, day(9, 1), &[], calendar), None);
    assert_eq!(earliest_stay(spans, 5, day(9, 29), &[], calendar), None);
}

#[test]
fn days_are_refused_at_their_fields() {
    let today = day(9, 14);
    let code = |result: Result<(), (&'static str, Refusal)>| result.unwrap_err();
    assert_eq!(
        code(check_period(today, day(9, 20), today, None)).0,
        "from_date"
    );
    let backwards = code(check_period(day(9, 20), day(9, 19), today, None));
    assert_eq!(backwards.1.code, "exchange.period_backwards");
    assert!(check_period(day(9, 15), day(9, 15), today, None).is_ok());
    let begun = Some(day(9, 10));
    assert!(check_period(day(9, 10), day(9, 30), today, begun).is_ok());
    assert_eq!(
        code(check_period(day(9, 10), day(9, 11), today, begun)).0,
        "to_date"
    );
    assert!(check_period(day(9, 11), day(9, 30), today, begun).is_err());
    assert!(may_withdraw(day(9, 15), today).is_ok());
    assert_eq!(
        may_withdraw(today, today).unwrap_err().code,
        "exchange.begun"
    );
    assert_eq!(
        code(check_return(day(9, 10), day(9, 9), today)).1.code,
        "exchange.back_before_leaving"
    );
    assert_eq!(
        code(check_return(day(9, 10), day(9, 15), today)).1.code,
        "exchange.back_later"
    );
    assert!(check_return(day(9, 10), today, today).is_ok());
}

#[test]
fn reports_are_due_fifteen_working_days_after_the_return() {
    let calendar = WorkingCalendar::china();
    // Two holidays and two working days of a weekend lie between.
    let due = report_due(day(9, 18), 15, calendar);
    assert_eq!(due, day(10, 15));
    assert_eq!(nudge(due, day(10, 10), calendar), None);
    assert_eq!(nudge(due, day(10, 12), calendar), Some(Nudge::Soon));
    assert_eq!(nudge(due, due, calendar), Some(Nudge::Soon));
    assert_eq!(nudge(due, day(10, 16), calendar), Some(Nudge::Late(0)));
    assert_eq!(nudge(due, day(10, 22), calendar), Some(Nudge::Late(0)));
    assert_eq!(nudge(due, day(10, 23), calendar), Some(Nudge::Late(1)));
}

#[test]
fn a_visit_abroad_needs_its_number() {
    assert_eq!(
        may_hold(true, "").unwrap_err().code,
        "exchange.abroad_number"
    );
    assert!(may_hold(true, "外事〔2026〕12号").is_ok() && may_hold(false, "").is_ok());
}

proptest! {
    #[test]
    fn a_stay_that_is_found_keeps_every_rule(
        starts in prop::collection::vec(0u64..60, 2),
        lengths in prop::collection::vec(0u64..60, 2),
        days in 1i32..30,
        busy in prop::collection::vec((0u64..120, 0u64..10), 0..6),
    ) {
        let calendar = WorkingCalendar::china();
        let today = day(9, 1);
        let at = |days: u64| today + Days::new(days);
        let spans = [0, 1].map(|n| (at(starts[n]), at(starts[n] + lengths[n])));
        let busy: Vec<_> = busy.iter().map(|(from, more)| (at(*from), at(from + more))).collect();
        let fits = |from: NaiveDate| {
            let to = from + Days::new(u64::from(days.unsigned_abs()) - 1);
            from > today
                && spans.iter().all(|span| span.0 <= from && to <= span.1)
                && calendar.is_working_day(from)
                && busy.iter().all(|span| span.1 < from || span.0 > to)
        };
        let first = (0..130).map(at).find(|from| fits(*from));
        let found = earliest_stay(spans, days, today, &busy, calendar);
        prop_assert_eq!(found.map(|span| span.0), first);
    }
}
