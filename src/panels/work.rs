//! The work link: what a member works with from acceptance to closing, and reads afterwards.

use entity::{
    assignment::AssignmentState,
    ids::AssignmentId,
    panel::{self, PanelState},
};
use sea_orm::ConnectionTrait;

use super::{notify::work_target, questions, seats::Member, store};
use crate::{
    experts,
    foundation::{
        error::{Error, Result},
        links::{Links, Token},
    },
};

/// What a work link opens.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// Whose link it is.
    pub member: Member,
    /// The panel that they serve on.
    pub panel: panel::Model,
}

impl Work {
    /// Whether the member may still do something: until the panel is closed.
    pub fn goes_on(&self) -> bool {
        self.member.assignment.state == AssignmentState::Accepted
            && matches!(self.panel.state, PanelState::Open | PanelState::Standing)
    }
}

/// The member and the panel that a work link opens. After the panel was closed the link still says
/// so, and nothing more can be done with it.
///
/// # Errors
/// [`Error::NotFound`] for anything but the link of somebody who is a member, or was one when the
/// panel was closed.
pub async fn member_by_work_token<C: ConnectionTrait>(
    db: &C,
    links: &Links,
    token: &Token,
) -> Result<Work> {
    let assignment = questions::assignment(db, AssignmentId(token.subject)).await?;
    let serves = matches!(
        assignment.state,
        AssignmentState::Accepted | AssignmentState::Done
    );
    if !serves || !links.verify(token, &work_target(&assignment)) {
        return Err(Error::NotFound);
    }
    Ok(Work {
        panel: store::get(db, assignment.panel_id).await?,
        member: Member {
            expert: experts::get(db, assignment.expert_id).await?,
            assignment,
        },
    })
}
