//! The next best for a place that became empty: the same match over this one panel, with everybody
//! who is asked or has accepted where they are.

use entity::{
    ids::RunId,
    matching_run::{RunMode, RunState},
    panel,
};

use super::{
    problem,
    reason::{reason, text_places},
    recheck::obstacle,
    snapshot::{self, Snapshot},
    solve, store,
};
use crate::{
    foundation::{
        config::Config,
        context::Context,
        error::{Error, Result},
    },
    panels::choice::Chosen,
};

/// Who should be asked next for an empty place of `panel`; none when nobody is left. A panel whose
/// run was drawn goes on in the drawn order. Solves outside any transaction: what it finds is checked
/// again under lock by [`super::recheck`].
///
/// # Errors
/// When the database or the engine fails.
pub async fn next_best(ctx: &Context, panel: &panel::Model) -> Result<Option<Chosen>> {
    let db = ctx.store.read();
    let snapshot = snapshot::read(db, ctx, &[panel.id]).await?;
    if snapshot.panels.iter().all(|view| view.open_places() == 0) {
        return Ok(None);
    }
    if let Some(drawn) = drawn(ctx, panel, &snapshot).await? {
        return Ok(Some(drawn));
    }
    let config = ctx.config.clone();
    tokio::task::spawn_blocking(move || solve_one(&snapshot, &config))
        .await
        .map_err(Error::internal)?
}

fn solve_one(snapshot: &Snapshot, config: &Config) -> Result<Option<Chosen>> {
    let prepared = problem::prepare(snapshot, config);
    let solved = solve::best(&prepared, snapshot, 0).map_err(Error::internal)?;
    let seats = solved.solution.panels.iter().flatten();
    let Some(seat) = seats
        .filter(|seat| !seat.fixed)
        .max_by_key(|seat| seat.score)
    else {
        return Ok(None);
    };
    let scored = &prepared.scored[0][seat.expert];
    let place = text_places(&prepared.scored[0])[seat.expert];
    let asked = snapshot.panels[0].assignments.len();
    let expert = &snapshot.experts[seat.expert].expert;
    Ok(Some(Chosen {
        expert: expert.id,
        person: expert.person.id,
        unit: expert.unit.as_ref().map(|unit| unit.id),
        relevance: i32::try_from(scored.millionths).unwrap_or(i32::MAX),
        reason: reason(scored, place),
        rank: i32::try_from(asked).unwrap_or(i32::MAX - 1) + 1,
        run: None,
    }))
}

/// The next in the drawn order who may still serve, where the panel's newest approved run was drawn.
async fn drawn(ctx: &Context, panel: &panel::Model, snapshot: &Snapshot) -> Result<Option<Chosen>> {
    let db = ctx.store.read();
    let newest = store::newest_run_over(db, panel.id, RunState::Approved).await?;
    let Some(run) = newest.filter(|run| run.mode == RunMode::Draw) else {
        return Ok(None);
    };
    let Some(view) = snapshot.panels.first() else {
        return Ok(None);
    };
    let id: RunId = run.id;
    for row in store::choices(db, id).await? {
        let here = row.panel_id == panel.id && row.reserve;
        let asked = view
            .assignments
            .iter()
            .any(|one| one.expert_id == row.expert_id);
        let Some(at) = snapshot.position(row.expert_id).filter(|_| here && !asked) else {
            continue;
        };
        let facts = &snapshot.experts[at];
        if obstacle(snapshot, view, facts, 0).is_none() {
            return Ok(Some(Chosen {
                expert: row.expert_id,
                person: facts.expert.person.id,
                unit: facts.expert.unit.as_ref().map(|unit| unit.id),
                relevance: row.relevance,
                reason: row.reason,
                rank: i32::try_from(view.assignments.len()).unwrap_or(i32::MAX - 1) + 1,
                run: Some(id),
            }));
        }
    }
    Ok(None)
}
