use chrono_tz::Tz;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::foundation::calendar::{OfficeHours, WorkingCalendar, local_to_utc};

fn at(text: &str) -> DateTime<Utc> {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    local_to_utc(local, Tz::Asia__Shanghai)
}

fn row(state: RegistrationState) -> registration::Model {
    registration::Model {
        id: Uuid::nil().into(),
        owner_kind: "trial".to_owned(),
        owner_id: Uuid::nil(),
        title: String::new(),
        state,
        capacity: 2,
        per_unit: None,
        opens_at: at("2026-09-14 09:00"),
        closes_at: at("2026-10-12 17:00"),
        starts_at: at("2026-10-20 09:00"),
        ends_at: at("2026-10-20 16:30"),
        needs_unit_approval: false,
        open_form: false,
        questions: serde_json::json!([]),
        place: String::new(),
        zone: "Asia/Shanghai".to_owned(),
        contact: String::new(),
        arrivals: 0,
        calendar_sequence: 0,
        created_at: at("2026-09-01 09:00"),
        published_at: None,
    }
}

#[test]
fn the_phase_goes_by_the_clock_and_not_by_a_job() {
    use RegistrationState as S;
    for (state, now, expected) in [
        (S::Draft, "2026-09-15 09:00", Phase::Hidden),
        (S::Open, "2026-09-14 08:59", Phase::Before),
        (S::Open, "2026-09-14 09:00", Phase::Open),
        (S::Open, "2026-10-12 16:59", Phase::Open),
        (S::Open, "2026-10-12 17:00", Phase::After),
        (S::Closed, "2026-09-20 09:00", Phase::After),
        (S::Closed, "2026-10-20 09:00", Phase::Begun),
        (S::Open, "2026-10-20 09:00", Phase::Begun),
        (S::Ended, "2026-09-20 09:00", Phase::Begun),
        (S::Cancelled, "2026-09-20 09:00", Phase::Cancelled),
    ] {
        assert_eq!(phase(&row(state), at(now)), expected, "{state:?} at {now}");
    }
}

#[test]
fn every_phase_has_its_own_answer() {
    let enrol = |phase| may_enrol(phase).err().map(|no| no.code);
    let leave = |phase| may_leave(phase).err().map(|no| no.code);
    let fill = |phase| may_fill_by_hand(phase).err().map(|no| no.code);
    assert_eq!(
        (enrol(Phase::Open), leave(Phase::Open), fill(Phase::Open)),
        (None, None, None)
    );
    assert_eq!(enrol(Phase::Before), Some("registration.not_open_yet"));
    assert_eq!(enrol(Phase::After), Some("registration.closed"));
    assert_eq!((leave(Phase::After), fill(Phase::After)), (None, None));
    for phase in [Phase::Begun, Phase::Cancelled] {
        assert_eq!(enrol(phase), leave(phase));
        assert_eq!(enrol(phase), fill(phase));
        assert!(enrol(phase).is_some());
    }
}

fn unit(number: u128) -> UnitKey {
    UnitKey::Unit(UnitId(Uuid::from_u128(number)))
}

fn limits(capacity: i32, per_unit: Option<i32>) -> Limits {
    Limits { capacity, per_unit }
}

#[test]
fn a_free_seat_belongs_to_those_who_wait_before_those_who_come() {
    use EnrolmentState as S;
    let counts: Counts = [(unit(1), S::Enrolled, 1), (unit(2), S::Waiting, 1)]
        .into_iter()
        .collect();
    assert_eq!(counts.free(limits(2, None)), 1);
    assert_eq!(
        counts.admit(limits(2, None), &unit(3)),
        Admission::QueueFull
    );
    assert_eq!(counts.admit(limits(3, None), &unit(3)), Admission::Seat);
    // Whoever waits for a seat of the own unit holds up nobody else.
    let counts: Counts = [(unit(1), S::Enrolled, 1), (unit(1), S::Waiting, 1)]
        .into_iter()
        .collect();
    assert_eq!(counts.admit(limits(2, Some(1)), &unit(3)), Admission::Seat);
    assert_eq!(
        counts.admit(limits(2, Some(1)), &unit(1)),
        Admission::QueueUnit
    );
    assert!(!counts.unit_full(limits(2, Some(1)), &UnitKey::Nobody));
}

