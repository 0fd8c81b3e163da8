//! 随机抽取: panels draw one after the other among those who qualify. The draw itself, and drawing
//! again for a check, are in the engine; here a panel's facts become what it draws from.

use std::collections::HashMap;

use entity::{
    ids::{ExpertId, PanelId},
    matching_run::{self, RunMode, RunState},
    panel_draw, run_choice,
};
use matching::{
    assign::{self, Options, Seat, draw::unhex, verify::total_of},
    files::draw_file::{Allowed, DrawExpert, DrawFile, DrawRequest},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use serde::{Deserialize, Serialize};

use super::{
    problem::Prepared,
    rules,
    snapshot::Snapshot,
    solve::{Solved, Unsolved},
};
use crate::foundation::error::{Error, Result};

/// What a drawn run keeps in place of a certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draws {
    /// One for each panel that drew.
    pub panels: Vec<PanelDraw>,
}

/// The draw of one panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelDraw {
    /// The panel.
    pub panel: PanelId,
    /// Everything that it depends on, with experts by their ids.
    pub file: DrawFile,
}

impl Draws {
    /// The draws of a run; none of a run that was not drawn.
    ///
    /// # Errors
    /// When what is stored cannot be read.
    pub fn of(run: &matching_run::Model) -> Result<Self> {
        if run.mode != RunMode::Draw {
            return Ok(Self::default());
        }
        Ok(serde_json::from_value(run.certificate.clone())?)
    }

    /// The draw of a panel.
    pub fn panel(&self, id: PanelId) -> Option<&DrawFile> {
        let found = self.panels.iter().find(|one| one.panel == id);
        found.map(|one| &one.file)
    }
}

/// Draws for every panel with open places, in the order of the snapshot: who is drawn for an earlier
/// panel has one place less for later ones, and none at the same time. `promises` holds one for each
/// panel.
///
/// # Errors
/// When the engine refuses, which does not happen with sound facts.
pub fn draw(
    prepared: &Prepared,
    snapshot: &Snapshot,
    promises: &[panel_draw::Model],
    seed: u64,
) -> Result<Solved> {
    let options = Options {
        seed,
        ..Options::default()
    };
    let problem = &prepared.problem;
    // The best choice is told beside the drawn one: its total is the bound.
    let best = assign::solve(problem, &options).map_err(Error::internal)?;
    let mut table = Table::new(prepared, snapshot);
    let mut draws = Draws::default();
    for (r, panel) in snapshot.panels.iter().enumerate() {
        let wanted = problem.requests[r].demand as usize;
        if table.panels[r].len() >= wanted {
            continue;
        }
        let promise = promises.iter().find(|one| one.panel_id == panel.id);
        let promise = promise.ok_or_else(|| Error::internal("a panel without a promise draws"))?;
        let nonce = unhex(&promise.nonce).ok_or_else(|| Error::internal("a nonce is spoilt"))?;
        let file = table.draw(r, &nonce, &promise.contribution)?;
        draws.panels.push(PanelDraw {
            panel: panel.id,
            file,
        });
    }
    let choice = table.panels;
    let total =
        total_of(problem, &choice).map_err(|broken| Error::internal(Unsolved::from(broken)))?;
    let bound = best.bound;
    let mut solution = best;
    solution.total = total;
    for (r, panel) in choice.iter().enumerate() {
        let seat = |expert: usize| Seat {
            expert,
            score: problem.pairs.score(r, expert).unwrap_or(0),
            fixed: table.fixed[r].contains(&expert),
        };
        solution.panels[r] = panel.iter().map(|e| seat(*e)).collect();
        let open = (problem.requests[r].demand as usize).saturating_sub(panel.len());
        solution.unfilled[r] = u32::try_from(open).unwrap_or(u32::MAX);
    }
    Ok(Solved {
        solution,
        bound,
        proved: false,
        draws,
    })
}

/// The panels while they draw, one after the other.
struct Table<'a> {
    prepared: &'a Prepared,
    snapshot: &'a Snapshot,
    fixed: Vec<Vec<usize>>,
    panels: Vec<Vec<usize>>,
    /// Places left of each expert.
    free: Vec<u32>,
}

