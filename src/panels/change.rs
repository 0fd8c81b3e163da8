//! The owner changes what a panel is about. A new time asks everybody again; anything else that
//! matters to the experts is told; fewer places end the lowest ranked questions, and a new recusal
//! ends the question that it concerns.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    assignment::{self, AssignmentState},
    ids::PanelId,
    invitation, panel,
};
use sea_orm::ActiveValue::Set;

use super::{
    board::{Locked, recipient},
    facts::{ChangeEffect, PanelChange},
    invite,
    mails::{Ending, FactsChanged, Invitation, Redated},
    matching::recused,
    matter::{Attendance, Matter},
    open,
    part::{Parting, part},
    questions, rules, store, timing,
};
use crate::{
    foundation::{
        context::Context,
        error::Result,
        mail::{self, About, Options, Template},
        store::WriteTx,
    },
    people,
};

/// Changes the panel in the owner's write.
///
/// # Errors
/// `panels.ended`, the refusals of opening a panel, `panels.fewer_than_accepted`.
pub async fn change(
    tx: &WriteTx,
    ctx: &Context,
    panel: PanelId,
    change: &PanelChange,
) -> Result<ChangeEffect> {
    open::check(&change.facts)?;
    let mut locked = Locked::take(tx, panel).await?;
    rules::goes_on(locked.panel.state)?;
    rules::may_lower(&locked.board(), change.facts.demand)?;
    let before = locked.panel.clone();
    locked
        .set_panel(tx, |row| change.facts.clone().set(row))
        .await?;
    let recusals = open::with_asking_unit(&change.facts, &change.recusals);
    store::replace_recusals(tx, panel, &recusals).await?;
    shed(tx, &mut locked).await?;
    recuse(tx, ctx, &mut locked).await?;
    let zone = ctx.zone();
    let told = differences(&before, &locked.panel, zone);
    let mut effect = ChangeEffect::default();
    let redated = time(&before) != time(&locked.panel);
    for row in locked.assignments.clone() {
        if !matches!(
            row.state,
            AssignmentState::Invited | AssignmentState::Accepted
        ) {
            continue;
        }
        if redated {
            ask_again(tx, ctx, &mut locked, &row, &before, &change.reason).await?;
            effect.asked_again += 1;
        } else if !told.is_empty() {
            tell(tx, &mut locked, &row, &told, &change.reason).await?;
            effect.told += 1;
        }
    }
    locked.reopen(tx).await?;
    Ok(effect)
}

fn time(panel: &panel::Model) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    panel.meeting_from.zip(panel.meeting_to)
}

/// Fewer places: the lowest ranked of those who have not answered are thanked.
async fn shed(tx: &WriteTx, locked: &mut Locked) -> Result<()> {
    let mut waiting = locked.standing_at(AssignmentState::Invited);
    waiting.retain(|row| !row.race);
    waiting.sort_by_key(|row| (row.wave, row.rank));
    let board = locked.board();
    let kept = usize::try_from((board.demand - board.accepted).max(0)).unwrap_or(0);
    for row in waiting.into_iter().skip(kept) {
        let parting = Parting {
            state: AssignmentState::Released,
            ending: Some(Ending::Filled),
            note: "专家人数减少",
            refill: false,
        };
        part(tx, locked, row.id, parting).await?;
    }
    if locked.board().unheld() == 0 {
        for row in locked.standing_at(AssignmentState::Invited) {
            if row.race {
                let parting = Parting {
                    state: AssignmentState::Released,
                    ending: Some(Ending::Filled),
                    note: "专家人数减少",
                    refill: false,
                };
                part(tx, locked, row.id, parting).await?;
            }
        }
    }
    Ok(())
}

/// Who was asked and has to be recused from the matter as it is now is not asked any more. Whoever
/// accepted stays until the secretariat, whose page says so, has spoken with them.
async fn recuse(tx: &WriteTx, ctx: &Context, locked: &mut Locked) -> Result<()> {
    let waiting = locked.standing_at(AssignmentState::Invited);
    let experts: Vec<_> = waiting.iter().map(|row| row.expert_id).collect();
    let recused = recused(tx.db(), ctx, locked.panel.id, &experts).await?;
    for row in waiting {
        let Some(note) = recused.get(&row.expert_id) else {
            continue;
        };
        let parting = Parting {
            state: AssignmentState::Released,
            ending: Some(Ending::Released),
            note,
            refill: !row.race,
        };
        part(tx, locked, row.id, parting).await?;
    }
    Ok(())
}

