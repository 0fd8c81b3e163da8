//! What holds for committees and working groups: who runs them, what may follow what. Pure.

use chrono::NaiveDate;
use entity::{
    committee::{CommitteeKind, CommitteeState},
    committee_person::Office,
    committee_unit::{UnitPart, UnitStanding},
    ids::UnitId,
    unit::Tier,
};

use crate::foundation::{error::Refusal, texts::Label, ui::dates};

/// A unit that has a part in a committee, as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Its part.
    pub part: UnitPart,
    /// Its standing in the alliance.
    pub tier: Tier,
    /// Whether it has left the alliance.
    pub gone: bool,
}

impl Place {
    fn is_of_council(&self) -> bool {
        !self.gone && is_council(self.tier)
    }
}

fn is_council(tier: Tier) -> bool {
    matches!(tier, Tier::Council | Tier::StandingCouncil)
}

/// How many council units have to run it beside the lead.
pub fn least_organisers(kind: CommitteeKind) -> usize {
    match kind {
        CommitteeKind::Committee => 2,
        CommitteeKind::WorkingGroup => 1,
    }
}

/// Everything in which `places` fall short of one standing council unit as lead and enough council
/// units beside it; empty when nothing does. Read anew each time, so a unit that loses its standing
/// leaves a defect without anybody noting one.
pub fn defects(kind: CommitteeKind, places: &[Place]) -> Vec<Refusal> {
    let mut found = Vec::new();
    match places.iter().find(|place| place.part == UnitPart::Lead) {
        None => found.push(Refusal::new("committees.no_lead")),
        Some(lead) if lead.gone => {
            found.push(Refusal::new("committees.lead_gone").with("unit", &lead.name));
        }
        Some(lead) if lead.tier != Tier::StandingCouncil => found.push(
            Refusal::new("committees.lead_tier")
                .with("unit", &lead.name)
                .with("tier", lead.tier.zh()),
        ),
        Some(_) => {}
    }
    let organisers = || places.iter().filter(|one| one.part == UnitPart::Organiser);
    for place in organisers().filter(|place| !place.is_of_council()) {
        let code = if place.gone {
            Refusal::new("committees.organiser_gone")
        } else {
            Refusal::new("committees.organiser_tier").with("tier", place.tier.zh())
        };
        found.push(code.with("unit", &place.name));
    }
    let (least, given) = (
        least_organisers(kind),
        organisers().filter(|place| place.is_of_council()).count(),
    );
    if given < least {
        found.push(
            Refusal::new("committees.few_organisers")
                .with("kind", kind.zh())
                .with("least", least)
                .with("given", given)
                .with("missing", least - given),
        );
    }
    found
}

/// What is done to a committee as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is founded.
    Found,
    /// It becomes a committee.
    Promote,
    /// It is dissolved, or its last day has passed.
    End,
}

/// The state after `step`.
///
/// # Errors
/// `committees.wrong_state`
pub fn next(
    kind: CommitteeKind,
    state: CommitteeState,
    step: Step,
) -> Result<CommitteeState, Refusal> {
    use CommitteeState::{Ended, Preparing, Standing};
    match (step, state, kind) {
        (Step::Found, Preparing, _) => Ok(Standing),
        (Step::Promote, Standing, CommitteeKind::WorkingGroup) => Ok(Standing),
        (Step::End, Preparing | Standing, _) => Ok(Ended),
        _ => Err(Refusal::new("committees.wrong_state")
            .with("kind", kind.zh())
            .with("state", state.zh())),
    }
}

/// Whether something may still change in it.
///
/// # Errors
/// `committees.ended`
pub fn goes_on(state: CommitteeState) -> Result<(), Refusal> {
    match state {
        CommitteeState::Ended => Err(Refusal::new("committees.ended")),
        CommitteeState::Preparing | CommitteeState::Standing => Ok(()),
    }
}

/// Whether it may plan a study: once it stands.
///
/// # Errors
/// `committees.wrong_state`
pub fn may_study(kind: CommitteeKind, state: CommitteeState) -> Result<(), Refusal> {
    match state {
        CommitteeState::Standing => Ok(()),
        CommitteeState::Preparing | CommitteeState::Ended => {
            Err(Refusal::new("committees.wrong_state")
                .with("kind", kind.zh())
                .with("state", state.zh()))
        }
    }
}

