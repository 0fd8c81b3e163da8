//! The next best for a place that became empty: the same match over this one panel, with everybody
//! who is asked or has accepted where they are. Of a panel that was drawn, whoever comes next in the
//! drawn order.

use entity::{ids::RunId, panel};
use matching::files::draw_file::DrawFile;

use super::{
    draw,
    problem::{self, Prepared},
    reason::{drawn_reason, reason, text_places},
    recheck::obstacle,
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
    let drawn = draw::approved(db, panel.id).await?;
    let config = ctx.config.clone();
    let find = move || match drawn {
        Some((run, file)) => Ok(next_drawn(&snapshot, &config, run.id, &file)),
        None => solve_one(&snapshot, &config),
    };
    tokio::task::spawn_blocking(find)
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
    let place = text_places(&prepared.scored[0])[seat.expert];
    let why = reason(&prepared.scored[0][seat.expert], place);
    Ok(Some(chosen(snapshot, &prepared, seat.expert, why, None)))
}

/// The first in the drawn order whom no rule keeps out by now.
fn next_drawn(snapshot: &Snapshot, config: &Config, run: RunId, file: &DrawFile) -> Option<Chosen> {
    let panel = snapshot.panels.first()?;
    let may_serve = |e: &usize| {
        let facts = &snapshot.experts[*e];
        panel.standing().all(|row| row.expert_id != facts.expert.id)
            && obstacle(snapshot, panel, facts, 0).is_none()
    };
    let (order, e) = (1..)
        .zip(draw::order(file))
        .filter_map(|(order, id)| Some((order, snapshot.position(id)?)))
        .find(|(_, e)| may_serve(e))?;
    let prepared = problem::prepare(snapshot, config);
    let place = text_places(&prepared.scored[0])[e];
    let why = drawn_reason(order, &prepared.scored[0][e], place);
    Some(chosen(snapshot, &prepared, e, why, Some(run)))
}

fn chosen(
    snapshot: &Snapshot,
    prepared: &Prepared,
    e: usize,
    reason: String,
    run: Option<RunId>,
) -> Chosen {
    let asked = snapshot.panels[0].assignments.len();
    let expert = &snapshot.experts[e].expert;
    Chosen {
        expert: expert.id,
        person: expert.person.id,
        unit: expert.unit.as_ref().map(|unit| unit.id),
        relevance: i32::try_from(prepared.scored[0][e].millionths).unwrap_or(i32::MAX),
        reason,
        rank: i32::try_from(asked).unwrap_or(i32::MAX - 1) + 1,
        run,
    }
}
