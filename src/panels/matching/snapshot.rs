//! Everything that a match is computed from, read at one moment.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use entity::{
    assignment::{self, AssignmentState},
    ids::{ExpertId, PanelId, PersonId},
    panel::PanelState,
    panel_adjustment, panel_recusal,
};
use sea_orm::ConnectionTrait;

use super::{
    rules::Taken,
    store::{self, Load},
};
use crate::{
    experts::{self, PoolExpert},
    foundation::{calendar::local_to_utc, context::Context, error::Result, ui::dates},
    panels::{
        facts::{NewRecusal, PanelFacts},
        store as panel_store,
    },
    people::commitments,
    units,
};

/// A panel with what decides about it.
#[derive(Clone, Debug)]
pub struct PanelView {
    /// The panel.
    pub id: PanelId,
    /// Number of the matter.
    pub number: String,
    /// Where it stands.
    pub state: PanelState,
    /// Its facts.
    pub facts: PanelFacts,
    /// Who may not serve.
    pub recusals: Vec<NewRecusal>,
    /// Pins and exclusions that hold.
    pub adjustments: Vec<panel_adjustment::Model>,
    /// Everybody who was ever asked, in order.
    pub assignments: Vec<assignment::Model>,
}

impl PanelView {
    /// The day on which experts are needed: of the meeting, or by which the answer is wanted.
    pub fn day(&self, today: NaiveDate) -> NaiveDate {
        let meeting = self.facts.meeting.map(|meeting| meeting.date);
        let day = meeting.or(self.facts.wanted_by);
        day.unwrap_or(today).max(today)
    }

    /// When they meet.
    pub fn time(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        self.facts.meeting.map(|meeting| (meeting.from, meeting.to))
    }

    /// Experts who hold a place: asked or accepted.
    pub fn standing(&self) -> impl Iterator<Item = &assignment::Model> + Clone {
        self.assignments
            .iter()
            .filter(|row| panel_store::HOLDING.contains(&row.state))
    }

    /// Places for which nobody is asked.
    pub fn open_places(&self) -> usize {
        let demand = usize::try_from(self.facts.demand).unwrap_or(0);
        demand.saturating_sub(self.standing().count())
    }
}

/// An expert with what decides about them.
#[derive(Clone, Debug)]
pub struct ExpertFacts {
    /// The expert.
    pub expert: PoolExpert,
    /// Assignments by count.
    pub load: Load,
    /// Time that is taken.
    pub taken: Vec<Taken>,
}

/// The facts of one match.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The day of reading.
    pub today: NaiveDate,
    /// The panels, in the order in which they were opened.
    pub panels: Vec<PanelView>,
    /// The pool, and whoever else stands on one of the panels.
    pub experts: Vec<ExpertFacts>,
}

impl Snapshot {
    /// Position of an expert.
    pub fn position(&self, id: ExpertId) -> Option<usize> {
        self.experts.iter().position(|facts| facts.expert.id == id)
    }
}

/// Reads the facts about `panels` (unknown ones are left out) and the whole pool.
///
/// # Errors
/// When the database fails.
pub async fn read<C: ConnectionTrait>(
    db: &C,
    ctx: &Context,
    panels: &[PanelId],
) -> Result<Snapshot> {
    let today = ctx.today();
    let panels = read_panels(db, panels).await?;
    let mut pool = experts::pool(db, today).await?;
    let known: HashSet<ExpertId> = pool.iter().map(|expert| expert.id).collect();
    let others: HashSet<ExpertId> = panels
        .iter()
        .flat_map(PanelView::standing)
        .map(|row| row.expert_id)
        .filter(|id| !known.contains(id))
        .collect();
    let mut others = experts::by_ids(db, &others.into_iter().collect::<Vec<_>>()).await?;
    others.sort_by_key(|expert| expert.id);
    pool.append(&mut others);
    let experts = complete(db, ctx, &panels, pool).await?;
    Ok(Snapshot {
        today,
        panels,
        experts,
    })
}

/// Reads the facts about `panels` and some experts, whether they may serve or not.
///
/// # Errors
/// When the database fails.
pub async fn read_some<C: ConnectionTrait>(
    db: &C,
    ctx: &Context,
    panels: &[PanelId],
    experts: &[ExpertId],
) -> Result<Snapshot> {
    let panels = read_panels(db, panels).await?;
    let mut pool = experts::by_ids(db, experts).await?;
    pool.sort_by_key(|expert| expert.id);
    Ok(Snapshot {
        today: ctx.today(),
        experts: complete(db, ctx, &panels, pool).await?,
        panels,
    })
}

