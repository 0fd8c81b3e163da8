//! The explanation that is kept with a run, as data: who was left out and why, what stays empty and
//! the smallest change that would fill it. Names are not kept; pages look them up.

use std::collections::{HashMap, HashSet};

use entity::{expert::ExpertKind, ids::ExpertId, ids::PanelId};
use matching::assign::certificate::Proof;
use serde::{Deserialize, Serialize};

use super::{
    problem::{Prepared, unit_key},
    rules::{self, Bar},
    snapshot::{PanelView, Snapshot},
    solve::Solved,
    stale::Checked,
};
use crate::foundation::search::normalise;

/// So many experts who were left out are told by name; recused ones always are.
const MOST_LEFT_OUT: usize = 15;

/// The explanation of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Sum of the relevance of everybody chosen, in millionths.
    pub relevance: i64,
    /// Places of all panels.
    pub places: u32,
    /// Places that somebody holds or is proposed for.
    pub filled: u32,
    /// Experts of the pool that day.
    pub experts: usize,
    /// One for each panel, in the order of the run.
    pub panels: Vec<PanelReport>,
}

/// The explanation of one panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PanelReport {
    /// The panel.
    pub panel: PanelId,
    /// What the choice rests on, to notice changes before approval.
    pub checked: Checked,
    /// Experts relevant enough who may serve.
    pub qualified: usize,
    /// Recused experts, and the most relevant others who were left out; by relevance.
    pub left_out: Vec<LeftOut>,
    /// Further experts left out.
    pub others: usize,
    /// Why places stay empty, if some do.
    pub shortage: Option<Shortage>,
    /// Pins that could not hold.
    pub lost_pins: Vec<LeftOut>,
    /// Chosen experts whose unit is written much like a name among the recusals: to be looked at.
    pub alike: Vec<Alike>,
}

/// An expert who was left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The expert.
    pub expert: ExpertId,
    /// In millionths.
    pub relevance: u32,
    /// Why.
    pub why: Why,
}

/// Why an expert was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A rule forbids it.
    Barred(Bar),
    /// Below the least relevance.
    TooFar,
    /// Serves on other panels of the same run as often as there was room.
    TakenHere(Vec<PanelId>),
    /// This expert of the same unit already serves.
    SameUnit(ExpertId),
    /// Serves on this other panel of the same run, which meets at the same time.
    SameTime(PanelId),
    /// The places left are kept for the other kind.
    OtherKind,
    /// So many millionths of relevance short of taking a place.
    Short(i64),
    /// Qualified, and not drawn.
    NotDrawn,
}

/// Why places stay empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shortage {
    /// Empty places.
    pub places: u32,
    /// They are kept for this kind.
    pub kind: Option<ExpertKind>,
    /// The smallest change that would bring somebody in, the most relevant first; none when nobody
    /// is relevant enough, whatever changes.
    pub change: Option<Change>,
    /// Those who would be relevant enough, and what stands in the way; by relevance.
    pub near: Vec<LeftOut>,
}

/// A change that would fill a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A meeting at another time, after this expert's other duty or absence.
    OtherTime(ExpertId),
    /// One more assignment for this expert.
    MoreRoom(ExpertId),
    /// One more expert of a unit.
    MorePerUnit(ExpertId),
    /// Another composition.
    Composition(ExpertId),
    /// A lower least relevance, in millionths.
    LowerRelevance(ExpertId, u32),
}

/// A name to be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    /// The expert chosen.
    pub expert: ExpertId,
    /// The name among the recusals.
    pub name: String,
}

/// Explains a solved match.
pub fn report(snapshot: &Snapshot, prepared: &Prepared, solved: &Solved) -> Report {
    let seen = Seen::new(snapshot, prepared, solved);
    let panels: Vec<_> = (0..snapshot.panels.len()).map(|r| seen.panel(r)).collect();
    let seats = solved.solution.panels.iter().flatten();
    let places = prepared.problem.requests.iter().map(|one| one.demand).sum();
    Report {
        relevance: seats.map(|seat| i64::from(seat.score)).sum(),
        places,
        filled: places - solved.solution.unfilled.iter().sum::<u32>(),
        experts: snapshot.experts.len(),
        panels,
    }
}

/// A solved match with what is looked up again and again.
struct Seen<'a> {
    snapshot: &'a Snapshot,
    prepared: &'a Prepared,
    solved: &'a Solved,
    /// Panels on which each expert serves.
    serves: Vec<Vec<usize>>,
    /// Price of a place of each expert, in millionths.
    prices: Option<Vec<i64>>,
    /// Names of all units of the pool, normalised.
    units: HashSet<String>,
}

