//! Running the match: read the facts, solve outside any transaction, write the run.

use std::collections::HashSet;

use entity::{
    ids::{ChoiceId, PanelId, PersonId, RunId},
    matching_run::{self, RunMode, RunState},
    panel_adjustment::AdjustmentKind,
    run_choice,
};
use matching::assign::repair;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    problem::{self, Prepared},
    reason::{reason, text_places},
    report::{self, Report},
    rules,
    snapshot::{self, Snapshot},
    solve::{self, Mode, Solved},
    stale::digest,
    store,
};
use crate::{
    accounts::{Action, Actor, Owner, audit},
    foundation::{
        config::Config,
        context::Context,
        error::{Error, Refusal, Result},
        numbers,
        platform::Stopwatch,
        store::WriteTx,
    },
};

/// Matches `panels`, or all open ones when none is named, and keeps the result as a draft. Older
/// drafts over the same panels are superseded.
///
/// # Errors
/// A refusal when no panel has a place to fill, when the pool is empty, when a panel waits for the
/// approval of a run that also covers others, and for a draw: a draw needs a commitment made when the
/// matter was filed.
pub async fn run_match(
    ctx: &Context,
    actor: &Actor,
    panels: &[PanelId],
    mode: RunMode,
) -> Result<RunId> {
    actor.require(Action::PrepareRun, &Owner::ALLIANCE)?;
    let way = match mode {
        RunMode::Best => Mode::Best,
        RunMode::Fair => Mode::Fair,
        RunMode::Draw => return Err(Refusal::new("panels.no_draw").into()),
    };
    let watch = Stopwatch::start();
    let snapshot = facts(ctx, panels).await?;
    let seed = i64::from_be_bytes(ctx.platform().bytes::<8>());
    let config = ctx.config.clone();
    let computed = tokio::task::spawn_blocking(move || compute(snapshot, &config, way, seed))
        .await
        .map_err(Error::internal)??;
    let millis = i32::try_from(watch.elapsed().as_millis()).unwrap_or(i32::MAX);
    let tx = ctx.store.begin().await?;
    let id = write(&tx, ctx, actor.person, &computed, mode, seed, millis).await?;
    tx.commit().await?;
    Ok(id)
}

/// A solved match with everything that is kept of it.
struct Computed {
    snapshot: Snapshot,
    prepared: Prepared,
    solved: Solved,
    report: Report,
    digest: String,
    /// Positions of the reserves of each panel, in order.
    reserves: Vec<Vec<usize>>,
}

async fn facts(ctx: &Context, panels: &[PanelId]) -> Result<Snapshot> {
    let db = ctx.store.read();
    let open = store::open_panels(db).await?;
    let chosen: Vec<PanelId> = if panels.is_empty() {
        open
    } else {
        let open: HashSet<PanelId> = open.into_iter().collect();
        panels
            .iter()
            .copied()
            .filter(|id| open.contains(id))
            .collect()
    };
    let mut snapshot = snapshot::read(db, ctx, &chosen).await?;
    if panels.is_empty() {
        snapshot.panels.retain(|panel| panel.open_places() > 0);
    }
    if snapshot.panels.iter().all(|panel| panel.open_places() == 0) {
        return Err(Refusal::new("panels.nothing_open").into());
    }
    if snapshot.experts.is_empty() {
        return Err(Refusal::new("panels.no_experts").into());
    }
    Ok(snapshot)
}

fn compute(snapshot: Snapshot, config: &Config, mode: Mode, seed: i64) -> Result<Computed> {
    let prepared = problem::prepare(&snapshot, config);
    let solved = solve::solve_by(mode, &prepared, &snapshot, seed.cast_unsigned())
        .map_err(Error::internal)?;
    let report = report::report(&snapshot, &prepared, &solved);
    let reserves = reserves(&snapshot, &prepared, &solved, config.panels.reserves);
    let ids: Vec<String> = snapshot
        .panels
        .iter()
        .map(|panel| panel.id.to_string())
        .chain(snapshot.experts.iter().map(|one| one.expert.id.to_string()))
        .collect();
    let digest = digest(&[&ids.join(" "), &format!("{:?}", prepared.problem)]);
    Ok(Computed {
        snapshot,
        prepared,
        solved,
        report,
        digest,
        reserves,
    })
}

/// Reserves (备选专家) of each panel: who would take a place that becomes empty, with everybody else
/// where they are.
fn reserves(
    snapshot: &Snapshot,
    prepared: &Prepared,
    solved: &Solved,
    most: usize,
) -> Vec<Vec<usize>> {
    let panels = &solved.solution.panels;
    let all = repair::reserves(&prepared.problem, &solved.solution, usize::MAX, 0);
    let serves_meanwhile = |r: usize, e: usize| {
        let mut others = panels.iter().enumerate();
        others.any(|(other, seats)| {
            seats.iter().any(|seat| seat.expert == e)
                && rules::overlap(&snapshot.panels[r], &snapshot.panels[other])
        })
    };
    all.into_iter()
        .enumerate()
        .map(|(r, list)| {
            let free = list.into_iter().map(|reserve| reserve.expert);
            free.filter(|e| !serves_meanwhile(r, *e))
                .take(most)
                .collect()
        })
        .collect()
}

