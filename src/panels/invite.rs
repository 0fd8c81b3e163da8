//! Asking experts for places of a panel.

use entity::{
    assignment::{self, AssignmentState},
    ids::AssignmentId,
    invitation, matching_run, panel, person,
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::{
    board::{Locked, recipient},
    choice::Chosen,
    mails::Invitation,
    matter::Matter,
    questions, rules, store, timing,
};
use crate::{
    accounts::audit,
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        mail::{self, About, Options},
        store::WriteTx,
    },
    people,
};

/// Asks the chosen experts, in the caller's write: each for a place of their own, or all together
/// for the places that are left (`race`). `wave` is 1 for the first round, more for replacements.
/// Nobody is asked beyond the places, and nobody twice.
///
/// # Errors
/// `panels.ended`, `panels.racing`, `panels.no_place`, `panels.already_asked`, `panels.too_late`
/// when the meeting has begun or the answer was wanted by now.
pub async fn ask(
    tx: &WriteTx,
    ctx: &Context,
    panel: &panel::Model,
    chosen: &[Chosen],
    wave: i32,
    race: bool,
) -> Result<Vec<AssignmentId>> {
    let mut locked = Locked::take(tx, panel.id).await?;
    rules::goes_on(locked.panel.state)?;
    rules::may_ask(&locked.board(), chosen.len(), race)?;
    if timing::limit(ctx, &locked.panel)?.is_some_and(|limit| limit <= tx.now()) {
        return Err(Refusal::new("panels.too_late").into());
    }
    let ids: Vec<_> = chosen.iter().map(|one| one.person).collect();
    let people = people::by_ids(tx.db(), &ids).await?;
    let cause = cause(tx, &locked.panel, chosen, wave, race).await?;
    let mut asked = Vec::with_capacity(chosen.len());
    for one in chosen {
        let person = people.get(&one.person).ok_or(Error::NotFound)?;
        let holding = locked
            .assignments
            .iter()
            .any(|row| row.expert_id == one.expert && store::HOLDING.contains(&row.state));
        if holding {
            return Err(Refusal::new("panels.already_asked")
                .with("name", &person.name)
                .into());
        }
        // Asked once more: what was said to the former question stands as it was.
        for former in &locked.assignments {
            if former.expert_id == one.expert {
                questions::close(tx, former.id).await?;
            }
        }
        let row = new_assignment(tx, &locked, one, wave, race);
        asked.push(row.id);
        locked.add(tx, row.clone()).await?;
        put_question(tx, ctx, &locked.panel, &row, person, &cause).await?;
    }
    if locked.board().free() == 0 {
        forget_fallen(tx, &mut locked).await?;
    }
    audit::record(
        tx,
        audit::Entry {
            actor: None,
            action: "panels.ask",
            subject_kind: "panel",
            subject_id: Some(panel.id.0),
            details: json!({ "wave": wave, "race": race, "assignments": asked }),
        },
    )
    .await?;
    Ok(asked)
}

fn new_assignment(
    tx: &WriteTx,
    locked: &Locked,
    one: &Chosen,
    wave: i32,
    race: bool,
) -> assignment::Model {
    assignment::Model {
        id: tx.id(),
        panel_id: locked.panel.id,
        expert_id: one.expert,
        person_id: one.person,
        unit_id: one.unit,
        run_id: one.run,
        state: AssignmentState::Invited,
        rank: one.rank,
        relevance: one.relevance,
        reason: one.reason.clone(),
        head: false,
        head_asked: false,
        head_declined_at: None,
        refill: false,
        wave,
        race,
        created_at: tx.now(),
        ended_at: None,
        end_note: String::new(),
        work_generation: 1,
    }
}

/// Puts the question for `row` and queues its mail.
async fn put_question(
    tx: &WriteTx,
    ctx: &Context,
    panel: &panel::Model,
    row: &assignment::Model,
    person: &person::Model,
    cause: &str,
) -> Result<()> {
    let due = timing::cutoff(ctx, panel, tx.now(), row.race)?;
    let question = questions::put(tx, row, due.value, due.provisional).await?;
    send(tx, panel, row, &question, person, cause).await
}

/// Queues the mail of a question; once for each generation of its link.
pub(super) async fn send(
    tx: &WriteTx,
    panel: &panel::Model,
    row: &assignment::Model,
    question: &invitation::Model,
    person: &person::Model,
    cause: &str,
) -> Result<()> {
    mail::outbox::enqueue(
        tx,
        &recipient(person),
        &About {
            subject: question.id.0,
            generation: question.generation,
            cause: cause.to_owned(),
        },
        Options {
            urgent: row.race,
            expires_at: Some(question.cutoff_at),
            ..Options::default()
        },
        &Invitation {
            matter: Matter::for_mail(panel),
            link: questions::key(question),
            cutoff: question.cutoff_at,
            provisional: question.provisional,
            race: row.race,
        },
    )
    .await?;
    Ok(())
}

/// What caused the question, for the mail list.
async fn cause(
    tx: &WriteTx,
    panel: &panel::Model,
    chosen: &[Chosen],
    wave: i32,
    race: bool,
) -> Result<String> {
    if race {
        return Ok(format!("加急 {}", panel.number));
    }
    if wave > 1 {
        return Ok(format!("补邀 {}", panel.number));
    }
    let run = match chosen.iter().find_map(|one| one.run) {
        Some(run) => matching_run::Entity::find_by_id(run).one(tx.db()).await?,
        None => None,
    };
    Ok(run.map_or_else(
        || format!("邀请 {}", panel.number),
        |run| format!("批准匹配 {}", run.number),
    ))
}

/// All places are asked for again: what fell free before is settled.
pub(super) async fn forget_fallen(tx: &WriteTx, locked: &mut Locked) -> Result<()> {
    let fallen: Vec<_> = locked
        .assignments
        .iter()
        .filter(|row| row.refill)
        .cloned()
        .collect();
    for row in fallen {
        let settled = assignment::ActiveModel {
            refill: Set(false),
            ..row.into()
        };
        locked.set(tx, settled).await?;
    }
    Ok(())
}

/// The matter has ended: no place is asked for again, and no answer, not even one that declined,
/// can be changed any more.
pub(super) async fn end_questions(tx: &WriteTx, locked: &mut Locked) -> Result<()> {
    for row in &locked.assignments {
        questions::close(tx, row.id).await?;
    }
    forget_fallen(tx, locked).await
}
