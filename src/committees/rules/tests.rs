use sea_orm::Iterable;
use uuid::Uuid;

use super::*;

fn place(number: u128, part: UnitPart, tier: Tier) -> Place {
    Place {
        unit: UnitId(Uuid::from_u128(number)),
        name: format!("单位{number}"),
        part,
        tier,
        gone: false,
    }
}

fn lead() -> Place {
    place(1, UnitPart::Lead, Tier::StandingCouncil)
}

fn organiser(number: u128) -> Place {
    place(number, UnitPart::Organiser, Tier::Council)
}

fn codes(kind: CommitteeKind, places: &[Place]) -> Vec<&'static str> {
    defects(kind, places)
        .into_iter()
        .map(|defect| defect.code)
        .collect()
}

#[test]
fn a_committee_is_run_by_a_standing_council_unit_and_two_council_units() {
    use CommitteeKind::Committee;
    let whole = [lead(), organiser(2), organiser(3)];
    assert_eq!(codes(Committee, &whole), [""; 0]);
    assert_eq!(
        codes(Committee, &[]),
        ["committees.no_lead", "committees.few_organisers"]
    );
    assert_eq!(
        codes(Committee, &whole[..2]),
        ["committees.few_organisers"],
        "one council unit beside the lead is not enough"
    );
    let standing = place(2, UnitPart::Organiser, Tier::StandingCouncil);
    assert_eq!(
        codes(Committee, &[lead(), standing, organiser(3)]),
        [""; 0],
        "a standing council unit is a council unit"
    );
}

#[test]
fn a_group_is_run_by_a_standing_council_unit_and_one_council_unit() {
    use CommitteeKind::WorkingGroup;
    assert_eq!(codes(WorkingGroup, &[lead(), organiser(2)]), [""; 0]);
    let missing = defects(WorkingGroup, &[lead()]);
    assert_eq!(missing[0].code, "committees.few_organisers");
    assert!(missing[0].facts.contains(&("missing", "1".to_owned())));
}

#[test]
fn whoever_loses_standing_leaves_a_defect() {
    use CommitteeKind::Committee;
    let whole = [lead(), organiser(2), organiser(3)];
    for (tier, code) in [
        (Tier::Council, "committees.lead_tier"),
        (Tier::Member, "committees.lead_tier"),
    ] {
        let mut fallen = whole.clone();
        fallen[0].tier = tier;
        assert_eq!(codes(Committee, &fallen), [code]);
    }
    let mut fallen = whole.clone();
    fallen[1].tier = Tier::Member;
    assert_eq!(
        codes(Committee, &fallen),
        ["committees.organiser_tier", "committees.few_organisers"]
    );
    for (at, code) in [
        (0, "committees.lead_gone"),
        (2, "committees.organiser_gone"),
    ] {
        let mut left = whole.clone();
        left[at].gone = true;
        assert_eq!(codes(Committee, &left)[0], code);
    }
    let mut more = whole.to_vec();
    more.push(place(4, UnitPart::Participant, Tier::Member));
    assert_eq!(codes(Committee, &more), [""; 0], "participants are free");
}

#[test]
fn only_the_standing_council_leads_but_council_units_may_prepare_it() {
    use CommitteeState::{Preparing, Standing};
    let council = place(1, UnitPart::Lead, Tier::Council);
    assert!(may_take(&council, Preparing).is_ok());
    let code = |place: &Place, state| may_take(place, state).unwrap_err().code;
    assert_eq!(code(&council, Standing), "committees.lead_tier");
    let member = place(1, UnitPart::Lead, Tier::Member);
    assert_eq!(code(&member, Preparing), "committees.lead_tier");
    let member = place(1, UnitPart::Organiser, Tier::Member);
    assert_eq!(code(&member, Preparing), "committees.organiser_tier");
    let member = place(1, UnitPart::Participant, Tier::Member);
    assert!(may_take(&member, Standing).is_ok());
    let gone = Place {
        gone: true,
        ..lead()
    };
    assert_eq!(code(&gone, Preparing), "committees.unit_left");
}

