use sea_orm::Iterable;
use uuid::Uuid;

use super::*;

#[test]
fn every_step_is_allowed_from_its_states_and_no_others() {
    use ExpertState::*;
    let legal = |step| -> Vec<ExpertState> {
        match step {
            Step::Send => vec![Draft, Returned],
            Step::Withdraw => vec![Draft, Recommended, Returned, Approved],
            Step::Return | Step::Approve => vec![Recommended],
            Step::Accept | Step::Decline => vec![Approved],
            Step::Suspend => vec![Engaged],
            Step::Resume => vec![Suspended],
            Step::End | Step::Expire => vec![Engaged, Suspended],
        }
    };
    for step in Step::ALL.iter().copied() {
        for state in ExpertState::iter() {
            assert_eq!(
                next(state, step).is_ok(),
                legal(step).contains(&state),
                "{state:?} {step:?}"
            );
        }
    }
    for end in [Withdrawn, Refused, Ended, Expired] {
        assert!(Step::ALL.iter().all(|step| next(end, *step).is_err()));
    }
}

#[test]
fn the_third_is_refused_with_the_names_of_the_two() {
    let names = ["沈知行".to_owned(), "林岚".to_owned()];
    assert!(seat_free(&names[..1], 2).is_ok());
    let refusal = seat_free(&names, 2).unwrap_err();
    assert_eq!(refusal.code, "experts.quota_full");
    assert!(
        refusal
            .facts
            .contains(&("names", "沈知行、林岚".to_owned()))
    );
}

#[test]
fn nobody_approves_alone_what_the_own_unit_recommends() {
    let [one, two, contact] = [1, 2, 3].map(|n| PersonId(Uuid::from_u128(n)));
    let base = Approval {
        approver: one,
        recommended_by: Some(contact),
        own_unit: false,
        first: None,
        exception: "",
    };
    assert_eq!(approve(&base), Ok(Approved::Fully));
    let own = Approval {
        own_unit: true,
        ..base
    };
    assert_eq!(approve(&own), Ok(Approved::First));
    let second = |approver| Approval {
        first: Some(one),
        approver,
        ..own
    };
    assert_eq!(approve(&second(two)), Ok(Approved::Fully));
    assert_eq!(
        approve(&second(one)).unwrap_err().code,
        "experts.same_approver"
    );
    let exception = Approval {
        exception: "另一人出差",
        ..own
    };
    assert_eq!(approve(&exception), Ok(Approved::ByException));
    let nominator = Approval {
        approver: contact,
        exception: "另一人出差",
        ..own
    };
    assert_eq!(
        approve(&nominator).unwrap_err().code,
        "experts.own_recommendation"
    );
}

#[test]
fn one_human_is_recognised_by_any_of_three_signs() {
    let base = Identity {
        name: "沈知行",
        email: Some("shen@example.org"),
        mobile: Some("19900000001"),
        affiliation: "闪联信息产业协会",
    };
    let stranger = Identity {
        name: "沈知行",
        email: None,
        mobile: None,
        affiliation: "中国质量协会",
    };
    assert!(!same_person(&base, &stranger));
    assert!(same_person(
        &base,
        &Identity {
            mobile: base.mobile,
            ..stranger
        }
    ));
    assert!(same_person(
        &base,
        &Identity {
            email: base.email,
            ..stranger
        }
    ));
    let place = Identity {
        affiliation: "闪联 信息产业协会",
        ..stranger
    };
    assert!(same_person(&base, &place));
    assert!(
        !surely_same(&base, &place),
        "the name alone does not make two rows one"
    );
}

#[test]
fn what_is_missing_is_named_at_its_field() {
    let domains: Vec<DomainCode> = vec!["29".parse().unwrap()];
    let keywords = vec!["液冷".to_owned()];
    let said = Said {
        position: "主任",
        title: "",
        domains: &domains,
        keywords: &keywords,
        bio: "长期从事",
        reachable: false,
    };
    let errors = missing(&said, 5);
    let fields: Vec<_> = errors
        .iter()
        .map(|(field, refusal)| (field, refusal.code))
        .collect();
    assert_eq!(
        fields,
        [
            ("title", "form.required"),
            ("mobile", "experts.unreachable"),
            ("domains", "experts.code_too_general"),
            ("keywords", "experts.few_keywords"),
        ]
    );
}
