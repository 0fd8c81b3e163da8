//! The rules of the pool: which change of state may follow which, who may recommend and approve, how
//! many seats a unit has, and what a recommendation has to say. Pure.

use chrono::NaiveDate;
use entity::{
    expert::ExpertState,
    ids::{ExpertId, PersonId, UnitId},
    unit::Tier,
};

use crate::foundation::{
    classification::DomainCode,
    error::{FieldErrors, Refusal},
    search::normalise,
};

/// What is done to an expert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The unit sends the recommendation.
    Send,
    /// The unit takes it back.
    Withdraw,
    /// The secretariat asks for more.
    Return,
    /// The secretariat approves.
    Approve,
    /// The person accepts.
    Accept,
    /// The person declines.
    Decline,
    /// The engagement pauses.
    Suspend,
    /// It goes on.
    Resume,
    /// The person stays for another term.
    Renew,
    /// It ends before its term.
    End,
    /// Its term is over.
    Expire,
}

impl Step {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Send,
        Self::Withdraw,
        Self::Return,
        Self::Approve,
        Self::Accept,
        Self::Decline,
        Self::Suspend,
        Self::Resume,
        Self::Renew,
        Self::End,
        Self::Expire,
    ];
}

/// The state after `step`.
///
/// # Errors
/// `experts.wrong_state` when the step does not follow.
pub fn next(state: ExpertState, step: Step) -> Result<ExpertState, Refusal> {
    use ExpertState::{
        Approved, Draft, Ended, Engaged, Expired, Recommended, Refused, Returned, Suspended,
        Withdrawn,
    };
    match (state, step) {
        (Draft | Returned, Step::Send) => Ok(Recommended),
        (Draft | Recommended | Returned | Approved, Step::Withdraw) => Ok(Withdrawn),
        (Recommended, Step::Return) => Ok(Returned),
        (Recommended, Step::Approve) => Ok(Approved),
        (Approved, Step::Accept) => Ok(Engaged),
        (Approved, Step::Decline) => Ok(Refused),
        (Engaged, Step::Suspend) => Ok(Suspended),
        (Suspended, Step::Resume) => Ok(Engaged),
        (Engaged | Suspended, Step::Renew) => Ok(state),
        (Engaged | Suspended, Step::End) => Ok(Ended),
        (Engaged | Suspended, Step::Expire) => Ok(Expired),
        _ => Err(Refusal::new("experts.wrong_state")),
    }
}

/// States in which the unit may change what the recommendation says.
pub const EDITABLE: [ExpertState; 2] = [ExpertState::Draft, ExpertState::Returned];

/// States that take a seat of the unit.
pub const SEATED: [ExpertState; 4] = [
    ExpertState::Recommended,
    ExpertState::Approved,
    ExpertState::Engaged,
    ExpertState::Suspended,
];

/// States in which nobody else may recommend the same person.
pub const ALIVE: [ExpertState; 5] = [
    ExpertState::Recommended,
    ExpertState::Returned,
    ExpertState::Approved,
    ExpertState::Engaged,
    ExpertState::Suspended,
];

/// Whether a unit of `tier` may recommend.
///
/// # Errors
/// `experts.not_council`
pub fn may_recommend(tier: Tier) -> Result<(), Refusal> {
    match tier {
        Tier::Council | Tier::StandingCouncil => Ok(()),
        Tier::Member => Err(Refusal::new("experts.not_council")),
    }
}

/// Whether an expert may stay for another term: a guest, or one whose unit still has seats.
///
/// # Errors
/// `experts.not_council`
pub fn may_renew(guest: bool, unit: Option<(Tier, Option<NaiveDate>)>) -> Result<(), Refusal> {
    match unit {
        _ if guest => Ok(()),
        Some((tier, None)) => may_recommend(tier),
        Some((_, Some(_))) | None => Err(Refusal::new("experts.not_council")),
    }
}

/// Whether a unit whose seats are taken by `names` has one more.
///
/// # Errors
/// `experts.quota_full` with the names of those who take them.
pub fn seat_free(names: &[String], seats: usize) -> Result<(), Refusal> {
    if names.len() < seats {
        return Ok(());
    }
    Err(Refusal::new("experts.quota_full")
        .with("seats", seats)
        .with("names", names.join("、")))
}

/// What decides whether an approval stands.
#[derive(Clone, Copy, Debug)]
pub struct Approval<'a> {
    /// Who approves.
    pub approver: PersonId,
    /// Who sent the recommendation.
    pub recommended_by: Option<PersonId>,
    /// Whether the approver's own unit recommends: the unit that runs the secretariat, or one that
    /// the approver is a contact of.
    pub own_unit: bool,
    /// Who approved first, where two have to.
    pub first: Option<PersonId>,
    /// Why one person is enough this time, or empty.
    pub exception: &'a str,
}

