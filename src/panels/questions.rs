//! Questions to experts: finding, writing and closing them.

use chrono::{DateTime, Utc};
use entity::{
    assignment,
    ids::{AssignmentId, InvitationId, PanelId},
    invitation, panel, person,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};

use super::{
    mails::{Invitation, Key, Redated, Reminder},
    store,
};
use crate::{
    foundation::{
        error::{Error, Result},
        links::{Target, Token},
        mail,
        store::WriteTx,
    },
    panels::ANSWER,
    people,
};

/// A question with everything around it.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub invitation: invitation::Model,
    pub assignment: assignment::Model,
    pub panel: panel::Model,
    pub person: person::Model,
}

impl Question {
    /// Reads one, in whatever state.
    pub async fn get<C: ConnectionTrait>(db: &C, id: InvitationId) -> Result<Self> {
        let invitation = get(db, id).await?;
        let assignment = assignment(db, invitation.assignment_id).await?;
        Ok(Self {
            panel: store::get(db, invitation.panel_id).await?,
            person: people::get(db, invitation.person_id).await?,
            assignment,
            invitation,
        })
    }

    /// What the answer link stands for now.
    pub fn key(&self) -> Key {
        key(&self.invitation)
    }

    /// What the answer link signs now.
    pub fn target(&self) -> Target {
        self.key().target(ANSWER)
    }

    /// The question that `token` opens.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anything but a link that this service gave out and did not revoke.
    pub async fn by_link<C: ConnectionTrait>(
        db: &C,
        links: &crate::foundation::links::Links,
        token: &Token,
    ) -> Result<Self> {
        let question = Self::get(db, InvitationId(token.subject)).await?;
        if links.verify(token, &question.target()) {
            Ok(question)
        } else {
            Err(Error::NotFound)
        }
    }
}

/// What the answer link of `row` stands for.
pub(super) fn key(row: &invitation::Model) -> Key {
    Key {
        subject: row.id.0,
        person: row.person_id,
        generation: row.generation,
    }
}

pub(super) async fn get<C: ConnectionTrait>(db: &C, id: InvitationId) -> Result<invitation::Model> {
    invitation::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}

/// All questions of a panel, oldest first.
pub(super) async fn of_panel<C: ConnectionTrait>(
    db: &C,
    panel: PanelId,
) -> Result<Vec<invitation::Model>> {
    Ok(invitation::Entity::find()
        .filter(invitation::Column::PanelId.eq(panel))
        .order_by_asc(invitation::Column::AskedAt)
        .order_by_asc(invitation::Column::Id)
        .all(db)
        .await?)
}

/// The question of an assignment that still stands: the newest that was not closed.
pub(super) async fn standing<C: ConnectionTrait>(
    db: &C,
    assignment: AssignmentId,
) -> Result<Option<invitation::Model>> {
    Ok(invitation::Entity::find()
        .filter(invitation::Column::AssignmentId.eq(assignment))
        .filter(invitation::Column::ClosedAt.is_null())
        .order_by_desc(invitation::Column::AskedAt)
        .order_by_desc(invitation::Column::Id)
        .one(db)
        .await?)
}

/// Asks for `assignment` until `cutoff`: a new question with a link of its own.
pub(super) async fn put(
    tx: &WriteTx,
    assignment: &assignment::Model,
    cutoff: DateTime<Utc>,
    provisional: bool,
) -> Result<invitation::Model> {
    let row = invitation::Model {
        id: tx.id(),
        assignment_id: assignment.id,
        panel_id: assignment.panel_id,
        person_id: assignment.person_id,
        generation: 1,
        asked_at: tx.now(),
        cutoff_at: cutoff,
        provisional,
        seen_at: None,
        disowned_at: None,
        answer: None,
        answered_at: None,
        channel: None,
        recorded_by: None,
        record_note: String::new(),
        decline_reason: None,
        decline_note: String::new(),
        suggestion: String::new(),
        statement_at: None,
        statement_text: String::new(),
        pledge_version: None,
        answers: 0,
        reminders: 0,
        reminded_at: None,
        closed_at: None,
    };
    invitation::Entity::insert(invitation::ActiveModel::from(row.clone()))
        .exec_without_returning(tx.db())
        .await?;
    Ok(row)
}

/// Writes a changed question.
pub(super) async fn set(
    tx: &WriteTx,
    changed: invitation::ActiveModel,
) -> Result<invitation::Model> {
    Ok(invitation::Entity::update(changed).exec(tx.db()).await?)
}

/// Closes the standing question of an assignment and takes back its mails that have not left.
/// Returns whether the expert may know of the question.
pub(super) async fn close(tx: &WriteTx, assignment: AssignmentId) -> Result<bool> {
    let Some(row) = standing(tx.db(), assignment).await? else {
        return Ok(true);
    };
    let id = row.id.0;
    let unanswered = row.answer.is_none();
    set(
        tx,
        invitation::ActiveModel {
            closed_at: Set(Some(tx.now())),
            ..row.into()
        },
    )
    .await?;
    let mut unsent = 0;
    for kind in [
        <Invitation as mail::Template>::KIND,
        <Redated as mail::Template>::KIND,
    ] {
        unsent += mail::outbox::cancel(tx, kind, id).await?;
    }
    mail::outbox::cancel(tx, <Reminder as mail::Template>::KIND, id).await?;
    Ok(unsent == 0 || !unanswered)
}

pub(super) async fn assignment<C: ConnectionTrait>(
    db: &C,
    id: AssignmentId,
) -> Result<assignment::Model> {
    assignment::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound)
}