async fn read_panels<C: ConnectionTrait>(db: &C, ids: &[PanelId]) -> Result<Vec<PanelView>> {
    let rows = panel_store::by_ids(db, ids).await?;
    let mut recusals = grouped(store::recusals(db, ids).await?, |row| row.panel_id);
    let mut adjustments = grouped(store::adjustments(db, ids).await?, |row| row.panel_id);
    let mut assignments = grouped(panel_store::assignments(db, ids).await?, |row| row.panel_id);
    Ok(rows
        .into_iter()
        .map(|row| PanelView {
            facts: PanelFacts::of(&row),
            recusals: recusals
                .remove(&row.id)
                .unwrap_or_default()
                .into_iter()
                .map(recusal)
                .collect(),
            adjustments: adjustments.remove(&row.id).unwrap_or_default(),
            assignments: assignments.remove(&row.id).unwrap_or_default(),
            id: row.id,
            state: row.state,
            number: row.number,
        })
        .collect())
}

fn recusal(row: panel_recusal::Model) -> NewRecusal {
    NewRecusal {
        rule: row.rule,
        unit: row.unit_id,
        expert: row.expert_id,
        name: row.name,
        note: row.note,
    }
}

fn grouped<T>(rows: Vec<T>, panel: impl Fn(&T) -> PanelId) -> HashMap<PanelId, Vec<T>> {
    let mut groups: HashMap<PanelId, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(panel(&row)).or_default().push(row);
    }
    groups
}

/// Adds loads and taken time to experts.
pub(super) async fn complete<C: ConnectionTrait>(
    db: &C,
    ctx: &Context,
    panels: &[PanelView],
    pool: Vec<PoolExpert>,
) -> Result<Vec<ExpertFacts>> {
    let mut loads = loads(db, ctx).await?;
    let mut taken = taken(db, panels, &pool).await?;
    Ok(pool
        .into_iter()
        .map(|expert| ExpertFacts {
            load: loads.remove(&expert.id).unwrap_or_default(),
            taken: taken.remove(&expert.person.id).unwrap_or_default(),
            expert,
        })
        .collect())
}

/// Assignments of every expert by count.
///
/// # Errors
/// When the database fails.
pub async fn loads<C: ConnectionTrait>(db: &C, ctx: &Context) -> Result<HashMap<ExpertId, Load>> {
    let today = ctx.today();
    let term = units::current_term(db, today).await.ok();
    let begin = term.map_or(today, |term| term.from_date);
    let year = today.with_ordinal(1).unwrap_or(today);
    let since = local_to_utc(begin.min(year).and_time(NaiveTime::MIN), ctx.zone());
    let rows = store::service(db, since).await?;
    let mut loads: HashMap<ExpertId, Load> = HashMap::new();
    for (expert, state, created_at) in rows {
        let day = dates::local_date(created_at, ctx.zone());
        loads
            .entry(expert)
            .or_default()
            .add(state, day, today, begin);
    }
    Ok(loads)
}

/// Time of the experts that is promised, or asked for, while one of the panels meets.
async fn taken<C: ConnectionTrait>(
    db: &C,
    panels: &[PanelView],
    pool: &[PoolExpert],
) -> Result<HashMap<PersonId, Vec<Taken>>> {
    let mut taken: HashMap<PersonId, Vec<Taken>> = HashMap::new();
    let times = || panels.iter().filter_map(PanelView::time);
    let Some((from, to)) = times()
        .map(|(from, _)| from)
        .min()
        .zip(times().map(|(_, to)| to).max())
    else {
        return Ok(taken);
    };
    let people: Vec<PersonId> = pool.iter().map(|expert| expert.person.id).collect();
    let asked = store::asked_between(db, from, to).await?;
    let of_panel: HashMap<_, _> = asked
        .iter()
        .map(|(assignment, panel)| (assignment.id.0, panel.id))
        .collect();
    for row in commitments::between(db, &people, from, to).await? {
        taken.entry(row.person_id).or_default().push(Taken {
            panel: of_panel.get(&row.source_id).copied(),
            label: row.label,
            from: row.from_at,
            to: row.to_at,
        });
    }
    for (assignment, panel) in asked {
        if let (AssignmentState::Invited, Some((from, to))) =
            (assignment.state, panel.meeting_from.zip(panel.meeting_to))
        {
            taken.entry(assignment.person_id).or_default().push(Taken {
                panel: Some(panel.id),
                label: panel.title,
                from,
                to,
            });
        }
    }
    Ok(taken)
}