impl<'a> Seen<'a> {
    fn new(snapshot: &'a Snapshot, prepared: &'a Prepared, solved: &'a Solved) -> Self {
        let mut serves = vec![Vec::new(); snapshot.experts.len()];
        for (r, panel) in solved.solution.panels.iter().enumerate() {
            for seat in panel {
                serves[seat.expert].push(r);
            }
        }
        let certificate = &solved.solution.certificate;
        let prices = match &certificate.proof {
            Proof::Prices { experts, .. } => Some(
                experts
                    .iter()
                    .map(|price| price / certificate.scale)
                    .collect(),
            ),
            Proof::Cases { .. } => None,
        };
        Self {
            snapshot,
            prepared,
            solved,
            serves,
            prices,
            units: snapshot
                .experts
                .iter()
                .map(|facts| normalise(&facts.expert.unit_name))
                .collect(),
        }
    }

    fn view(&self, r: usize) -> &PanelView {
        &self.snapshot.panels[r]
    }

    fn id(&self, e: usize) -> ExpertId {
        self.snapshot.experts[e].expert.id
    }

    fn score(&self, r: usize, e: usize) -> u32 {
        self.prepared.scored[r][e].millionths
    }

    fn enough(&self, r: usize, e: usize) -> bool {
        i64::from(self.score(r, e)) >= i64::from(self.prepared.problem.min_relevance)
    }

    fn panel(&self, r: usize) -> PanelReport {
        let mut left_out: Vec<(bool, LeftOut)> = (0..self.snapshot.experts.len())
            .filter(|e| !self.serves[*e].contains(&r))
            .map(|e| {
                let why = self.why(r, e);
                let always = matches!(why, Why::Barred(Bar::Recused { .. } | Bar::Excluded { .. }));
                (always, self.left_out(r, e, why))
            })
            .collect();
        left_out.sort_by_key(|(_, one)| (std::cmp::Reverse(one.relevance), one.expert));
        let all = left_out.len();
        let mut told = 0;
        left_out.retain(|(always, one)| {
            let near = told < MOST_LEFT_OUT && one.why != Why::TooFar;
            told += usize::from(near);
            *always || near
        });
        let qualified = (0..self.snapshot.experts.len())
            .filter(|e| self.prepared.bars[r][*e].is_none() && self.enough(r, *e))
            .count();
        let lost = self.prepared.lost_pins.iter();
        PanelReport {
            panel: self.view(r).id,
            checked: Checked::of(self.view(r)),
            qualified,
            others: all - left_out.len(),
            left_out: left_out.into_iter().map(|(_, one)| one).collect(),
            shortage: self.shortage(r),
            lost_pins: lost
                .filter(|(panel, ..)| *panel == r)
                .map(|(_, e, bar)| self.left_out(r, *e, Why::Barred(bar.clone())))
                .collect(),
            alike: self.alike(r),
        }
    }

    fn left_out(&self, r: usize, e: usize, why: Why) -> LeftOut {
        LeftOut {
            expert: self.id(e),
            relevance: self.score(r, e),
            why,
        }
    }

    fn alike(&self, r: usize) -> Vec<Alike> {
        let seats = self.solved.solution.panels[r].iter();
        seats
            .filter_map(|seat| {
                let facts = &self.snapshot.experts[seat.expert];
                let name = rules::alike(self.view(r), facts, &self.units)?;
                Some(Alike {
                    expert: facts.expert.id,
                    name,
                })
            })
            .collect()
    }

    fn why(&self, r: usize, e: usize) -> Why {
        if let Some(bar) = &self.prepared.bars[r][e] {
            return Why::Barred(bar.clone());
        }
        if !self.enough(r, e) {
            return Why::TooFar;
        }
        let facts = &self.snapshot.experts[e];
        let capacity = self.prepared.problem.experts[e].capacity as usize;
        if let (Err(bar), true) = (rules::room(facts), self.serves[e].len() >= capacity) {
            return Why::Barred(bar);
        }
        let view = self.view(r);
        let same_time = |other: &&usize| rules::overlap(view, self.view(**other));
        if let Some(other) = self.serves[e].iter().find(same_time) {
            return Why::SameTime(self.view(*other).id);
        }
        if self.serves[e].len() >= capacity {
            let panels = self.serves[e].iter();
            return Why::TakenHere(panels.map(|other| self.view(*other).id).collect());
        }
        if let Some(colleague) = self.colleague(r, e) {
            return Why::SameUnit(self.id(colleague));
        }
        if self
            .kept_for(r)
            .is_some_and(|kind| kind != facts.expert.kind)
        {
            return Why::OtherKind;
        }
        if self.solved.draws.panel(view.id).is_some() {
            return Why::NotDrawn;
        }
        Why::Short(self.points_short(r, e))
    }

