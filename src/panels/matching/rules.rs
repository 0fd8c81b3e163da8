//! Who may not serve on a panel, whatever the relevance: pure rules over plain facts.

use std::collections::HashSet;

use chrono::{DateTime, Months, NaiveDate, Utc};
use entity::{
    assignment::AssignmentState,
    expert::ExpertKind,
    expert_interest,
    ids::{ExpertId, PanelId, PersonId, UnitId},
    panel_adjustment::AdjustmentKind,
    panel_recusal::RecusalRule,
};
use serde::{Deserialize, Serialize};

use super::snapshot::{ExpertFacts, PanelView};
use crate::{
    foundation::search::normalise,
    panels::facts::{NewRecusal, PanelFacts},
};

/// An interest counts for so many months after it has ended.
const INTEREST_MONTHS: u32 = 24;

/// Names as alike as this, but not the same, are shown to a person to decide.
const ALIKE: f64 = 0.8;

/// Why an expert may not serve on a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "bar", rename_all = "snake_case")]
pub enum Bar {
    /// Recused by a rule; `name` is the unit, person or organisation that the rule names.
    Recused {
        /// The rule.
        rule: RecusalRule,
        /// Whom or what it names.
        name: String,
    },
    /// Taken out by hand.
    Excluded {
        /// Why.
        reason: String,
        /// By whom.
        by: PersonId,
    },
    /// Has said no to this panel.
    Declined,
    /// Has not answered this panel in time.
    Lapsed,
    /// Was released from this panel.
    Released,
    /// The engagement does not cover the day.
    NotEngaged {
        /// The day.
        on: NaiveDate,
    },
    /// Away on the day.
    Away {
        /// First day away.
        from: NaiveDate,
        /// Last day away.
        to: NaiveDate,
    },
    /// Promised to something else at that time.
    Busy {
        /// What, in words.
        label: String,
        /// From.
        from: DateTime<Utc>,
        /// Until.
        to: DateTime<Utc>,
    },
    /// As many assignments at a time as the expert takes.
    Full {
        /// Open assignments.
        open: i32,
        /// Most at a time.
        max: i32,
    },
    /// As many assignments a year as the expert takes.
    YearFull {
        /// Assignments of this year.
        served: i32,
        /// Most a year.
        max: i32,
    },
}

/// The first rule by which `expert` may not serve on `panel`; the number of assignments is not
/// looked at, see [`room`].
pub fn bar(panel: &PanelView, expert: &ExpertFacts, today: NaiveDate) -> Option<Bar> {
    recused(panel, expert, today)
        .or_else(|| excluded(panel, expert.expert.id))
        .or_else(|| answered(panel, expert.expert.id))
        .or_else(|| absent(panel, expert, today))
        .or_else(|| busy(panel, expert))
}

/// How many more assignments the expert takes, besides those open now; or which limit is reached.
pub fn room(expert: &ExpertFacts) -> Result<i32, Bar> {
    let load = &expert.load;
    let (max_open, max_year) = (expert.expert.max_open, expert.expert.max_year);
    if load.open >= max_open {
        return Err(Bar::Full {
            open: load.open,
            max: max_open,
        });
    }
    if load.year >= max_year {
        return Err(Bar::YearFull {
            served: load.year,
            max: max_year,
        });
    }
    Ok((max_open - load.open).min(max_year - load.year))
}

fn recused(panel: &PanelView, expert: &ExpertFacts, today: NaiveDate) -> Option<Bar> {
    let by_rule = panel.recusals.iter().find(|row| names(row, expert));
    if let Some(row) = by_rule {
        return Some(Bar::Recused {
            rule: row.rule,
            name: row.name.clone(),
        });
    }
    let day = panel.day(today);
    let mut interests = expert.expert.interests.iter();
    let interest = interests.find(|one| counts_on(one, day) && touches(one, panel))?;
    Some(Bar::Recused {
        rule: RecusalRule::Declared,
        name: interest.organisation.clone(),
    })
}

/// Whether a recusal names the expert: by id, by unit, or by exactly this name of person or unit.
fn names(row: &NewRecusal, expert: &ExpertFacts) -> bool {
    let expert = &expert.expert;
    let unit = expert.unit.as_ref();
    if row.expert == Some(expert.id)
        || row
            .unit
            .is_some_and(|id| unit.is_some_and(|unit| unit.id == id))
    {
        return true;
    }
    let wanted = normalise(&row.name);
    if wanted.is_empty() {
        return false;
    }
    let same = |name: &str| normalise(name) == wanted;
    let of_unit = || {
        same(&expert.unit_name)
            || unit.is_some_and(|unit| same(&unit.name) || same(&unit.short_name))
    };
    match row.rule {
        RecusalRule::Drafter | RecusalRule::Answered => same(&expert.person.name),
        RecusalRule::AskingUnit | RecusalRule::DraftingUnit => of_unit(),
        RecusalRule::Named | RecusalRule::Declared => same(&expert.person.name) || of_unit(),
    }
}

