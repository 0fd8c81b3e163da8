//! The matter has ended: members have served, open questions end.

use entity::{
    assignment::{self, AssignmentState},
    ids::PanelId,
    panel::PanelState,
};
use sea_orm::ActiveValue::Set;

use super::{
    board::Locked,
    invite,
    mails::Ending,
    part::{Parting, part},
    rules,
};
use crate::{
    foundation::{error::Result, store::WriteTx},
    people,
};

/// Closes the panel in the owner's write: accepted experts have served, work links end, and whoever
/// was still asked is thanked.
///
/// # Errors
/// `panels.ended`.
pub async fn close(tx: &WriteTx, panel: PanelId) -> Result<()> {
    let mut locked = Locked::take(tx, panel).await?;
    rules::goes_on(locked.panel.state)?;
    for row in locked.standing_at(AssignmentState::Invited) {
        let parting = Parting {
            state: AssignmentState::Released,
            ending: Some(Ending::Filled),
            note: "",
            refill: false,
        };
        part(tx, &mut locked, row.id, parting).await?;
    }
    let ahead = locked.panel.meeting_to.is_some_and(|to| to > tx.now());
    for row in locked.standing_at(AssignmentState::Accepted) {
        if ahead {
            people::commitments::release(tx, row.id.0).await?;
        }
        let served = assignment::ActiveModel {
            state: Set(AssignmentState::Done),
            ended_at: Set(Some(tx.now())),
            ..row.into()
        };
        locked.set(tx, served).await?;
    }
    invite::end_questions(tx, &mut locked).await?;
    locked
        .set_panel(tx, |row| {
            row.state = Set(PanelState::Closed);
            row.closed_at = Set(Some(tx.now()));
        })
        .await
}
