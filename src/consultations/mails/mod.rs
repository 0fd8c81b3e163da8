//! Mails of consultations: to the contacts of the asking unit, and to the experts at work.

mod at_work;
mod progress;

use entity::{
    consultation,
    ids::{ConsultationEventId, ConsultationId},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(super) use at_work::{AskedAgain, ConclusionDue, OpinionDue, OpinionLate, Thanks};
pub(super) use progress::{Accepted, Closed, Concluded, ConfirmDue, Received, Refused, Returned};

use crate::{
    foundation::{
        error::Result,
        mail::{About, Options, Queued, Recipient, Registry, Template, outbox},
        store::WriteTx,
    },
    panels::Member,
    units,
};

/// Makes all mails of this body known.
pub fn register(registry: &mut Registry) {
    registry.register::<Received>();
    registry.register::<Returned>();
    registry.register::<Refused>();
    registry.register::<Accepted>();
    registry.register::<Concluded>();
    registry.register::<ConfirmDue>();
    registry.register::<Closed>();
    registry.register::<OpinionDue>();
    registry.register::<OpinionLate>();
    registry.register::<ConclusionDue>();
    registry.register::<AskedAgain>();
    registry.register::<Thanks>();
}

/// Longest title in a subject line, in characters: mail programs cut longer ones.
const SUBJECT_TITLE: usize = 24;

/// Which request a mail is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Request {
    id: ConsultationId,
    number: String,
    /// Empty where the matter is confidential: then it is no content of a mail.
    title: String,
}

impl Request {
    fn of(row: &consultation::Model) -> Self {
        Self {
            id: row.id,
            number: row.number.clone().unwrap_or_default(),
            title: if row.confidential {
                String::new()
            } else {
                row.title.clone()
            },
        }
    }

    /// What stands in the subject line.
    fn short(&self) -> String {
        if self.title.is_empty() {
            format!("{}（保密事项）", self.number)
        } else if self.title.chars().count() <= SUBJECT_TITLE {
            self.title.clone()
        } else {
            let head: String = self.title.chars().take(SUBJECT_TITLE - 1).collect();
            format!("{head}…")
        }
    }

    fn facts(&self) -> [(&'static str, &str); 2] {
        [("编号", &self.number), ("名称", &self.title)]
    }
}

/// Tells every contact of the asking unit of an event; each is told once.
pub(super) async fn to_unit<T: Template>(
    tx: &WriteTx,
    row: &consultation::Model,
    event: ConsultationEventId,
    mail: &T,
) -> Result<()> {
    for contact in units::contacts(tx.db(), row.unit_id).await? {
        let about = about::<T>(row, event.0, 1);
        outbox::enqueue(
            tx,
            &recipient(&contact.person),
            &about,
            Options::default(),
            mail,
        )
        .await?;
    }
    Ok(())
}

/// Reminds every contact of the asking unit, once for each `number`. Gives how many mails are new.
pub(super) async fn remind_unit<T: Template>(
    tx: &WriteTx,
    row: &consultation::Model,
    number: i32,
    mail: &T,
) -> Result<usize> {
    let mut queued = 0;
    for contact in units::contacts(tx.db(), row.unit_id).await? {
        let about = about::<T>(row, row.id.0, number);
        let to = recipient(&contact.person);
        let done = outbox::enqueue(tx, &to, &about, Options::default(), mail).await?;
        queued += usize::from(matches!(done, Queued::New(_)));
    }
    Ok(queued)
}

/// Tells a member of the panel of what `subject` stands for, once for each `generation`.
pub(super) async fn to_expert<T: Template>(
    tx: &WriteTx,
    row: &consultation::Model,
    subject: Uuid,
    generation: i32,
    member: &Member,
    mail: &T,
) -> Result<Queued> {
    let about = about::<T>(row, subject, generation);
    let to = recipient(&member.expert.person);
    outbox::enqueue(tx, &to, &about, Options::default(), mail).await
}

fn about<T: Template>(row: &consultation::Model, subject: Uuid, generation: i32) -> About {
    About {
        subject,
        generation,
        cause: format!("{} {}", T::LABEL, row.number.as_deref().unwrap_or_default()),
    }
}

fn recipient(person: &entity::person::Model) -> Recipient {
    Recipient {
        person: Some(person.id),
        name: person.name.clone(),
        address: person.email.clone(),
    }
}

#[cfg(test)]
mod tests;