/// An interest counts while it lasts and for 24 months after.
fn counts_on(interest: &expert_interest::Model, day: NaiveDate) -> bool {
    interest
        .until_date
        .and_then(|until| until.checked_add_months(Months::new(INTEREST_MONTHS)))
        .is_none_or(|last| day <= last)
}

/// Whether an interest lies in the asking unit, a drafting unit, or an organisation to be recused.
fn touches(interest: &expert_interest::Model, panel: &PanelView) -> bool {
    let same_unit = |unit: Option<UnitId>| unit.is_some() && unit == interest.unit_id;
    let organisation = normalise(&interest.organisation);
    let same_name = |name: &str| !organisation.is_empty() && normalise(name) == organisation;
    if same_unit(panel.facts.asking_unit) || same_name(&panel.facts.asking_name) {
        return true;
    }
    panel
        .recusals
        .iter()
        .any(|row| same_unit(row.unit) || same_name(&row.name))
}

fn excluded(panel: &PanelView, expert: ExpertId) -> Option<Bar> {
    let mut adjustments = panel.adjustments.iter();
    let row =
        adjustments.find(|row| row.expert_id == expert && row.kind == AdjustmentKind::Exclude)?;
    Some(Bar::Excluded {
        reason: row.reason.clone(),
        by: row.by_person,
    })
}

/// Who was asked for this panel and is not on it is not asked again; only those thanked in a race
/// (加急) may be.
fn answered(panel: &PanelView, expert: ExpertId) -> Option<Bar> {
    let mut asked = panel.assignments.iter().rev();
    let last = asked.find(|row| row.expert_id == expert)?;
    match last.state {
        AssignmentState::Declined => Some(Bar::Declined),
        AssignmentState::Lapsed => Some(Bar::Lapsed),
        AssignmentState::Released if !last.race => Some(Bar::Released),
        _ => None,
    }
}

fn absent(panel: &PanelView, expert: &ExpertFacts, today: NaiveDate) -> Option<Bar> {
    let day = panel.day(today);
    if !expert.expert.serves_on(day) {
        return Some(Bar::NotEngaged { on: day });
    }
    // With a meeting its day counts; without one, being away from now until the answer is wanted.
    let needed = match panel.facts.meeting.map(|meeting| meeting.date) {
        Some(day) => (day, day),
        None => (today, day),
    };
    let mut absences = expert.expert.absences.iter();
    let (from, to) = absences.find(|(from, to)| *from <= needed.0 && needed.1 <= *to)?;
    Some(Bar::Away {
        from: *from,
        to: *to,
    })
}

fn busy(panel: &PanelView, expert: &ExpertFacts) -> Option<Bar> {
    let (from, to) = panel.time()?;
    let mut taken = expert.taken.iter();
    let span =
        taken.find(|span| span.panel != Some(panel.id) && span.from < to && from < span.to)?;
    Some(Bar::Busy {
        label: span.label.clone(),
        from: span.from,
        to: span.to,
    })
}

/// A name among the recusals of the panel that is written much like the expert's unit, though not the
/// same: for a person to look at, never a reason by itself. Names in `known`, those of other units, are
/// no misspelling.
pub fn alike(panel: &PanelView, expert: &ExpertFacts, known: &HashSet<String>) -> Option<String> {
    let unit = normalise(&expert.expert.unit_name);
    let mut recusals = panel.recusals.iter();
    let found = recusals.find(|row| {
        let name = normalise(&row.name);
        let open = row.unit.is_none() && row.expert.is_none() && !known.contains(&name);
        open && name != unit && strsim::normalized_levenshtein(&name, &unit) >= ALIKE
    })?;
    Some(found.name.clone())
}

