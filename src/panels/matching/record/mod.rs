//! 专家遴选记录: how the experts of one panel were found in one run: who was qualified, who was recused
//! by which rule, by which mode, with what result, and why; with lines to be signed.

mod paper;

use std::collections::HashMap;

use chrono_tz::Tz;
use entity::{
    assignment,
    ids::{ExpertId, PanelId, PersonId, RunId},
    matching_run::{self, RunState},
    panel, panel_adjustment, person, run_choice,
};
use sea_orm::ConnectionTrait;

use super::{
    draw::{self, Draws},
    draw_view::DrawBlock,
    report::{PanelReport, Report},
    store, view,
    words::Names,
};
use crate::{
    experts::{self, PoolExpert},
    foundation::{
        context::Context,
        error::{Error, Result},
        ui::{Html, Printed},
    },
    panels::store as panel_store,
    people,
};

/// What a record tells.
struct Facts<'a> {
    run: &'a matching_run::Model,
    report: &'a Report,
    kept: &'a PanelReport,
    panel: &'a panel::Model,
    choices: &'a [run_choice::Model],
    adjustments: &'a [panel_adjustment::Model],
    asked: &'a [assignment::Model],
    experts: &'a HashMap<ExpertId, PoolExpert>,
    people: &'a HashMap<PersonId, person::Model>,
    names: &'a Names,
    draw: Option<&'a DrawBlock>,
    zone: Tz,
}

/// The record of `panel` in `run`.
///
/// # Errors
/// [`Error::NotFound`] for a panel that the run did not cover.
pub async fn record(ctx: &Context, run: RunId, panel: PanelId) -> Result<Printed> {
    let db = ctx.store.read();
    let run = store::run(db, run).await?;
    let report: Report = serde_json::from_value(run.report.clone())?;
    let mut covered = report.panels.iter();
    let kept = covered
        .find(|one| one.panel == panel)
        .ok_or(Error::NotFound)?;
    let panel = panel_store::get(db, panel).await?;
    let mut choices = store::choices(db, run.id).await?;
    choices.retain(|one| one.panel_id == panel.id);
    let adjustments = store::adjustments_until(db, &[panel.id], run.prepared_at).await?;
    let asked = panel_store::assignments(db, &[panel.id]).await?;
    let draws = Draws::of(&run)?;
    let drawn = draws.panel(panel.id);
    let mut ids: Vec<ExpertId> = drawn.map(draw::order).unwrap_or_default();
    ids.extend(choices.iter().map(|one| one.expert_id));
    ids.extend(adjustments.iter().map(|one| one.expert_id));
    ids.extend(asked.iter().map(|one| one.expert_id));
    let experts = experts(ctx, kept, ids).await?;
    let mut people: Vec<PersonId> = adjustments.iter().map(|one| one.by_person).collect();
    people.push(run.prepared_by);
    people.extend(run.decided_by);
    let panels: Vec<PanelId> = report.panels.iter().map(|one| one.panel).collect();
    let numbers = panel_store::by_ids(db, &panels).await?;
    let names = Names {
        experts: experts
            .values()
            .map(|one| (one.id, view::plain(&one.person)))
            .collect(),
        panels: numbers
            .into_iter()
            .map(|row| (row.id, row.number))
            .collect(),
    };
    // Names as they are: the paper escapes them itself.
    let called = |id| Html(names.expert(id).to_owned());
    let draw = drawn.map(|file| DrawBlock::of(file, run.id, panel.id, run.state, called));
    let draw = draw.transpose()?;
    let facts = Facts {
        names: &names,
        draw: draw.as_ref(),
        people: &people::by_ids(db, &people).await?,
        run: &run,
        report: &report,
        kept,
        panel: &panel,
        choices: &choices,
        adjustments: &adjustments,
        asked: &asked,
        experts: &experts,
        zone: ctx.zone(),
    };
    Ok(Printed {
        title: "专家遴选记录",
        about: panel.number.clone(),
        paper: facts.paper(),
    })
}

/// The run whose record tells how the experts of `panel` were found: the newest that was approved,
/// otherwise the newest; none before the first match that found somebody.
///
/// # Errors
/// When the database fails.
pub async fn record_of<C: ConnectionTrait>(db: &C, panel: PanelId) -> Result<Option<RunId>> {
    let runs = store::runs_of_panel(db, panel).await?;
    let approved = runs.iter().find(|run| run.state == RunState::Approved);
    Ok(approved.or(runs.first()).map(|run| run.id))
}

/// Everybody whom the record names: `ids`, and those who were left out.
async fn experts(
    ctx: &Context,
    kept: &PanelReport,
    mut ids: Vec<ExpertId>,
) -> Result<HashMap<ExpertId, PoolExpert>> {
    let near = kept.shortage.iter().flat_map(|shortage| &shortage.near);
    ids.extend(kept.left_out.iter().chain(near).map(|one| one.expert));
    ids.sort();
    ids.dedup();
    let experts = experts::by_ids(ctx.store.read(), &ids).await?;
    Ok(experts.into_iter().map(|one| (one.id, one)).collect())
}