#[test]
fn a_kept_seat_is_taken_until_it_is_answered() {
    use EnrolmentState as S;
    let mut counts: Counts = [(unit(1), S::Offered, 1)].into_iter().collect();
    assert_eq!(counts.taken(), 1);
    counts.moved(&unit(1), S::Offered, S::Cancelled);
    assert_eq!((counts.taken(), counts.free(limits(1, None))), (0, 1));
}

#[test]
fn units_are_the_same_however_they_are_written() {
    assert_eq!(
        UnitKey::of(None, "中国 水利学会"),
        UnitKey::of(None, "中国水利学会")
    );
    assert_eq!(UnitKey::of(None, " "), UnitKey::Nobody);
}

#[test]
fn an_enrolment_goes_its_way_and_no_other() {
    use EnrolmentState as S;
    let states = [
        S::AwaitingUnit,
        S::Enrolled,
        S::Waiting,
        S::Offered,
        S::Cancelled,
        S::Lapsed,
        S::Refused,
    ];
    let allowed = |step| -> Vec<(S, S)> {
        states
            .into_iter()
            .filter_map(|state| Some((state, next(state, step).ok()?)))
            .collect()
    };
    assert_eq!(allowed(Step::Offer), [(S::Waiting, S::Offered)]);
    assert_eq!(allowed(Step::Take), [(S::Offered, S::Enrolled)]);
    assert_eq!(
        allowed(Step::Give),
        [(S::Waiting, S::Enrolled), (S::Offered, S::Enrolled)]
    );
    assert_eq!(allowed(Step::Decline), [(S::Offered, S::Cancelled)]);
    assert_eq!(allowed(Step::Lapse), [(S::Offered, S::Lapsed)]);
    assert_eq!(allowed(Step::Cancel).len(), 4);
    assert_eq!(allowed(Step::Approve), [(S::AwaitingUnit, S::Waiting)]);
    assert_eq!(allowed(Step::Refuse), [(S::AwaitingUnit, S::Refused)]);
}

#[test]
fn an_offer_stands_a_working_day_or_two_office_hours_and_never_past_the_start() {
    let hours = OfficeHours::usual(Tz::Asia__Shanghai);
    let office = OfficeClock::new(WorkingCalendar::china(), hours).unwrap();
    let day = hours.close - hours.open;
    let spans = OfferSpans {
        usual: day,
        late: TimeDelta::hours(2),
    };
    let until = |now, phase, start| offer_until(&office, spans, at(now), phase, at(start)).value;
    let far = "2026-10-20 09:00";
    assert_eq!(
        until("2026-09-14 10:00", Phase::Open, far),
        at("2026-09-15 10:00")
    );
    // Before the National Day holiday: only office time counts.
    assert_eq!(
        until("2026-09-30 16:30", Phase::Open, far),
        at("2026-10-08 16:30")
    );
    assert_eq!(
        until("2026-10-13 16:30", Phase::After, far),
        at("2026-10-14 09:30")
    );
    assert_eq!(
        until("2026-10-19 17:00", Phase::After, far),
        at("2026-10-20 09:00")
    );
}

proptest! {
    /// Whatever comes and goes, seats taken never exceed the capacity or a unit's share.
    #[test]
    fn nobody_is_admitted_beyond_the_limits(
        capacity in 1..6_i32,
        per_unit in proptest::option::of(1..4_i32),
        arrivals in proptest::collection::vec((0_u128..3, any::<bool>()), 0..40),
    ) {
        use EnrolmentState as S;
        let limits = limits(capacity, per_unit);
        let mut counts = Counts::default();
        for (number, leaves) in arrivals {
            let key = unit(number);
            if leaves && counts.taken_by(&key) > 0 {
                counts.moved(&key, S::Enrolled, S::Cancelled);
                let queue: Vec<UnitKey> = (0..3)
                    .map(unit)
                    .filter(|one| counts.0.iter().any(|(known, state, count)| known == one && *state == S::Waiting && *count > 0))
                    .collect();
                if let Some(next) = counts.next(limits, &queue, UnitKey::clone).cloned() {
                    counts.moved(&next, S::Waiting, S::Enrolled);
                }
            } else {
                let state = match counts.admit(limits, &key) {
                    Admission::Seat => S::Enrolled,
                    Admission::QueueFull | Admission::QueueUnit => S::Waiting,
                };
                counts.moved(&key, S::Refused, state);
            }
            prop_assert!(counts.taken() <= i64::from(capacity));
            if let Some(most) = per_unit {
                for one in 0..3 {
                    prop_assert!(counts.taken_by(&unit(one)) <= i64::from(most));
                }
            }
        }
    }
}