#[test]
fn a_change_may_not_make_anything_worse() {
    use CommitteeKind::Committee;
    use CommitteeState::{Ended, Preparing, Standing};
    let whole = [lead(), organiser(2), organiser(3)];
    let refused = may_change(Committee, Standing, &whole, &whole[..2]).unwrap_err();
    assert_eq!(refused.code, "committees.few_organisers");
    assert!(may_change(Committee, Preparing, &whole, &whole[..1]).is_ok());
    assert_eq!(
        may_change(Committee, Ended, &whole, &whole)
            .unwrap_err()
            .code,
        "committees.ended"
    );
    // A lead that lost its standing does not keep others from being admitted.
    let mut fallen = whole.to_vec();
    fallen[0].tier = Tier::Council;
    let mut more = fallen.clone();
    more.push(place(4, UnitPart::Participant, Tier::Member));
    assert!(may_change(Committee, Standing, &fallen, &more).is_ok());
}

#[test]
fn groups_are_promoted_and_what_has_ended_stays_so() {
    use CommitteeKind::{Committee, WorkingGroup};
    use CommitteeState::{Ended, Preparing, Standing};
    for kind in CommitteeKind::iter() {
        assert_eq!(next(kind, Preparing, Step::Found), Ok(Standing));
        assert_eq!(next(kind, Standing, Step::End), Ok(Ended));
        for step in [Step::Found, Step::Promote, Step::End] {
            assert!(next(kind, Ended, step).is_err(), "{step:?}");
        }
    }
    assert_eq!(next(WorkingGroup, Standing, Step::Promote), Ok(Standing));
    assert!(next(Committee, Standing, Step::Promote).is_err());
    assert!(next(WorkingGroup, Preparing, Step::Promote).is_err());
}

#[test]
fn a_unit_applies_once_and_those_who_run_it_do_not_leave() {
    use CommitteeState::{Ended, Preparing};
    assert!(may_apply(Preparing, None).is_ok());
    assert!(may_apply(Preparing, Some(UnitStanding::Refused)).is_ok());
    assert!(may_apply(Preparing, Some(UnitStanding::Left)).is_ok());
    for (known, code) in [
        (UnitStanding::Admitted, "committees.takes_part"),
        (UnitStanding::Applied, "committees.applied"),
    ] {
        assert_eq!(may_apply(Preparing, Some(known)).unwrap_err().code, code);
    }
    assert!(may_apply(Ended, None).is_err());
    assert!(may_leave(UnitPart::Participant).is_ok());
    assert!(may_leave(UnitPart::Lead).is_err() && may_leave(UnitPart::Organiser).is_err());
}

#[test]
fn only_groups_are_dated_or_belong_to_a_committee() {
    use CommitteeKind::{Committee, WorkingGroup};
    let day = |d| NaiveDate::from_ymd_opt(2026, 9, d).unwrap();
    let today = day(14);
    assert!(check_group(WorkingGroup, Some(day(14)), true, today).is_ok());
    let field = |kind, until, parent| check_group(kind, until, parent, today).unwrap_err().0;
    assert_eq!(field(WorkingGroup, Some(day(13)), false), "until");
    assert_eq!(field(Committee, Some(day(30)), false), "until");
    assert_eq!(field(Committee, None, true), "parent");
}

#[test]
fn there_is_one_chair_for_days_in_order() {
    let day = |d| NaiveDate::from_ymd_opt(2026, 9, d).unwrap();
    let held = [(Office::Chair, "沈知行".to_owned())];
    let refused = may_appoint(Office::Chair, day(1), day(30), &held).unwrap_err();
    assert_eq!(refused.1.code, "committees.chair_taken");
    assert!(may_appoint(Office::ViceChair, day(1), day(30), &held).is_ok());
    assert!(may_appoint(Office::Chair, day(1), day(1), &[]).is_ok());
    assert_eq!(
        may_appoint(Office::Member, day(2), day(1), &[])
            .unwrap_err()
            .0,
        "to"
    );
}