impl<'a> Table<'a> {
    fn new(prepared: &'a Prepared, snapshot: &'a Snapshot) -> Self {
        let problem = &prepared.problem;
        let mut fixed = vec![Vec::new(); snapshot.panels.len()];
        let mut free: Vec<u32> = problem.experts.iter().map(|one| one.capacity).collect();
        for link in &problem.fixed {
            fixed[link.request].push(link.expert);
            free[link.expert] = free[link.expert].saturating_sub(1);
        }
        Self {
            prepared,
            snapshot,
            panels: fixed.clone(),
            fixed,
            free,
        }
    }

    fn draw(&mut self, r: usize, nonce: &[u8], words: &str) -> Result<DrawFile> {
        let problem = &self.prepared.problem;
        let wanted = &problem.requests[r];
        let row = problem.pairs.row(r).iter();
        let allowed: Vec<(usize, i32)> = row
            .map(|pair| (pair.expert as usize, pair.score))
            .filter(|(e, score)| *score >= problem.min_relevance && self.may_be_drawn(r, *e))
            .collect();
        let here = self.fixed[r].iter().copied();
        let people: Vec<usize> = here.chain(allowed.iter().map(|(e, _)| *e)).collect();
        let experts = people.iter().map(|e| DrawExpert {
            id: self.id(*e),
            unit: problem.experts[*e].unit,
            kind: problem.experts[*e].kind,
            capacity: 1,
        });
        let request = DrawRequest {
            id: self.snapshot.panels[r].id.to_string(),
            demand: wanted.demand,
            max_per_unit: wanted.max_per_unit,
            min_technical: wanted.min_technical,
            min_standardization: wanted.min_standardization,
            fixed: self.fixed[r].iter().map(|e| self.id(*e)).collect(),
            allowed: allowed
                .iter()
                .map(|(e, score)| Allowed {
                    expert: self.id(*e),
                    score: *score,
                })
                .collect(),
            order: Vec::new(),
            panel: Vec::new(),
        };
        let file = DrawFile::draw(
            self.snapshot.panels[r].number.clone(),
            experts.collect(),
            vec![request],
            problem.min_relevance,
            nonce,
            words,
        )
        .map_err(Error::internal)?;
        let position: HashMap<String, usize> = people.iter().map(|e| (self.id(*e), *e)).collect();
        let drawn = file.requests[0].panel.iter();
        self.panels[r] = drawn.filter_map(|id| position.get(id).copied()).collect();
        for e in &self.panels[r] {
            if !self.fixed[r].contains(e) {
                self.free[*e] -= 1;
            }
        }
        Ok(file)
    }

    /// Whether an expert whom no rule bars has a place left, and no other panel of this run at the
    /// same time.
    fn may_be_drawn(&self, r: usize, e: usize) -> bool {
        let here = &self.snapshot.panels[r];
        let mut others = self.panels.iter().enumerate();
        self.free[e] > 0
            && !self.fixed[r].contains(&e)
            && !others.any(|(other, panel)| {
                panel.contains(&e) && rules::overlap(here, &self.snapshot.panels[other])
            })
    }

    fn id(&self, e: usize) -> String {
        self.snapshot.experts[e].expert.id.to_string()
    }
}

/// The draw that the newest approved run made for a panel, with that run; none when the newest run
/// was not drawn, or nobody was proposed for the panel.
///
/// # Errors
/// When the database fails.
pub async fn approved<C: ConnectionTrait>(
    db: &C,
    panel: PanelId,
) -> Result<Option<(matching_run::Model, DrawFile)>> {
    let runs = run_choice::Entity::find()
        .select_only()
        .column(run_choice::Column::RunId)
        .filter(run_choice::Column::PanelId.eq(panel))
        .filter(run_choice::Column::Reserve.eq(false));
    let newest = matching_run::Entity::find()
        .filter(matching_run::Column::Id.in_subquery(runs.into_query()))
        .filter(matching_run::Column::State.eq(RunState::Approved))
        .order_by_desc(matching_run::Column::DecidedAt)
        .order_by_desc(matching_run::Column::Id)
        .one(db)
        .await?;
    let Some(run) = newest else {
        return Ok(None);
    };
    let file = Draws::of(&run)?.panel(panel).cloned();
    Ok(file.map(|file| (run, file)))
}

/// Experts in the order in which they were drawn.
pub fn order(file: &DrawFile) -> Vec<ExpertId> {
    let ids = file.requests.iter().flat_map(|request| &request.order);
    ids.filter_map(|id| id.parse().ok()).collect()
}