/// Whether a unit of `tier` may take `part`. While a committee is being prepared a council unit may be
/// named as lead: it becomes a standing one by application and vote, and the defect stays in view.
///
/// # Errors
/// `committees.lead_tier`, `committees.organiser_tier`, `committees.unit_left`
pub fn may_take(place: &Place, state: CommitteeState) -> Result<(), Refusal> {
    if place.gone {
        return Err(Refusal::new("committees.unit_left").with("unit", &place.name));
    }
    let refused = |code| {
        Err(Refusal::new(code)
            .with("unit", &place.name)
            .with("tier", place.tier.zh()))
    };
    match place.part {
        UnitPart::Lead if state == CommitteeState::Preparing && is_council(place.tier) => Ok(()),
        UnitPart::Lead if place.tier != Tier::StandingCouncil => refused("committees.lead_tier"),
        UnitPart::Organiser if !is_council(place.tier) => refused("committees.organiser_tier"),
        UnitPart::Lead | UnitPart::Organiser | UnitPart::Participant => Ok(()),
    }
}

/// Whether a standing committee may go from `before` to `after`: what was wrong before may stay, but
/// nothing new may become wrong.
///
/// # Errors
/// The first new defect.
pub fn may_change(
    kind: CommitteeKind,
    state: CommitteeState,
    before: &[Place],
    after: &[Place],
) -> Result<(), Refusal> {
    goes_on(state)?;
    if state == CommitteeState::Preparing {
        return Ok(());
    }
    let known = defects(kind, before);
    match defects(kind, after)
        .into_iter()
        .find(|one| !known.contains(one))
    {
        Some(new) => Err(new),
        None => Ok(()),
    }
}

/// Whether a unit may apply to take part.
///
/// # Errors
/// `committees.ended`, `committees.takes_part`, `committees.applied`
pub fn may_apply(state: CommitteeState, known: Option<UnitStanding>) -> Result<(), Refusal> {
    goes_on(state)?;
    match known {
        Some(UnitStanding::Admitted) => Err(Refusal::new("committees.takes_part")),
        Some(UnitStanding::Applied) => Err(Refusal::new("committees.applied")),
        Some(UnitStanding::Refused | UnitStanding::Left) | None => Ok(()),
    }
}

/// Whether a unit may leave by itself: those who run the committee are released by the secretariat.
///
/// # Errors
/// `committees.runs_it`
pub fn may_leave(part: UnitPart) -> Result<(), Refusal> {
    match part {
        UnitPart::Participant => Ok(()),
        UnitPart::Lead | UnitPart::Organiser => {
            Err(Refusal::new("committees.runs_it").with("part", part.zh()))
        }
    }
}

/// The last day and the parent of a group as they may be set.
///
/// # Errors
/// By field: `committees.dated_committee`, `committees.until_past`, `committees.parent_of_committee`.
pub fn check_group(
    kind: CommitteeKind,
    until: Option<NaiveDate>,
    has_parent: bool,
    today: NaiveDate,
) -> Result<(), (&'static str, Refusal)> {
    if kind == CommitteeKind::Committee {
        if until.is_some() {
            return Err(("until", Refusal::new("committees.dated_committee")));
        }
        if has_parent {
            return Err(("parent", Refusal::new("committees.parent_of_committee")));
        }
    }
    match until {
        Some(until) if until < today => Err((
            "until",
            Refusal::new("committees.until_past").with("today", dates::full_day(today)),
        )),
        _ => Ok(()),
    }
}

/// Whether `office` can be given for these days, beside those who hold one.
///
/// # Errors
/// By field: `committees.chair_taken`, `committees.office_days`.
pub fn may_appoint(
    office: Office,
    from: NaiveDate,
    to: NaiveDate,
    held: &[(Office, String)],
) -> Result<(), (&'static str, Refusal)> {
    if to < from {
        return Err(("to", Refusal::new("committees.office_days")));
    }
    let chair = held.iter().find(|(held, _)| *held == Office::Chair);
    match chair {
        Some((_, name)) if office == Office::Chair => Err((
            "office",
            Refusal::new("committees.chair_taken").with("name", name),
        )),
        _ => Ok(()),
    }
}

/// Whether whoever holds the office acts for the committee with a sign-in of their own.
pub fn acts(office: Office) -> bool {
    match office {
        Office::Chair | Office::ViceChair | Office::Secretary => true,
        Office::Member => false,
    }
}

/// Which of the reminders counts when `left` days are left: the nearest that has come. One that was
/// missed because nothing ran is thus still sent, but not several at once.
pub fn reminder(reminders: &[i64], left: i64) -> Option<i64> {
    let come = reminders.iter().copied().filter(|days| left <= *days);
    come.min().filter(|_| left >= 0)
}

#[cfg(test)]
mod tests;
