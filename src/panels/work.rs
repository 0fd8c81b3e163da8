//! The work link: what a member works with from acceptance to closing.

use entity::{assignment::AssignmentState, ids::AssignmentId, panel::PanelState};
use sea_orm::ConnectionTrait;

use super::{notify::work_target, questions, seats::Member, store};
use crate::{
    experts,
    foundation::{
        error::{Error, Result},
        links::{Links, Token},
    },
};

/// The member that a work link opens.
///
/// # Errors
/// [`Error::NotFound`] for anything but the link of somebody who is a member now and whose panel has
/// not been closed or withdrawn.
pub async fn member_by_work_token<C: ConnectionTrait>(
    db: &C,
    links: &Links,
    token: &Token,
) -> Result<Member> {
    let assignment = questions::assignment(db, AssignmentId(token.subject)).await?;
    if assignment.state != AssignmentState::Accepted
        || !links.verify(token, &work_target(&assignment))
    {
        return Err(Error::NotFound);
    }
    let panel = store::get(db, assignment.panel_id).await?;
    if !matches!(panel.state, PanelState::Open | PanelState::Standing) {
        return Err(Error::NotFound);
    }
    Ok(Member {
        expert: experts::get(db, assignment.expert_id).await?,
        assignment,
    })
}
