//! Reminding experts who have not answered: once by the clock, and whenever the secretariat wants.

use chrono::{DateTime, Utc};
use entity::{assignment::AssignmentState, ids::InvitationId, invitation};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{
    board::{Locked, recipient},
    deadlines,
    mails::Reminder,
    matter::Matter,
    questions::{self, Question},
    timing,
};
use crate::{
    accounts::{Action, Actor, audit, policy::Owner},
    foundation::{
        context::Context,
        error::{Refusal, Result},
        mail::{self, About, Options},
        store::WriteTx,
    },
};

/// Reminds everybody whose half time has passed and who was not reminded yet. Nothing is done
/// outside working days and hours.
///
/// # Errors
/// When the database fails.
pub async fn remind_due(ctx: &Context) -> Result<usize> {
    let calendar = ctx.calendar();
    let office = timing::office(ctx, &calendar)?;
    let now = ctx.now();
    if office.quiet(now, true).is_some() {
        return Ok(0);
    }
    let open = invitation::Entity::find()
        .filter(invitation::Column::ClosedAt.is_null())
        .filter(invitation::Column::Answer.is_null())
        .filter(invitation::Column::DisownedAt.is_null())
        .filter(invitation::Column::Reminders.eq(0))
        .filter(invitation::Column::CutoffAt.gt(now))
        .all(ctx.store.read())
        .await?;
    let mut reminded = 0;
    for row in open {
        if deadlines::reminder_at(&office, row.asked_at, row.cutoff_at) <= now {
            reminded += usize::from(remind_by_clock(ctx, row.id).await?);
        }
    }
    Ok(reminded)
}

async fn remind_by_clock(ctx: &Context, id: InvitationId) -> Result<bool> {
    let tx = ctx.store.begin().await?;
    let panel = questions::get(tx.db(), id).await?.panel_id;
    Locked::take(&tx, panel).await?;
    let question = Question::get(tx.db(), id).await?;
    if question.invitation.reminders > 0 || !waits(&question, tx.now()) {
        return Ok(false);
    }
    send(&tx, question, "待答复提醒").await?;
    tx.commit().await?;
    Ok(true)
}

/// Reminds one expert now.
///
/// # Errors
/// `panels.not_waiting` when the question is answered, closed, past its cut-off, or went to the
/// wrong person.
pub async fn remind(ctx: &Context, actor: &Actor, id: InvitationId) -> Result<()> {
    actor.require(Action::PrepareRun, &Owner::ALLIANCE)?;
    let tx = ctx.store.begin().await?;
    let panel = questions::get(tx.db(), id).await?.panel_id;
    Locked::take(&tx, panel).await?;
    let question = Question::get(tx.db(), id).await?;
    if !waits(&question, tx.now()) {
        return Err(Refusal::new("panels.not_waiting").into());
    }
    send(&tx, question, "催促答复").await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: "panels.remind",
            subject_kind: "invitation",
            subject_id: Some(id.0),
            details: json!({}),
        },
    )
    .await?;
    tx.commit().await
}

/// Whether the question waits for the expert's answer.
fn waits(question: &Question, now: DateTime<Utc>) -> bool {
    let row = &question.invitation;
    question.assignment.state == AssignmentState::Invited
        && row.answer.is_none()
        && row.closed_at.is_none()
        && row.disowned_at.is_none()
        && now < row.cutoff_at
}

async fn send(tx: &WriteTx, question: Question, cause: &str) -> Result<()> {
    let Question {
        invitation: row,
        panel,
        person,
        ..
    } = question;
    let number = row.reminders + 1;
    let row = questions::set(
        tx,
        invitation::ActiveModel {
            reminders: Set(number),
            reminded_at: Set(Some(tx.now())),
            ..row.into()
        },
    )
    .await?;
    mail::outbox::enqueue(
        tx,
        &recipient(&person),
        &About {
            subject: row.id.0,
            generation: number,
            cause: format!("{cause} {}", panel.number),
        },
        Options {
            expires_at: Some(row.cutoff_at),
            ..Options::default()
        },
        &Reminder {
            matter: Matter::for_mail(&panel),
            link: questions::key(&row),
            cutoff: row.cutoff_at,
            provisional: row.provisional,
        },
    )
    .await?;
    Ok(())
}