/// What an approval brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approved {
    /// It is approved.
    Fully,
    /// It is approved by one person alone, by a recorded exception.
    ByException,
    /// A second person has to approve too.
    First,
}

/// Whoever recommends never approves; where the approver's own unit recommends, two people approve, or
/// the exception is recorded.
///
/// # Errors
/// `experts.own_recommendation`, `experts.same_approver`
pub fn approve(approval: &Approval<'_>) -> Result<Approved, Refusal> {
    if approval.recommended_by == Some(approval.approver) {
        return Err(Refusal::new("experts.own_recommendation"));
    }
    if !approval.own_unit {
        return Ok(Approved::Fully);
    }
    match approval.first {
        Some(first) if first != approval.approver => Ok(Approved::Fully),
        _ if !approval.exception.trim().is_empty() => Ok(Approved::ByException),
        Some(_) => Err(Refusal::new("experts.same_approver")),
        None => Ok(Approved::First),
    }
}

/// Somebody as compared with others: contact data in one form, affiliation as typed.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// Name.
    pub name: &'a str,
    /// E-mail address.
    pub email: Option<&'a str>,
    /// Mobile number.
    pub mobile: Option<&'a str>,
    /// Where the person works.
    pub affiliation: &'a str,
}

/// Whether two descriptions are of one human: the same address, the same number, or the same name at
/// the same place.
pub fn same_person(one: &Identity<'_>, other: &Identity<'_>) -> bool {
    let same = |a: Option<&str>, b: Option<&str>| a.is_some() && a == b;
    same(one.email, other.email)
        || same(one.mobile, other.mobile)
        || (normalise(one.name) == normalise(other.name)
            && normalise(one.affiliation) == normalise(other.affiliation))
}

/// Whether a known person is surely the one described, so that both are one row: the name and a way to
/// reach them agree.
pub fn surely_same(one: &Identity<'_>, other: &Identity<'_>) -> bool {
    let same = |a: Option<&str>, b: Option<&str>| a.is_some() && a == b;
    normalise(one.name) == normalise(other.name)
        && (same(one.email, other.email) || same(one.mobile, other.mobile))
}

/// What a recommendation says, where something can be missing.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// 职务
    pub position: &'a str,
    /// 职称
    pub title: &'a str,
    /// Codes.
    pub domains: &'a [DomainCode],
    /// Keywords.
    pub keywords: &'a [String],
    /// Short biography.
    pub bio: &'a str,
    /// Whether there is an address or a number.
    pub reachable: bool,
}

/// What is missing, by the field of the form.
pub fn missing(said: &Said<'_>, min_keywords: usize) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for (field, text) in [("position", said.position), ("title", said.title)] {
        if text.trim().is_empty() {
            errors.add(field, Refusal::new("form.required"));
        }
    }
    if !said.reachable {
        errors.add("mobile", Refusal::new("experts.unreachable"));
    }
    if said.domains.is_empty() {
        errors.add("domains", Refusal::new("experts.no_domain"));
    }
    if let Some(code) = said.domains.iter().find(|code| code.level() < 2) {
        errors.add(
            "domains",
            Refusal::new("experts.code_too_general").with("code", code.label()),
        );
    }
    if said.keywords.len() < min_keywords {
        errors.add(
            "keywords",
            Refusal::new("experts.few_keywords")
                .with("min", min_keywords)
                .with("given", said.keywords.len()),
        );
    }
    if said.bio.trim().is_empty() {
        errors.add("bio", Refusal::new("form.required"));
    }
    errors
}

/// Another live recommendation or engagement of the same person, as the refusal names it.
pub fn duplicate(unit_name: &str, name: &str) -> Refusal {
    Refusal::new("experts.duplicate")
        .with("name", name)
        .with("unit", unit_name)
}

/// The live expert among `others` who is the same person as `one`, other than itself.
pub fn find_duplicate<'a, T>(
    own: ExpertId,
    one: &Identity<'_>,
    others: impl IntoIterator<Item = (ExpertId, Identity<'a>, T)>,
) -> Option<T> {
    others
        .into_iter()
        .find(|(id, other, _)| *id != own && same_person(one, other))
        .map(|(.., about)| about)
}

/// Whether the recommending unit is the approver's own.
pub fn is_own_unit(unit: Option<UnitId>, secretariat: bool, approver_units: &[UnitId]) -> bool {
    secretariat || unit.is_some_and(|unit| approver_units.contains(&unit))
}

#[cfg(test)]
mod tests {
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
                Step::Renew | Step::End | Step::Expire => vec![Engaged, Suspended],
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
}