/// Whether one more expert of `kind` leaves the places that are kept for the other kind, when experts of
/// these kinds already hold places.
pub fn kind_fits(
    facts: &PanelFacts,
    holding: impl Iterator<Item = ExpertKind> + Clone,
    kind: ExpertKind,
) -> bool {
    let keeps = |wanted: ExpertKind, least: i32| {
        let others = holding.clone().filter(|held| *held != wanted).count();
        let others = i32::try_from(others).unwrap_or(i32::MAX - 1);
        kind == wanted || others < facts.demand - least
    };
    keeps(ExpertKind::Technical, facts.min_technical)
        && keeps(ExpertKind::Standardization, facts.min_standardization)
}

/// Whether two panels need the same time.
pub fn overlap(one: &PanelView, other: &PanelView) -> bool {
    match (one.time(), other.time()) {
        (Some((from, to)), Some((other_from, other_to))) => from < other_to && other_from < to,
        _ => false,
    }
}

/// A span of an expert's time that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The panel that takes or may take it, when it is one.
    pub panel: Option<PanelId>,
    /// What takes it, in words.
    pub label: String,
    /// From.
    pub from: DateTime<Utc>,
    /// Until.
    pub to: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use entity::panel::{Half, MeetingForm};
    use uuid::Uuid;

    use super::*;
    use crate::panels::facts::Meeting;

    fn facts() -> PanelFacts {
        PanelFacts {
            purpose: String::new(),
            title: String::new(),
            text: String::new(),
            domains: Vec::new(),
            keywords: Vec::new(),
            demand: 3,
            max_per_unit: 1,
            min_technical: 0,
            min_standardization: 0,
            priority: 0,
            asking_unit: None,
            asking_name: "某学会".to_owned(),
            confidential: false,
            form: MeetingForm::None,
            meeting: None,
            place: String::new(),
            wanted_by: None,
            standard_name: String::new(),
            standard_number: String::new(),
            drafting_text: String::new(),
            duties: String::new(),
            fee_text: String::new(),
            contact_name: String::new(),
            contact_phone: String::new(),
            urgent: false,
        }
    }

    fn panel(meeting: Option<(u32, Half)>) -> PanelView {
        PanelView {
            id: PanelId(Uuid::from_u128(1)),
            number: String::new(),
            state: entity::panel::PanelState::Open,
            facts: PanelFacts {
                meeting: meeting.map(|(day, half)| Meeting::new(on(day), half, chrono_tz::UTC)),
                ..facts()
            },
            recusals: Vec::new(),
            adjustments: Vec::new(),
            assignments: Vec::new(),
        }
    }

    fn on(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 9, day).unwrap()
    }

    fn interest(organisation: &str, until: Option<NaiveDate>) -> expert_interest::Model {
        expert_interest::Model {
            id: Uuid::nil().into(),
            expert_id: Uuid::nil().into(),
            unit_id: None,
            organisation: organisation.to_owned(),
            kind: "adviser".to_owned(),
            note: String::new(),
            until_date: until,
            created_at: DateTime::<Utc>::UNIX_EPOCH,
        }
    }

    #[test]
    fn kinds_leave_room_for_each_other() {
        use ExpertKind::{Standardization as S, Technical as T};
        let facts = PanelFacts {
            min_technical: 1,
            min_standardization: 1,
            ..facts()
        };
        let fits = |holding: &[ExpertKind], kind| kind_fits(&facts, holding.iter().copied(), kind);
        assert!(fits(&[], T) && fits(&[T], T) && fits(&[T, T], S));
        assert!(!fits(&[T, T], T) && !fits(&[S, S], S));
    }

    #[test]
    fn only_panels_at_one_time_overlap() {
        let day = panel(Some((28, Half::FullDay)));
        let morning = panel(Some((28, Half::Morning)));
        let afternoon = panel(Some((28, Half::Afternoon)));
        assert!(overlap(&day, &morning) && overlap(&afternoon, &day));
        assert!(!overlap(&morning, &afternoon));
        assert!(!overlap(&day, &panel(Some((29, Half::FullDay)))));
        assert!(!overlap(&panel(None), &panel(None)));
    }

    #[test]
    fn an_interest_counts_two_years_beyond_its_end() {
        let ended = |year| interest("某公司", NaiveDate::from_ymd_opt(year, 9, 28));
        assert!(counts_on(&interest("某公司", None), on(28)));
        assert!(counts_on(&ended(2024), on(28)));
        assert!(!counts_on(&ended(2024), on(29)));
    }

    #[test]
    fn an_interest_touches_whoever_asks_in_any_spelling() {
        let panel = panel(None);
        assert!(touches(&interest(" 某学会", None), &panel));
        assert!(!touches(&interest("", None), &panel));
        assert!(!touches(&interest("某协会", None), &panel));
    }
}