async fn write(
    tx: &WriteTx,
    ctx: &Context,
    person: PersonId,
    computed: &Computed,
    mode: RunMode,
    seed: i64,
    millis: i32,
) -> Result<RunId> {
    let panels: HashSet<PanelId> = computed.snapshot.panels.iter().map(|one| one.id).collect();
    let former = supersede(tx, &panels).await?;
    let number = numbers::next(tx, "matching_run", ctx.year()).await?;
    let id: RunId = tx.id();
    let solution = &computed.solved.solution;
    let run = matching_run::Model {
        id,
        number: format!("PP-{}-{number:03}", ctx.year()),
        state: RunState::Draft,
        mode,
        seed,
        former_id: former,
        prepared_by: person,
        prepared_at: tx.now(),
        handed_in_at: None,
        hand_in_note: String::new(),
        decided_by: None,
        decided_at: None,
        decision_note: String::new(),
        exception_note: String::new(),
        total: solution.total,
        bound: computed.solved.bound,
        proved: computed.solved.proved,
        millis,
        facts_digest: computed.digest.clone(),
        report: serde_json::to_value(&computed.report)?,
        certificate: serde_json::to_value(&solution.certificate)?,
    };
    let details = json!({ "number": run.number, "panels": panels.len(), "total": run.total });
    store::insert_run(tx, run, choices(tx, id, computed)?).await?;
    audit::record(
        tx,
        audit::Entry {
            actor: Some(person),
            action: "panels.match",
            subject_kind: "matching_run",
            subject_id: Some(id.0),
            details,
        },
    )
    .await?;
    Ok(id)
}

/// Takes undecided runs over some of `panels` out of the way; gives the newest of them. A run that
/// waits for approval gives way only to one that covers all its panels.
async fn supersede(tx: &WriteTx, panels: &HashSet<PanelId>) -> Result<Option<RunId>> {
    let mut newest = None;
    for run in store::lock_undecided(tx).await? {
        let report: Report = serde_json::from_value(run.report.clone())?;
        let covered: Vec<PanelId> = report.panels.iter().map(|one| one.panel).collect();
        if !covered.iter().any(|id| panels.contains(id)) {
            continue;
        }
        let covers_all = covered.iter().all(|id| panels.contains(id));
        if run.state == RunState::HandedIn && !covers_all {
            return Err(Refusal::new("panels.waits_for_approval")
                .with("number", &run.number)
                .into());
        }
        newest = newest.or(Some(run.id));
        let gone = matching_run::ActiveModel {
            state: Set(RunState::Superseded),
            ..run.into()
        };
        store::update_run(tx, gone).await?;
    }
    Ok(newest)
}

fn choices(tx: &WriteTx, run: RunId, computed: &Computed) -> Result<Vec<run_choice::Model>> {
    let mut rows = Vec::new();
    for (r, panel) in computed.snapshot.panels.iter().enumerate() {
        let places = text_places(&computed.prepared.scored[r]);
        let standing: HashSet<_> = panel.standing().map(|row| row.expert_id).collect();
        let seats = computed.solved.solution.panels[r].iter();
        let chosen = seats.map(|seat| (seat.expert, false));
        let reserves = computed.reserves[r].iter().map(|e| (*e, true));
        let mut place = [0, 0];
        for (e, reserve) in chosen.chain(reserves) {
            let expert = computed.snapshot.experts[e].expert.id;
            let scored = &computed.prepared.scored[r][e];
            let pinned = panel
                .adjustments
                .iter()
                .any(|row| row.expert_id == expert && row.kind == AdjustmentKind::Pin);
            place[usize::from(reserve)] += 1;
            rows.push(run_choice::Model {
                id: tx.id::<ChoiceId>(),
                run_id: run,
                panel_id: panel.id,
                expert_id: expert,
                place: place[usize::from(reserve)],
                reserve,
                pinned: pinned && !reserve,
                standing: standing.contains(&expert),
                relevance: i32::try_from(scored.millionths).unwrap_or(i32::MAX),
                reason: reason(scored, places[e]),
                factors: json!({
                    "shares": scored.factors,
                    "codes": scored.matched_codes,
                    "keywords": scored.matched_keywords,
                    "words": scored.matched_words,
                }),
            });
        }
    }
    Ok(rows)
}

/// The panels that a run covers, in its order.
pub(super) fn covered(run: &matching_run::Model) -> Result<Vec<PanelId>> {
    let report: Report = serde_json::from_value(run.report.clone())?;
    Ok(report.panels.into_iter().map(|one| one.panel).collect())
}

/// Whether a run may still change: nobody has approved it, and no newer one stands in its place.
pub(super) fn is_undecided(state: RunState) -> bool {
    matches!(
        state,
        RunState::Draft | RunState::HandedIn | RunState::Returned
    )
}
