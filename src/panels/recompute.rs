//! Cut-offs that rested on a calendar not announced yet are reckoned anew when it is imported.

use chrono::{DateTime, Utc};
use entity::{assignment::AssignmentState, ids::PanelId, invitation};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select};

use super::{
    board::{Locked, recipient},
    mails::CutoffMoved,
    matter::Matter,
    questions, timing,
};
use crate::{
    foundation::{
        calendar::WorkingCalendar,
        context::Context,
        error::{Error, Result},
        mail::{self, About, Options},
        store::WriteTx,
    },
    people,
};

/// What an import did to the cut-offs of open questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recomputed {
    /// No longer 暂定.
    pub fixed: usize,
    /// Put off; whoever has not answered yet is told.
    pub moved: usize,
}

/// How many open questions have a provisional (暂定) cut-off.
///
/// # Errors
/// When the database fails.
pub async fn provisional_cutoffs<C: ConnectionTrait>(db: &C, now: DateTime<Utc>) -> Result<usize> {
    Ok(provisional(now).all(db).await?.len())
}

fn provisional(now: DateTime<Utc>) -> Select<invitation::Entity> {
    invitation::Entity::find()
        .filter(invitation::Column::Provisional.eq(true))
        .filter(invitation::Column::ClosedAt.is_null())
        .filter(invitation::Column::CutoffAt.gt(now))
}

/// Reckons every provisional cut-off of an open question anew by `calendar`, in the write that imports
/// it. A cut-off that was told is put off, never brought forward.
///
/// # Errors
/// When the database fails.
pub async fn recompute_cutoffs(
    tx: &WriteTx,
    ctx: &Context,
    calendar: &WorkingCalendar,
) -> Result<Recomputed> {
    let mut panels: Vec<PanelId> = provisional(tx.now())
        .all(tx.db())
        .await?
        .into_iter()
        .map(|row| row.panel_id)
        .collect();
    // In one order always, so that two writes do not wait for each other.
    panels.sort();
    panels.dedup();
    let mut done = Recomputed::default();
    for panel in panels {
        let locked = Locked::take(tx, panel).await?;
        for row in questions::of_panel(tx.db(), panel).await? {
            if row.provisional && row.closed_at.is_none() && row.cutoff_at > tx.now() {
                reckon(tx, ctx, calendar, &locked, row, &mut done).await?;
            }
        }
    }
    Ok(done)
}

async fn reckon(
    tx: &WriteTx,
    ctx: &Context,
    calendar: &WorkingCalendar,
    locked: &Locked,
    row: invitation::Model,
    done: &mut Recomputed,
) -> Result<()> {
    let assignment = locked.assignment(row.assignment_id)?;
    let due = timing::cutoff_by(ctx, calendar, &locked.panel, row.asked_at, assignment.race)?;
    let before = row.cutoff_at;
    let cutoff = due.value.max(before);
    let row = questions::set(
        tx,
        invitation::ActiveModel {
            cutoff_at: Set(cutoff),
            provisional: Set(due.provisional),
            ..row.into()
        },
    )
    .await?;
    done.fixed += usize::from(!due.provisional);
    if cutoff == before {
        return Ok(());
    }
    done.moved += 1;
    let waits = assignment.state == AssignmentState::Invited
        && row.answer.is_none()
        && row.disowned_at.is_none();
    if waits {
        tell(tx, locked, &row, before).await?;
    }
    Ok(())
}

async fn tell(
    tx: &WriteTx,
    locked: &Locked,
    row: &invitation::Model,
    before: DateTime<Utc>,
) -> Result<()> {
    let person = people::get(tx.db(), row.person_id).await?;
    // The same cut-off is told once, whatever is imported how often.
    let minute = i32::try_from(row.cutoff_at.timestamp() / 60).map_err(Error::internal)?;
    mail::outbox::enqueue(
        tx,
        &recipient(&person),
        &About {
            subject: row.id.0,
            generation: minute,
            cause: format!("答复期限顺延 {}", locked.panel.number),
        },
        Options {
            expires_at: Some(row.cutoff_at),
            ..Options::default()
        },
        &CutoffMoved {
            matter: Matter::for_mail(&locked.panel),
            link: questions::key(row),
            before,
            cutoff: row.cutoff_at,
            provisional: row.provisional,
        },
    )
    .await?;
    Ok(())
}
