//! Mails of registrations. Whoever has no address of their own is written to through the contact who
//! enrolled them: every letter names the person.

mod asking;
mod telling;

pub use asking::{Confirm, Offer, ToApprove};
pub use telling::{Cancelled, Enrolled, Lapsed, Left, Moved, Refused, Reminder, Waiting};

use entity::{enrolment, ids::PersonId, person};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ENROLMENT, matter::Matter};
use crate::{
    foundation::{
        error::Result,
        links::Target,
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
    registry.register::<Enrolled>();
    registry.register::<Waiting>();
    registry.register::<Lapsed>();
    registry.register::<Refused>();
    registry.register::<Left>();
    registry.register::<Moved>();
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
        desk.links.url(&Target {
            purpose: ENROLMENT,
            subject: self.subject,
            person: self.person.0,
            generation: self.generation,
        })
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
    let generation = row.rounds;
    send_numbered(tx, row, person, matter, generation, options, template).await
}

/// The same with a number of its own.
pub(super) async fn send_numbered<T: Template>(
    tx: &WriteTx,
    row: &enrolment::Model,
    person: &person::Model,
    matter: &Matter,
    generation: i32,
    options: Options,
    template: &T,
) -> Result<()> {
    mail::outbox::enqueue(
        tx,
        &recipient(tx, row, person).await?,
        &About {
            subject: row.id.0,
            generation,
            cause: format!("{} {}", T::LABEL, matter.short_title()),
        },
        options,
        template,
    )
    .await?;
    Ok(())
}

/// The person's own address goes before the one that was typed for this matter.
async fn recipient(
    tx: &WriteTx,
    row: &enrolment::Model,
    person: &person::Model,
) -> Result<Recipient> {
    let address = person.email.clone().or_else(|| row.email.clone());
    let contact = match (&address, row.by_person) {
        (None, Some(contact)) => Some(people::get(tx.db(), contact).await?),
        _ => None,
    };
    Ok(match contact {
        Some(contact) => Recipient {
            person: Some(contact.id),
            name: contact.name,
            address: contact.email,
        },
        None => Recipient {
            person: Some(person.id),
            name: person.name.clone(),
            address,
        },
    })
}
