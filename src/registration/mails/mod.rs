//! Mails of registrations. Whoever has no address of their own is written to through the contact who
//! enrolled them: every letter names the person.

mod asking;
mod onward;
mod telling;

pub use asking::{Confirm, Offer, ToApprove};
pub use onward::{Merged, NewLink, NotReached};
pub use telling::{
    AwaitingUnit, Cancelled, Enrolled, Lapsed, Left, Moved, Refused, Reminder, Waiting,
};

use entity::{enrolment, ids::PersonId, person};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{matter::Matter, own};
use crate::{
    foundation::{
        error::Result,
        mail::{self, About, LetterDesk, Options, Recipient, Registry, Template},
        store::WriteTx,
    },
    people,
};

/// Makes all mails of this body known.
pub fn register(registry: &mut Registry) {
    registry.register::<Confirm>();
    registry.register::<ToApprove>();
    registry.register::<Offer>();
    registry.register::<AwaitingUnit>();
    registry.register::<Enrolled>();
    registry.register::<Waiting>();
    registry.register::<Lapsed>();
    registry.register::<Refused>();
    registry.register::<Left>();
    registry.register::<Moved>();
    registry.register::<Merged>();
    registry.register::<NotReached>();
    registry.register::<NewLink>();
    registry.register::<Cancelled>();
    registry.register::<Reminder>();
}

/// Whom an enrolment's mail is about, and what their own link stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The enrolment.
    pub subject: Uuid,
    /// The person.
    pub person: PersonId,
    /// Older generations are dead.
    pub generation: i32,
    /// Name of the person.
    pub name: String,
}

impl Key {
    /// What the link of `row` stands for.
    pub fn of(row: &enrolment::Model, name: &str) -> Self {
        Self {
            subject: row.id.0,
            person: row.person_id,
            generation: row.generation,
            name: name.to_owned(),
        }
    }

    fn url(&self, desk: &LetterDesk<'_>) -> String {
        desk.links.url(&own::target(self))
    }

    /// 张三：您好！
    fn greeting(&self, desk: &LetterDesk<'_>) -> String {
        format!("{}：您好！", desk.recipient)
    }

    /// Whose enrolment it is, in a letter that may go to the contact.
    fn whose(&self, desk: &LetterDesk<'_>) -> String {
        if self.name == desk.recipient {
            "您".to_owned()
        } else {
            format!("贵单位{}", self.name)
        }
    }
}

/// Queues a mail about an enrolment, to the person or, without an address, to the contact who
/// enrolled them. It is one for each round of the enrolment.
pub(super) async fn send<T: Template>(
    tx: &WriteTx,
    row: &enrolment::Model,
    person: &person::Model,
    matter: &Matter,
    options: Options,
    template: &T,
) -> Result<()> {
    let contact = match row.by_person {
        Some(contact) if person.email.is_none() && row.email.is_none() => {
            Some(people::get(tx.db(), contact).await?)
        }
        _ => None,
    };
    mail::outbox::enqueue(
        tx,
        &recipient(row, person, contact.as_ref()),
        &About {
            subject: row.id.0,
            generation: row.rounds,
            cause: format!("{} {}", T::LABEL, matter.short_title()),
        },
        options,
        template,
    )
    .await?;
    Ok(())
}

/// The person's own address goes before the one that was typed for this matter; without either the
/// contact who enrolled the person is written to.
pub(super) fn recipient(
    row: &enrolment::Model,
    person: &person::Model,
    contact: Option<&person::Model>,
) -> Recipient {
    let address = person.email.clone().or_else(|| row.email.clone());
    match contact {
        Some(contact) if address.is_none() => Recipient {
            person: Some(contact.id),
            name: contact.name.clone(),
            address: contact.email.clone(),
        },
        _ => Recipient {
            person: Some(person.id),
            name: person.name.clone(),
            address,
        },
    }
}

#[cfg(test)]
mod tests;
