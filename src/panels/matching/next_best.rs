//! The next best for a place that became empty: the same match over this one panel, with everybody
//! who is asked or has accepted where they are.

use entity::panel;

use super::{
    problem,
    reason::{reason, text_places},
    snapshot::{self, Snapshot},
    solve::{self, Mode},
};
use crate::{
    foundation::{
        config::Config,
        context::Context,
        error::{Error, Result},
    },
    panels::choice::Chosen,
};

/// Who should be asked next for an empty place of `panel`; none when nobody is left.
/// Solves outside any transaction: what it finds is checked again under lock by [`super::recheck`].
///
/// # Errors
/// When the database or the engine fails.
pub async fn next_best(ctx: &Context, panel: &panel::Model) -> Result<Option<Chosen>> {
    let db = ctx.store.read();
    let snapshot = snapshot::read(db, ctx, &[panel.id]).await?;
    if snapshot.panels.iter().all(|view| view.open_places() == 0) {
        return Ok(None);
    }
    let config = ctx.config.clone();
    tokio::task::spawn_blocking(move || solve_one(&snapshot, &config))
        .await
        .map_err(Error::internal)?
}

fn solve_one(snapshot: &Snapshot, config: &Config) -> Result<Option<Chosen>> {
    let prepared = problem::prepare(snapshot, config);
    let solved = solve::solve_by(Mode::Best, &prepared, snapshot, 0).map_err(Error::internal)?;
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
