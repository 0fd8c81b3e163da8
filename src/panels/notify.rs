//! What members are told by the clock: that the panel is complete, and that a meeting is near.

use chrono::{DateTime, Utc};
use entity::{
    assignment::{self, AssignmentState},
    ids::PanelId,
    panel::{self, PanelState},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    WORK,
    board::{Locked, member_lines, recipient},
    mails::{Key, MeetingReminder, Notice},
    matter::Matter,
    owners::Owners,
    questions, timing,
};
use crate::{
    foundation::{
        calendar::{REMINDERS_AHEAD, reminder, reminder_day, reminder_number},
        context::Context,
        error::Result,
        links::Target,
        mail::{self, About, Options, Queued},
        store::WriteTx,
    },
    people,
};

/// What the work link of a member stands for.
pub(super) fn work_key(row: &assignment::Model) -> Key {
    Key {
        subject: row.id.0,
        person: row.person_id,
        generation: row.work_generation,
    }
}

/// What the work link of a member signs.
pub fn work_target(row: &assignment::Model) -> Target {
    work_key(row).target(WORK)
}

/// Sends the notice to the members of every panel that stands and whose answers cannot change any
/// more; once for each composition. A panel that became complete because its owner wants fewer
/// experts is settled first. Returns the number of mails queued.
///
/// # Errors
/// When the database fails.
pub async fn complete(ctx: &Context, owners: &Owners) -> Result<usize> {
    let mut queued = 0;
    for id in going_on(ctx).await? {
        let tx = ctx.store.begin().await?;
        let mut locked = Locked::take(&tx, id).await?;
        locked.settle(&tx, ctx, owners).await?;
        let begun = locked
            .panel
            .meeting_from
            .is_some_and(|from| from <= tx.now());
        if locked.panel.state == PanelState::Standing && !begun {
            queued += notices(&tx, &locked).await?;
        }
        tx.commit().await?;
    }
    Ok(queued)
}

async fn going_on(ctx: &Context) -> Result<Vec<PanelId>> {
    let rows = panel::Entity::find()
        .filter(panel::Column::State.is_in([PanelState::Open, PanelState::Standing]))
        .all(ctx.store.read())
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn notices(tx: &WriteTx, locked: &Locked) -> Result<usize> {
    let members = locked.standing_at(AssignmentState::Accepted);
    for row in &members {
        let question = questions::standing(tx.db(), row.id).await?;
        if question.is_some_and(|question| question.cutoff_at > tx.now()) {
            return Ok(0);
        }
    }
    let lines = if locked.panel.confidential {
        Vec::new()
    } else {
        member_lines(tx, locked.panel.id).await?
    };
    let mut queued = 0;
    for row in &members {
        let person = people::get(tx.db(), row.person_id).await?;
        let result = mail::outbox::enqueue(
            tx,
            &recipient(&person),
            &About {
                subject: row.id.0,
                generation: locked.panel.calendar_sequence,
                cause: format!("专家组到齐 {}", locked.panel.number),
            },
            Options {
                expires_at: locked.panel.meeting_from,
                ..Options::default()
            },
            &Notice {
                matter: Matter::for_mail(&locked.panel),
                link: work_key(row),
                members: lines.clone(),
            },
        )
        .await?;
        queued += usize::from(matches!(result, Queued::New(_)));
    }
    Ok(queued)
}

/// Reminds members of meetings three and one working days ahead, on working days only. Days are
/// reckoned anew at each run, so a meeting that moved is reminded of at its new time. Returns the
/// number of mails queued.
///
/// # Errors
/// When the database fails.
pub async fn remind_of_meetings(ctx: &Context) -> Result<usize> {
    let calendar = ctx.calendar();
    let office = timing::office(ctx, &calendar)?;
    if !calendar.is_working_day(ctx.today()) {
        return Ok(0);
    }
    let ahead = panel::Entity::find()
        .filter(panel::Column::State.is_in([PanelState::Open, PanelState::Standing]))
        .filter(panel::Column::MeetingFrom.gt(ctx.now()))
        .all(ctx.store.read())
        .await?;
    let mut queued = 0;
    for panel in ahead {
        let Some(from) = panel.meeting_from else {
            continue;
        };
        let farthest = REMINDERS_AHEAD[0];
        if reminder_day(&office, office.date(from), farthest) > ctx.today() {
            continue;
        }
        let tx = ctx.store.begin().await?;
        let locked = Locked::take(&tx, panel.id).await?;
        for row in locked.standing_at(AssignmentState::Accepted) {
            let Some(from) = locked.panel.meeting_from else {
                continue;
            };
            let Some(accepted) = accepted_at(&tx, &row).await? else {
                continue;
            };
            if let Some(ahead) = reminder(&office, tx.now(), from, accepted) {
                let number = reminder_number(office.date(from), ahead);
                queued += usize::from(remind(&tx, &locked, &row, from, number).await?);
            }
        }
        tx.commit().await?;
    }
    Ok(queued)
}

async fn accepted_at(tx: &WriteTx, row: &assignment::Model) -> Result<Option<DateTime<Utc>>> {
    let question = questions::standing(tx.db(), row.id).await?;
    Ok(question.and_then(|question| question.answered_at))
}

async fn remind(
    tx: &WriteTx,
    locked: &Locked,
    row: &assignment::Model,
    from: DateTime<Utc>,
    number: i32,
) -> Result<bool> {
    let person = people::get(tx.db(), row.person_id).await?;
    let result = mail::outbox::enqueue(
        tx,
        &recipient(&person),
        &About {
            subject: row.id.0,
            generation: number,
            cause: format!("会前提醒 {}", locked.panel.number),
        },
        Options {
            expires_at: Some(from),
            ..Options::default()
        },
        &MeetingReminder {
            matter: Matter::for_mail(&locked.panel),
            link: work_key(row),
        },
    )
    .await?;
    Ok(matches!(result, Queued::New(_)))
}
