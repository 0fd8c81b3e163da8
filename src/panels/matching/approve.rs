//! 审批: approving a run asks its experts; returning it gives it back with a reason.

use std::collections::{BTreeMap, HashMap};

use entity::{
    ids::{ExpertId, PanelId, RunId},
    matching_run::{self, RunState},
    panel, run_choice,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    recheck::{involved, obstacle},
    report::Report,
    separation::{self, Sides},
    snapshot::{self, Snapshot},
    stale::Changed,
    store,
};
use crate::{
    accounts::{Action, Actor, Owner, audit},
    experts,
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        store::WriteTx,
    },
    panels::{choice::Chosen, invite, store as panel_store},
};

/// Approves a run: under the locks of its panels and experts every hard rule is looked at again, then
/// everybody proposed is asked. Gives how many were asked.
///
/// # Errors
/// A refusal when the run does not wait for approval, or this person may not approve it alone; a
/// conflict that says what changed since the match, and then nothing has happened.
pub async fn approve(
    ctx: &Context,
    actor: &Actor,
    id: RunId,
    note: &str,
    exception: &str,
) -> Result<usize> {
    actor.require(Action::ApproveRun, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let run = waiting(&tx, id).await?;
    let choices: Vec<run_choice::Model> = store::choices(tx.db(), id)
        .await?
        .into_iter()
        .filter(|one| !one.reserve && !one.standing)
        .collect();
    let report: Report = serde_json::from_value(run.report.clone())?;
    let panels = lock_panels(&tx, &report).await?;
    let snapshot = lock_experts(&tx, ctx, &panels, &choices).await?;
    let units: Vec<_> = actor.units().collect();
    separation::may_approve(
        run.prepared_by,
        actor.person,
        &units,
        &sides(&snapshot, &choices),
        ctx.config.panels.allow_single_approval,
        exception,
    )?;
    let changes = changes(ctx, &snapshot, &report, &choices);
    if !changes.is_empty() {
        return Err(Error::Conflict(
            Refusal::new("panels.stale")
                .with("number", &run.number)
                .with("changes", changes.join("；")),
        ));
    }
    let mut by_panel: BTreeMap<PanelId, Vec<Chosen>> = BTreeMap::new();
    for one in &choices {
        let chosen = chosen(&snapshot, one)?;
        by_panel.entry(one.panel_id).or_default().push(chosen);
    }
    for (id, chosen) in by_panel {
        let panel = panels.get(&id).ok_or(Error::NotFound)?;
        let asked = panel_store::assignments(tx.db(), &[id]).await?;
        let wave = asked.iter().map(|row| row.wave).max().unwrap_or(0) + 1;
        invite::ask(&tx, ctx, panel, &chosen, wave, false).await?;
    }
    decide(&tx, actor, run, RunState::Approved, note, exception).await?;
    tx.commit().await?;
    Ok(choices.len())
}

/// Gives a run back to 经办, with the reason.
///
/// # Errors
/// A refusal when the run does not wait for approval, or no reason is given.
pub async fn give_back(ctx: &Context, actor: &Actor, id: RunId, reason: &str) -> Result<()> {
    actor.require(Action::ApproveRun, &Owner::ALLIANCE)?;
    if reason.is_empty() {
        return Err(Refusal::new("panels.why_return").into());
    }
    let tx = ctx.store.begin().await?;
    let run = waiting(&tx, id).await?;
    decide(&tx, actor, run, RunState::Returned, reason, "").await?;
    tx.commit().await
}

/// The run, locked; refused unless it waits for approval.
async fn waiting(tx: &WriteTx, id: RunId) -> Result<matching_run::Model> {
    let run = store::lock_run(tx, id).await?;
    match run.state {
        RunState::HandedIn => Ok(run),
        RunState::Approved | RunState::Superseded => Err(Error::Conflict(
            Refusal::new("panels.decided").with("number", run.number),
        )),
        RunState::Draft | RunState::Returned => Err(Refusal::new("panels.not_handed_in")
            .with("number", run.number)
            .into()),
    }
}

/// Locks the panels, always in the order of their ids.
async fn lock_panels(tx: &WriteTx, report: &Report) -> Result<HashMap<PanelId, panel::Model>> {
    let mut ids: Vec<PanelId> = report.panels.iter().map(|one| one.panel).collect();
    ids.sort();
    let mut rows = HashMap::new();
    for id in ids {
        rows.insert(id, panel_store::lock(tx, id).await?);
    }
    Ok(rows)
}

/// Locks everybody involved, then reads the facts.
async fn lock_experts(
    tx: &WriteTx,
    ctx: &Context,
    panels: &HashMap<PanelId, panel::Model>,
    choices: &[run_choice::Model],
) -> Result<Snapshot> {
    let ids: Vec<PanelId> = panels.keys().copied().collect();
    let before = snapshot::read_some(tx.db(), ctx, &ids, &[]).await?;
    let pairs: Vec<(PanelId, ExpertId)> = choices
        .iter()
        .map(|one| (one.panel_id, one.expert_id))
        .collect();
    let experts = involved(&before.panels, &pairs);
    experts::lock(tx, &experts).await?;
    snapshot::read_some(tx.db(), ctx, &ids, &experts).await
}

fn sides(snapshot: &Snapshot, choices: &[run_choice::Model]) -> Sides {
    let asking = snapshot.panels.iter();
    let proposed = choices
        .iter()
        .filter_map(|one| snapshot.position(one.expert_id));
    Sides {
        asking: asking.filter_map(|panel| panel.facts.asking_unit).collect(),
        recommending: proposed
            .filter_map(|at| snapshot.experts[at].expert.unit.as_ref())
            .map(|unit| unit.id)
            .collect(),
    }
}

/// What is no longer as it was when the run was made, in words: facts of panels, places, and every
/// hard rule of everybody proposed.
fn changes(
    ctx: &Context,
    snapshot: &Snapshot,
    report: &Report,
    choices: &[run_choice::Model],
) -> Vec<String> {
    let mut found = Vec::new();
    let mut promised: HashMap<ExpertId, i32> = HashMap::new();
    for kept in &report.panels {
        let Some(panel) = snapshot.panels.iter().find(|one| one.id == kept.panel) else {
            continue;
        };
        let changed = kept.checked.changes(panel);
        if !changed.is_empty() {
            let words: Vec<&str> = changed.iter().map(|one: &Changed| one.zh()).collect();
            found.push(format!("{}：{}", panel.number, words.join("、")));
            continue;
        }
        let here: Vec<_> = choices
            .iter()
            .filter(|one| one.panel_id == panel.id)
            .collect();
        if here.len() > panel.open_places() {
            found.push(format!(
                "{}：空席只剩 {} 个，拟请 {} 人",
                panel.number,
                panel.open_places(),
                here.len()
            ));
            continue;
        }
        for one in here {
            let Some(at) = snapshot.position(one.expert_id) else {
                continue;
            };
            let facts = &snapshot.experts[at];
            let more = promised.entry(one.expert_id).or_default();
            let name = &facts.expert.person.name;
            if panel.standing().any(|row| row.expert_id == one.expert_id) {
                found.push(format!("{}：{name}已在本组", panel.number));
            } else if let Some(obstacle) = obstacle(snapshot, panel, facts, *more) {
                found.push(format!("{}：{name}，{}", panel.number, obstacle.words(ctx)));
            }
            *more += 1;
        }
    }
    found
}

fn chosen(snapshot: &Snapshot, choice: &run_choice::Model) -> Result<Chosen> {
    let at = snapshot.position(choice.expert_id).ok_or(Error::NotFound)?;
    let expert = &snapshot.experts[at].expert;
    Ok(Chosen {
        expert: expert.id,
        person: expert.person.id,
        unit: expert.unit.as_ref().map(|unit| unit.id),
        relevance: choice.relevance,
        reason: choice.reason.clone(),
        rank: choice.place,
        run: Some(choice.run_id),
    })
}

async fn decide(
    tx: &WriteTx,
    actor: &Actor,
    run: matching_run::Model,
    state: RunState,
    note: &str,
    exception: &str,
) -> Result<()> {
    let id = run.id;
    let details = json!({ "number": run.number, "note": note, "exception": exception });
    let decided = matching_run::ActiveModel {
        state: Set(state),
        decided_by: Set(Some(actor.person)),
        decided_at: Set(Some(tx.now())),
        decision_note: Set(note.to_owned()),
        exception_note: Set(exception.to_owned()),
        ..run.into()
    };
    store::update_run(tx, decided).await?;
    audit::record(
        tx,
        audit::Entry {
            actor: Some(actor.person),
            action: match state {
                RunState::Approved => "panels.approve",
                _ => "panels.return_run",
            },
            subject_kind: "matching_run",
            subject_id: Some(id.0),
            details,
        },
    )
    .await?;
    Ok(())
}