    /// Somebody of the same unit, where the unit has all the places it may have.
    fn colleague(&self, r: usize, e: usize) -> Option<usize> {
        let unit = unit_key(&self.snapshot.experts[e]);
        let seats = self.solved.solution.panels[r].iter();
        let same: Vec<usize> = seats
            .map(|seat| seat.expert)
            .filter(|other| unit_key(&self.snapshot.experts[*other]) == unit)
            .collect();
        let most = self.prepared.problem.requests[r].max_per_unit as usize;
        (same.len() >= most)
            .then(|| same.first().copied())
            .flatten()
    }

    /// The kind that all empty places are kept for.
    fn kept_for(&self, r: usize) -> Option<ExpertKind> {
        let open = self.solved.solution.unfilled[r];
        let request = &self.prepared.problem.requests[r];
        let mut counts: HashMap<ExpertKind, u32> = HashMap::new();
        for seat in &self.solved.solution.panels[r] {
            let kind = self.snapshot.experts[seat.expert].expert.kind;
            *counts.entry(kind).or_default() += 1;
        }
        let wanted = [
            (ExpertKind::Technical, request.min_technical),
            (ExpertKind::Standardization, request.min_standardization),
        ];
        let lacks = |(kind, least): &(ExpertKind, u32)| {
            let have = counts.get(kind).copied().unwrap_or(0);
            open > 0 && least.saturating_sub(have) >= open
        };
        wanted.into_iter().find(lacks).map(|(kind, _)| kind)
    }

    /// How much more relevance would bring the expert in: the value of the weakest place of the
    /// panel against the expert's, both less what a place of the expert costs elsewhere.
    fn points_short(&self, r: usize, e: usize) -> i64 {
        let price = |e: usize| self.prices.as_ref().map_or(0, |prices| prices[e]);
        let value = |e: usize| i64::from(self.score(r, e)) - price(e);
        let seats = self.solved.solution.panels[r].iter();
        let weakest = seats
            .filter(|seat| !seat.fixed)
            .map(|seat| value(seat.expert))
            .min();
        (weakest.unwrap_or(0) - value(e)).max(0)
    }

    fn shortage(&self, r: usize) -> Option<Shortage> {
        let places = self.solved.solution.unfilled[r];
        if places == 0 {
            return None;
        }
        let kind = self.kept_for(r);
        let fits =
            |e: &usize| kind.is_none_or(|kind| self.snapshot.experts[*e].expert.kind == kind);
        let mut near: Vec<(usize, LeftOut)> = (0..self.snapshot.experts.len())
            .filter(|e| !self.serves[*e].contains(&r))
            .map(|e| (e, self.left_out(r, e, self.why(r, e))))
            .collect();
        near.sort_by_key(|(_, one)| (std::cmp::Reverse(one.relevance), one.expert));
        let change = near
            .iter()
            .filter(|(e, one)| fits(e) || one.why == Why::OtherKind)
            .find_map(|(_, one)| change(one));
        near.retain(|(e, one)| fits(e) && one.why != Why::TooFar);
        near.truncate(5);
        Some(Shortage {
            places,
            kind,
            change,
            near: near.into_iter().map(|(_, one)| one).collect(),
        })
    }
}

/// What would have to change to bring an expert in; a recusal, an exclusion or an answer never does.
fn change(left_out: &LeftOut) -> Option<Change> {
    let expert = left_out.expert;
    match &left_out.why {
        Why::Barred(Bar::Away { .. } | Bar::Busy { .. } | Bar::NotEngaged { .. })
        | Why::SameTime(_) => Some(Change::OtherTime(expert)),
        Why::Barred(Bar::Full { .. } | Bar::YearFull { .. }) | Why::TakenHere(_) => {
            Some(Change::MoreRoom(expert))
        }
        Why::SameUnit(_) => Some(Change::MorePerUnit(expert)),
        Why::OtherKind => Some(Change::Composition(expert)),
        Why::TooFar => Some(Change::LowerRelevance(expert, left_out.relevance)),
        Why::Barred(_) | Why::Short(_) | Why::NotDrawn => None,
    }
}
