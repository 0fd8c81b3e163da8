//! A panel under its lock, with everyone ever asked for it. Whatever decides about places begins
//! here, so that two decisions about one panel take turns.

use entity::{
    assignment::{self, AssignmentState},
    ids::{AssignmentId, PanelId},
    panel::{self, PanelState},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    mails::{Complete, Reopened},
    matter::{Attendance, Matter},
    owners::{Owners, PanelEvent},
    rules::Board,
    seats, store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Error, Result},
        mail::{self, About, Options, Recipient, Template},
        store::WriteTx,
    },
    units,
};

/// A locked panel.
#[derive(Clone, Debug)]
pub(super) struct Locked {
    /// Its row.
    pub panel: panel::Model,
    /// Everyone ever asked, in the order of asking.
    pub assignments: Vec<assignment::Model>,
}

impl Locked {
    /// Locks the panel until the write ends.
    pub async fn take(tx: &WriteTx, panel: PanelId) -> Result<Self> {
        let panel = store::lock(tx, panel).await?;
        let assignments = store::assignments(tx.db(), &[panel.id]).await?;
        Ok(Self { panel, assignments })
    }

    /// How its places are filled now.
    pub fn board(&self) -> Board {
        Board::of(self.panel.demand, &self.assignments)
    }

    /// One of its assignments.
    pub fn assignment(&self, id: AssignmentId) -> Result<&assignment::Model> {
        self.assignments
            .iter()
            .find(|row| row.id == id)
            .ok_or(Error::NotFound)
    }

    /// The assignments that stand at `state`.
    pub fn standing_at(&self, state: AssignmentState) -> Vec<assignment::Model> {
        self.assignments
            .iter()
            .filter(|row| row.state == state)
            .cloned()
            .collect()
    }

    /// Adds an assignment.
    pub async fn add(&mut self, tx: &WriteTx, row: assignment::Model) -> Result<()> {
        assignment::Entity::insert(assignment::ActiveModel::from(row.clone()))
            .exec_without_returning(tx.db())
            .await?;
        self.assignments.push(row);
        Ok(())
    }

    /// Writes a changed assignment.
    pub async fn set(&mut self, tx: &WriteTx, changed: assignment::ActiveModel) -> Result<()> {
        let row = assignment::Entity::update(changed).exec(tx.db()).await?;
        if let Some(known) = self.assignments.iter_mut().find(|known| known.id == row.id) {
            *known = row;
        }
        Ok(())
    }

    /// The meeting as the next entry of a member's calendar, or its removal; none without a meeting.
    pub async fn entry(
        &mut self,
        tx: &WriteTx,
        assignment: AssignmentId,
        cancelled: bool,
    ) -> Result<Option<Attendance>> {
        let sequence = self.panel.calendar_sequence + 1;
        self.set_panel(tx, |row| row.calendar_sequence = Set(sequence))
            .await?;
        Ok(match (self.panel.meeting_from, self.panel.meeting_to) {
            (Some(from), Some(to)) => Some(Attendance {
                assignment,
                sequence,
                from,
                to,
                cancelled,
            }),
            _ => None,
        })
    }

    /// Changes the panel's row.
    pub async fn set_panel(
        &mut self,
        tx: &WriteTx,
        change: impl FnOnce(&mut panel::ActiveModel),
    ) -> Result<()> {
        let mut row = panel::ActiveModel::from(self.panel.clone());
        change(&mut row);
        self.panel = panel::Entity::update(row).exec(tx.db()).await?;
        Ok(())
    }

    /// Notes whether the panel stands after its owner changed it; the owner need not be told.
    pub async fn reopen(&mut self, tx: &WriteTx) -> Result<()> {
        if self.panel.state == PanelState::Standing && self.board().state() == PanelState::Open {
            self.set_panel(tx, |row| {
                row.state = Set(PanelState::Open);
                row.standing_at = Set(None);
            })
            .await?;
        }
        Ok(())
    }

    /// Draws the conclusion from changed places: the panel stands, or stands no longer, and its
    /// owner and the asking unit hear of it.
    pub async fn settle(&mut self, tx: &WriteTx, ctx: &Context, owners: &Owners) -> Result<()> {
        let state = self.board().state();
        match (self.panel.state, state) {
            (PanelState::Open, PanelState::Standing) => {
                self.set_panel(tx, |row| {
                    row.state = Set(PanelState::Standing);
                    row.standing_at = Set(Some(tx.now()));
                })
                .await?;
                owners
                    .tell(tx, ctx, &self.panel, PanelEvent::Standing)
                    .await?;
                let complete = Complete {
                    matter: Matter::for_mail(&self.panel),
                    members: self.told_members(tx).await?,
                    path: owners.members_href(&self.panel),
                };
                self.tell_asking_unit(tx, &complete).await
            }
            (PanelState::Standing, PanelState::Open) => {
                self.reopen(tx).await?;
                owners
                    .tell(tx, ctx, &self.panel, PanelEvent::Changed)
                    .await?;
                let reopened = Reopened {
                    matter: Matter::for_mail(&self.panel),
                    members: self.told_members(tx).await?,
                    path: owners.href(&self.panel),
                };
                self.tell_asking_unit(tx, &reopened).await
            }
            _ => Ok(()),
        }
    }

    /// Mails what became of the panel to the contacts of the unit that asked.
    async fn tell_asking_unit<T: Template>(&self, tx: &WriteTx, template: &T) -> Result<()> {
        let Some(unit) = self.panel.asking_unit_id else {
            return Ok(());
        };
        for contact in units::contacts(tx.db(), unit).await? {
            mail::outbox::enqueue(
                tx,
                &recipient(&contact.person),
                &About {
                    subject: self.panel.id.0,
                    generation: self.panel.calendar_sequence,
                    cause: format!("{} {}", T::LABEL, self.panel.number),
                },
                Options::default(),
                template,
            )
            .await?;
        }
        Ok(())
    }

    /// The members as a mail may name them.
    async fn told_members(&self, tx: &WriteTx) -> Result<Vec<String>> {
        if self.panel.confidential {
            Ok(Vec::new())
        } else {
            member_lines(tx, self.panel.id).await
        }
    }
}

/// Name and unit of each member, the head first.
pub(super) async fn member_lines(tx: &WriteTx, panel: PanelId) -> Result<Vec<String>> {
    let mut members = seats::members(tx.db(), panel).await?;
    members.sort_by_key(|member| !member.assignment.head);
    Ok(members
        .iter()
        .map(|member| {
            let head = if member.assignment.head {
                "（组长）"
            } else {
                ""
            };
            format!(
                "{}{head}，{}",
                member.expert.person.name, member.expert.unit_name
            )
        })
        .collect())
}

/// A person as the recipient of a mail.
pub(super) fn recipient(person: &entity::person::Model) -> Recipient {
    Recipient {
        person: Some(person.id),
        name: person.name.clone(),
        address: person.email.clone(),
    }
}
