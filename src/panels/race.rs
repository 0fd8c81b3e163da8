//! 加急: all reserves of an empty place are asked at once with a short cut-off. At the cut-off the
//! best ranked of those who accepted get the places, whoever was first to click; the others are
//! thanked.

use std::collections::HashSet;

use entity::{
    assignment::{self, AssignmentState},
    ids::{AssignmentId, PanelId},
    invitation,
    matching_run::{self, RunState},
    run_choice,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use serde_json::json;

use super::{
    answer,
    board::{Locked, recipient},
    choice::Chosen,
    invite, lapse,
    mails::{Ending, Seated},
    matching::recheck,
    matter::{Attendance, Matter},
    part::{Parting, part},
    questions, rules, store,
};
use crate::{
    accounts::{Action, Actor, audit, policy::Owner},
    experts,
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        mail::{self, About, Options},
        store::WriteTx,
        texts::{Language, sentence},
    },
    people,
};

/// Asks all reserves of the panel at once for its empty places.
///
/// # Errors
/// `panels.no_reserves` when nobody is left to ask; refusals of [`invite::ask`].
pub async fn start(ctx: &Context, actor: &Actor, panel: PanelId) -> Result<Vec<AssignmentId>> {
    actor.require(Action::PrepareRun, &Owner::ALLIANCE)?;
    let reserves = reserves(ctx.store.read(), panel).await?;
    let tx = ctx.store.begin().await?;
    let mut locked = Locked::take(&tx, panel).await?;
    let mut chosen = Vec::new();
    for one in reserves {
        if recheck(&tx, ctx, &locked.panel, one.expert).await?.is_ok() {
            chosen.push(one);
        }
    }
    if chosen.is_empty() {
        return Err(Refusal::new("panels.no_reserves").into());
    }
    let wave = next_wave(&locked);
    let asked = invite::ask(&tx, ctx, &locked.panel, &chosen, wave, true).await?;
    locked = Locked::take(&tx, panel).await?;
    invite::forget_fallen(&tx, &mut locked).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "panels.race",
            subject_kind: "panel",
            subject_id: Some(panel.0),
            details: json!({ "assignments": asked }),
        },
    )
    .await?;
    tx.commit().await?;
    Ok(asked)
}

/// The round after all rounds so far.
pub(super) fn next_wave(locked: &Locked) -> i32 {
    locked
        .assignments
        .iter()
        .map(|row| row.wave)
        .max()
        .unwrap_or(0)
        + 1
}

/// The reserves that the newest approved run names for the panel, in order, without those who were
/// asked already.
pub(super) async fn reserves<C: ConnectionTrait>(db: &C, panel: PanelId) -> Result<Vec<Chosen>> {
    let asked: HashSet<_> = store::assignments(db, &[panel])
        .await?
        .into_iter()
        .map(|row| row.expert_id)
        .collect();
    let rows = run_choice::Entity::find()
        .filter(run_choice::Column::PanelId.eq(panel))
        .filter(run_choice::Column::Reserve.eq(true))
        .order_by_asc(run_choice::Column::Place)
        .all(db)
        .await?;
    let newest = matching_run::Entity::find()
        .filter(matching_run::Column::Id.is_in(rows.iter().map(|row| row.run_id)))
        .filter(matching_run::Column::State.eq(RunState::Approved))
        .order_by_desc(matching_run::Column::DecidedAt)
        .order_by_desc(matching_run::Column::Id)
        .one(db)
        .await?;
    let Some(run) = newest else {
        return Ok(Vec::new());
    };
    let mut reserves = Vec::new();
    for row in rows {
        if row.run_id != run.id || asked.contains(&row.expert_id) {
            continue;
        }
        let expert = experts::get(db, row.expert_id).await?;
        reserves.push(Chosen {
            expert: row.expert_id,
            person: expert.person.id,
            unit: expert.unit.map(|unit| unit.id),
            relevance: row.relevance,
            reason: row.reason,
            rank: row.place,
            run: Some(run.id),
        });
    }
    Ok(reserves)
}

/// Decides a race under the panel's lock: `raced` are its undecided places with their questions.
pub(super) async fn decide(
    tx: &WriteTx,
    ctx: &Context,
    locked: &mut Locked,
    raced: Vec<(assignment::Model, invitation::Model)>,
) -> Result<()> {
    let offers = raced
        .iter()
        .map(|pair| (pair, pair.0.rank, pair.1.answer))
        .collect();
    let order = rules::race_order(offers);
    let mut places = locked.board().unheld();
    for (row, question) in order {
        let mut note = "人选已定".to_owned();
        if places > 0 {
            match answer::seat(tx, ctx, locked, row).await {
                Ok(attendance) => {
                    places -= 1;
                    tell_seated(tx, locked, question, attendance).await?;
                    continue;
                }
                Err(Error::Conflict(refusal)) => note = sentence(&refusal, Language::Chinese),
                Err(error) => return Err(error),
            }
        }
        let parting = Parting {
            state: AssignmentState::Released,
            ending: Some(Ending::Filled),
            note: &note,
            refill: false,
        };
        part(tx, locked, row.id, parting).await?;
    }
    for (row, question) in &raced {
        if question.answer.is_none() {
            lapse::lapse_one(tx, locked, row, question.clone(), false).await?;
        }
    }
    // Places that the race did not fill are asked for one by one, as after a decline.
    let ended: Vec<_> = locked
        .assignments
        .iter()
        .filter(|row| row.race && !store::HOLDING.contains(&row.state))
        .take(usize::try_from(places).unwrap_or(0))
        .cloned()
        .collect();
    for row in ended {
        let refill = assignment::ActiveModel {
            refill: Set(true),
            ..row.into()
        };
        locked.set(tx, refill).await?;
    }
    Ok(())
}

async fn tell_seated(
    tx: &WriteTx,
    locked: &Locked,
    question: &invitation::Model,
    attendance: Option<Attendance>,
) -> Result<()> {
    let person = people::get(tx.db(), question.person_id).await?;
    mail::outbox::enqueue(
        tx,
        &recipient(&person),
        &About {
            subject: question.id.0,
            generation: question.generation,
            cause: format!("加急人选已定 {}", locked.panel.number),
        },
        Options::default(),
        &Seated {
            matter: Matter::for_mail(&locked.panel),
            link: questions::key(question),
            attendance,
        },
    )
    .await?;
    Ok(())
}