/// What experts are told of: (label, before, now).
fn differences(
    before: &panel::Model,
    now: &panel::Model,
    zone: Tz,
) -> Vec<(String, String, String)> {
    let described = (before.text != now.text).then(|| {
        // The description is long, and of a confidential matter not for a mail: the pages have it.
        ("内容说明", "原说明", "新的说明，见邀请页面或工作页面")
    });
    let described = described.map(|(label, old, new)| (label.into(), old.into(), new.into()));
    let (before, now) = (Matter::for_mail(before), Matter::for_mail(now));
    before
        .lines(zone)
        .into_iter()
        .zip(now.lines(zone))
        .filter(|((label, old), (_, new))| !matches!(*label, "时间" | "专家组") && old != new)
        .map(|((label, old), (_, new))| {
            let shown = |text: String| {
                if text.is_empty() {
                    "未定".to_owned()
                } else {
                    text
                }
            };
            (label.to_owned(), shown(old), shown(new))
        })
        .chain(described)
        .collect()
}

/// The meeting has another time: what the expert answered no longer holds, the time is given back,
/// and a new question with a new link goes out.
async fn ask_again(
    tx: &WriteTx,
    ctx: &Context,
    locked: &mut Locked,
    row: &assignment::Model,
    before: &panel::Model,
    reason: &str,
) -> Result<()> {
    let knows = questions::close(tx, row.id).await?;
    let accepted = row.state == AssignmentState::Accepted;
    let attendance = if accepted {
        people::commitments::release(tx, row.id.0).await?;
        moved(tx, locked, row, before).await?
    } else {
        None
    };
    let asked = assignment::ActiveModel {
        state: Set(AssignmentState::Invited),
        ..row.clone().into()
    };
    locked.set(tx, asked).await?;
    let due = timing::cutoff(ctx, &locked.panel, tx.now(), row.race)?;
    let question = questions::put(tx, row, due.value, due.provisional).await?;
    let person = people::get(tx.db(), row.person_id).await?;
    let cause = format!("改期 {}", locked.panel.number);
    if !knows {
        return invite::send(tx, &locked.panel, row, &question, &person, &cause).await;
    }
    let zone = ctx.zone();
    mail::outbox::enqueue(
        tx,
        &recipient(&person),
        &About {
            subject: question.id.0,
            generation: question.generation,
            cause,
        },
        Options {
            urgent: row.race,
            expires_at: Some(question.cutoff_at),
            ..Options::default()
        },
        &Redated {
            matter: Matter::for_mail(&locked.panel),
            before: Matter::of(before).time(zone),
            reason: reason.to_owned(),
            link: questions::key(&question),
            cutoff: question.cutoff_at,
            provisional: question.provisional,
            attendance,
        },
    )
    .await?;
    Ok(())
}

/// The member's calendar entry at the new time, or its removal when there is no meeting any more.
async fn moved(
    tx: &WriteTx,
    locked: &mut Locked,
    row: &assignment::Model,
    before: &panel::Model,
) -> Result<Option<Attendance>> {
    if let Some(entry) = locked.entry(tx, row.id, false).await? {
        return Ok(Some(entry));
    }
    Ok(time(before).map(|(from, to)| Attendance {
        assignment: row.id,
        sequence: locked.panel.calendar_sequence,
        from,
        to,
        cancelled: true,
    }))
}

/// Tells an expert what changed; a question that has not left yet is sent as it is now instead.
async fn tell(
    tx: &WriteTx,
    locked: &mut Locked,
    row: &assignment::Model,
    changes: &[(String, String, String)],
    reason: &str,
) -> Result<()> {
    let person = people::get(tx.db(), row.person_id).await?;
    let cause = format!("变更 {}", locked.panel.number);
    let accepted = row.state == AssignmentState::Accepted;
    if let Some(question) = questions::standing(tx.db(), row.id).await?
        && !accepted
    {
        let mut unsent = 0;
        for kind in [Invitation::KIND, Redated::KIND] {
            unsent += mail::outbox::cancel(tx, kind, question.id.0).await?;
        }
        if unsent > 0 {
            let generation = question.generation + 1;
            let fresh = questions::set(
                tx,
                invitation::ActiveModel {
                    generation: Set(generation),
                    ..question.into()
                },
            )
            .await?;
            return invite::send(tx, &locked.panel, row, &fresh, &person, &cause).await;
        }
    }
    let attendance = if accepted {
        locked.entry(tx, row.id, false).await?
    } else {
        None
    };
    mail::outbox::enqueue(
        tx,
        &recipient(&person),
        &About {
            subject: row.id.0,
            generation: locked.panel.calendar_sequence,
            cause,
        },
        Options::default(),
        &FactsChanged {
            matter: Matter::for_mail(&locked.panel),
            changes: changes.to_vec(),
            reason: reason.to_owned(),
            attendance,
        },
    )
    .await?;
    Ok(())
}
