//! The matter was withdrawn: nobody is asked or needed any more.

use entity::{assignment::AssignmentState, ids::PanelId, panel::PanelState};
use sea_orm::ActiveValue::Set;

use super::{
    board::Locked,
    invite,
    mails::Ending,
    part::{Parting, part},
    rules, store,
};
use crate::foundation::{context::Context, error::Result, store::WriteTx};

/// Withdraws the panel in the owner's write. Everyone who knows of it is told the reason; mails that
/// have not left are taken back.
///
/// # Errors
/// `panels.ended`.
pub async fn withdraw(tx: &WriteTx, _ctx: &Context, panel: PanelId, reason: &str) -> Result<()> {
    let mut locked = Locked::take(tx, panel).await?;
    rules::goes_on(locked.panel.state)?;
    let holding: Vec<_> = locked
        .assignments
        .iter()
        .filter(|row| store::HOLDING.contains(&row.state))
        .map(|row| row.id)
        .collect();
    for id in holding {
        let parting = Parting {
            state: AssignmentState::Released,
            ending: Some(Ending::Withdrawn),
            note: reason,
            refill: false,
        };
        part(tx, &mut locked, id, parting).await?;
    }
    invite::end_questions(tx, &mut locked).await?;
    locked
        .set_panel(tx, |row| {
            row.state = Set(PanelState::Withdrawn);
            row.closed_at = Set(Some(tx.now()));
        })
        .await
}
