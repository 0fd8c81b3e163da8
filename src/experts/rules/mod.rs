//! The rules of the pool: which change of state may follow which, who may recommend and approve, how
//! many seats a unit has, and what a recommendation has to say. Pure.

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
mod tests;
