//! Cut-offs that rested on a calendar not announced yet are reckoned anew after an import.

use entity::{ids::PanelId, invitation};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{board::Locked, questions, timing};
use crate::foundation::{context::Context, error::Result};

/// Reckons every provisional (暂定) cut-off of an open question anew, by the calendar that `ctx` has
/// now. A cut-off that was told is put off, never brought forward. Returns how many moved.
///
/// # Errors
/// When the database fails.
pub async fn recompute_cutoffs(ctx: &Context) -> Result<usize> {
    let mut panels: Vec<PanelId> = invitation::Entity::find()
        .filter(invitation::Column::Provisional.eq(true))
        .filter(invitation::Column::ClosedAt.is_null())
        .filter(invitation::Column::CutoffAt.gt(ctx.now()))
        .all(ctx.store.read())
        .await?
        .into_iter()
        .map(|row| row.panel_id)
        .collect();
    panels.sort();
    panels.dedup();
    let mut moved = 0;
    for panel in panels {
        let tx = ctx.store.begin().await?;
        let locked = Locked::take(&tx, panel).await?;
        for row in questions::of_panel(tx.db(), panel).await? {
            if !row.provisional || row.closed_at.is_some() || row.cutoff_at <= tx.now() {
                continue;
            }
            let race = locked.assignment(row.assignment_id)?.race;
            let due = timing::cutoff(ctx, &locked.panel, row.asked_at, race)?;
            let cutoff = due.value.max(row.cutoff_at);
            moved += usize::from(cutoff != row.cutoff_at);
            let reckoned = invitation::ActiveModel {
                cutoff_at: Set(cutoff),
                provisional: Set(due.provisional),
                ..row.into()
            };
            questions::set(&tx, reckoned).await?;
        }
        tx.commit().await?;
    }
    Ok(moved)
}
