//! Running the match: read the facts, solve outside any transaction, write the run.

use std::collections::HashSet;

use entity::{
    ids::{ChoiceId, PanelId, PersonId, RunId},
    matching_run::{self, RunMode, RunState},
    panel_adjustment::AdjustmentKind,
    panel_draw, run_choice,
};
use matching::assign::repair;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    draw,
    problem::{self, Prepared},
    reason::{drawn_reason, reason, text_places},
    report::{self, Report},
    rules,
    snapshot::{self, PanelView, Snapshot},
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
    panels::promise,
};

/// Matches `panels`, or all open ones when none is named, and keeps the result as a draft. Older
/// drafts over the same panels are superseded.
///
/// # Errors
/// A refusal when no panel has a place to fill, when the pool is empty, when a panel waits for the
/// approval of a run that also covers others, and when a panel was opened without a promise for a
/// draw; a conflict when the requester's words for a draw come in meanwhile.
pub async fn run_match(
    ctx: &Context,
    actor: &Actor,
    panels: &[PanelId],
    mode: RunMode,
) -> Result<RunId> {
    actor.require(Action::PrepareRun, &Owner::ALLIANCE)?;
    let watch = Stopwatch::start();
    let snapshot = facts(ctx, panels).await?;
    let way = match mode {
        RunMode::Best => Way::Best,
        RunMode::Fair => Way::Fair,
        RunMode::Draw => Way::Draw(promises(ctx, &snapshot).await?),
    };
    let seed = i64::from_be_bytes(ctx.platform().bytes::<8>());
    let config = ctx.config.clone();
    let computed = tokio::task::spawn_blocking(move || compute(snapshot, &config, way, seed))
        .await
        .map_err(Error::internal)??;
    let millis = i32::try_from(watch.elapsed().as_millis()).unwrap_or(i32::MAX);
    let tx = ctx.store.begin().await?;
    if let Way::Draw(used) = &computed.way {
        promise::drawn(&tx, used).await?;
    }
    let id = write(&tx, ctx, actor.person, &computed, mode, seed, millis).await?;
    tx.commit().await?;
    Ok(id)
}

/// How the experts are chosen; a draw with the promises of its panels.
enum Way {
    Best,
    Fair,
    Draw(Vec<panel_draw::Model>),
}

/// The promises of all panels with open places.
async fn promises(ctx: &Context, snapshot: &Snapshot) -> Result<Vec<panel_draw::Model>> {
    let open = snapshot.panels.iter().filter(|one| one.open_places() > 0);
    let ids: Vec<PanelId> = open.clone().map(|one| one.id).collect();
    let kept = promise::kept(ctx.store.read(), &ids).await?;
    let known: HashSet<PanelId> = kept.iter().map(|one| one.panel_id).collect();
    let lacking: Vec<&str> = open
        .filter(|one| !known.contains(&one.id))
        .map(|one| one.number.as_str())
        .collect();
    if lacking.is_empty() {
        return Ok(kept);
    }
    Err(Refusal::new("panels.no_draw")
        .with("numbers", lacking.join("、"))
        .into())
}

/// A solved match with everything that is kept of it.
struct Computed {
    way: Way,
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

fn compute(snapshot: Snapshot, config: &Config, way: Way, seed: i64) -> Result<Computed> {
    let prepared = problem::prepare(&snapshot, config);
    let number = seed.cast_unsigned();
    let by = |mode| solve::solve_by(mode, &prepared, &snapshot, number).map_err(Error::internal);
    let solved = match &way {
        Way::Best => by(Mode::Best)?,
        Way::Fair => by(Mode::Fair)?,
        Way::Draw(promises) => draw::draw(&prepared, &snapshot, promises, number)?,
    };
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
        way,
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
    if !solved.draws.panels.is_empty() {
        return drawn_reserves(snapshot, solved, most);
    }
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

/// Of a drawn panel those who come next in the drawn order.
fn drawn_reserves(snapshot: &Snapshot, solved: &Solved, most: usize) -> Vec<Vec<usize>> {
    let of = |(r, panel): (usize, &PanelView)| {
        let order = solved.draws.panel(panel.id).map(draw::order);
        let seats = &solved.solution.panels[r];
        let next = order.unwrap_or_default().into_iter();
        next.filter_map(|id| snapshot.position(id))
            .filter(|e| seats.iter().all(|seat| seat.expert != *e))
            .take(most)
            .collect()
    };
    snapshot.panels.iter().enumerate().map(of).collect()
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
        certificate: match mode {
            RunMode::Draw => serde_json::to_value(&computed.solved.draws)?,
            RunMode::Best | RunMode::Fair => serde_json::to_value(&solution.certificate)?,
        },
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
        let order = computed.solved.draws.panel(panel.id).map(draw::order);
        let order = order.unwrap_or_default();
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
                reason: match order.iter().position(|id| *id == expert) {
                    Some(at) => drawn_reason(at + 1, scored, places[e]),
                    None => reason(scored, places[e]),
                },
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
