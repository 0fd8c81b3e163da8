use sea_orm::Iterable;

use super::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[test]
fn a_meeting_is_called_held_and_minuted() {
    use MeetingState::{Called, Cancelled, Draft, Held, Minuted};
    let mut state = Draft;
    for (step, expected) in [
        (Step::Change, Draft),
        (Step::Call, Called),
        (Step::Change, Called),
        (Step::Reply, Called),
        (Step::Attend, Held),
        (Step::Attend, Held),
        (Step::Minute, Minuted),
        (Step::Minute, Minuted),
    ] {
        state = next(state, step).unwrap();
        assert_eq!(state, expected);
    }
    assert_eq!(next(Called, Step::Cancel), Ok(Cancelled));
    for step in [
        Step::Call,
        Step::Change,
        Step::Reply,
        Step::Attend,
        Step::Minute,
    ] {
        assert!(next(Cancelled, step).is_err(), "{step:?}");
    }
    assert!(next(Held, Step::Cancel).is_err() && next(Held, Step::Reply).is_err());
}

#[test]
fn those_who_ought_to_come_are_known_by_their_standing() {
    for kind in MeetingKind::iter() {
        assert!(belongs(kind, Tier::StandingCouncil));
    }
    assert!(belongs(MeetingKind::Assembly, Tier::Member));
    assert!(!belongs(MeetingKind::Council, Tier::Member));
    assert!(belongs(MeetingKind::Council, Tier::Council));
    assert!(!belongs(MeetingKind::StandingCouncil, Tier::Council));
}

#[test]
fn assembly_and_council_meet_every_year() {
    let term = day(2026, 9, 14);
    assert_eq!(
        due(MeetingKind::Assembly, None, term),
        Some(day(2027, 9, 14))
    );
    assert_eq!(
        due(MeetingKind::Council, Some(day(2027, 2, 28)), term),
        Some(day(2028, 2, 28))
    );
    assert_eq!(due(MeetingKind::StandingCouncil, None, term), None);
}

#[test]
fn day_hours_and_answers_fit_together() {
    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let today = day(2026, 9, 14);
    let field = |date, hours, by| check_time(date, hours, by, today).err().map(|one| one.0);
    let morning = (at(9), at(12));
    assert_eq!(field(day(2026, 10, 20), morning, day(2026, 10, 12)), None);
    assert_eq!(field(today, morning, today), Some("date"));
    assert_eq!(
        field(day(2026, 10, 20), (at(12), at(9)), day(2026, 10, 12)),
        Some("to_time")
    );
    for by in [day(2026, 10, 20), day(2026, 9, 13)] {
        assert_eq!(field(day(2026, 10, 20), morning, by), Some("reply_by"));
    }
}

#[test]
fn leads_apply_and_more_than_half_of_those_present_elect() {
    let code = |tier, leads, open| may_apply(tier, leads, open).err().map(|one| one.code);
    assert_eq!(code(Tier::Council, true, false), None);
    assert_eq!(
        code(Tier::Council, false, false),
        Some("meetings.leads_nothing")
    );
    assert_eq!(
        code(Tier::Council, true, true),
        Some("meetings.applied_already")
    );
    assert_eq!(
        code(Tier::Member, true, false),
        Some("meetings.not_council")
    );
    assert_eq!(
        code(Tier::StandingCouncil, true, false),
        Some("meetings.already_standing")
    );
    let votes = |ayes, noes, abstained| Votes {
        ayes,
        noes,
        abstained,
    };
    assert_eq!(elects(votes(21, 15, 4), 40), Ok(true));
    assert_eq!(elects(votes(20, 0, 0), 40), Ok(false), "half is not more");
    assert_eq!(
        elects(votes(30, 10, 1), 40).unwrap_err().code,
        "meetings.more_votes"
    );
    use ApplicationState::{Applied, Elected, Nominated, NotElected, Refused, Withdrawn};
    assert!(expects(Applied, Applied).is_ok() && expects(Applied, Nominated).is_err());
    for open in [Applied, Nominated] {
        assert!(may_withdraw(open).is_ok());
    }
    for over in [Elected, NotElected, Refused, Withdrawn] {
        assert!(may_withdraw(over).is_err());
    }
}
