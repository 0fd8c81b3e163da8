//! Mails of committees: to the contacts of their units, to the people with an office, to both.

mod news;
mod people;

use entity::{
    committee,
    ids::{CommitteeEventId, CommitteeId, UnitId},
    person,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(super) use news::{Ended, EndsSoon, Founded, Promoted};
pub(super) use people::{Admitted, Applied, Appointed, NotAdmitted, Referred};

use super::{rules, store::Full};
use crate::{
    foundation::{
        error::Result,
        mail::{About, Letter, LetterDesk, Options, Recipient, Registry, Template, outbox},
        store::WriteTx,
    },
    units,
};

/// Makes the mails of committees known.
pub(super) fn register(registry: &mut Registry) {
    registry.register::<Founded>();
    registry.register::<Promoted>();
    registry.register::<Ended>();
    registry.register::<EndsSoon>();
    registry.register::<Applied>();
    registry.register::<Admitted>();
    registry.register::<NotAdmitted>();
    registry.register::<Appointed>();
    registry.register::<Referred>();
}

/// Which committee a mail is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Which {
    id: CommitteeId,
    name: String,
}

impl Which {
    /// As it is now.
    pub fn of(row: &committee::Model) -> Self {
        Self {
            id: row.id,
            name: row.name.clone(),
        }
    }

    /// A letter that leads to the committee's page.
    fn letter(&self, desk: &LetterDesk<'_>, subject: &str, text: String) -> Letter {
        let path = format!("/committees/{}", self.id);
        Letter::new(
            format!("{}{subject}", self.name),
            format!("{}，您好！", desk.recipient),
        )
        .text(text)
        .action("查看", desk.links.absolute(&path))
    }
}

/// Tells the contacts of all units that take part, and everybody with an office.
pub(super) async fn to_all<T: Template>(
    tx: &WriteTx,
    full: &Full,
    event: CommitteeEventId,
    mail: &T,
) -> Result<()> {
    everybody(tx, full, event.0, 1, mail).await
}

/// The same about the committee as a whole, once for each number.
pub(super) async fn to_all_numbered<T: Template>(
    tx: &WriteTx,
    full: &Full,
    number: i32,
    mail: &T,
) -> Result<()> {
    everybody(tx, full, full.row.id.0, number, mail).await
}

async fn everybody<T: Template>(
    tx: &WriteTx,
    full: &Full,
    subject: Uuid,
    generation: i32,
    mail: &T,
) -> Result<()> {
    for one in full.admitted() {
        for contact in units::contacts(tx.db(), one.unit.id).await? {
            send(tx, &full.row, &contact.person, subject, generation, mail).await?;
        }
    }
    for officer in &full.people {
        send(tx, &full.row, &officer.person, subject, generation, mail).await?;
    }
    Ok(())
}

/// Tells those who act for the committee.
pub(super) async fn to_officers<T: Template>(
    tx: &WriteTx,
    full: &Full,
    event: CommitteeEventId,
    mail: &T,
) -> Result<()> {
    for officer in full.people.iter().filter(|one| rules::acts(one.row.office)) {
        send(tx, &full.row, &officer.person, event.0, 1, mail).await?;
    }
    Ok(())
}

/// Tells the contacts of one unit.
pub(super) async fn to_unit<T: Template>(
    tx: &WriteTx,
    row: &committee::Model,
    unit: UnitId,
    event: CommitteeEventId,
    mail: &T,
) -> Result<()> {
    for contact in units::contacts(tx.db(), unit).await? {
        send(tx, row, &contact.person, event.0, 1, mail).await?;
    }
    Ok(())
}

/// Tells one person.
pub(super) async fn to_person<T: Template>(
    tx: &WriteTx,
    row: &committee::Model,
    person: &person::Model,
    event: CommitteeEventId,
    mail: &T,
) -> Result<()> {
    send(tx, row, person, event.0, 1, mail).await
}

async fn send<T: Template>(
    tx: &WriteTx,
    row: &committee::Model,
    person: &person::Model,
    subject: Uuid,
    generation: i32,
    mail: &T,
) -> Result<()> {
    let about = About {
        subject,
        generation,
        cause: format!("{} {}", T::LABEL, row.name),
    };
    outbox::enqueue(tx, &recipient(person), &about, Options::default(), mail).await?;
    Ok(())
}

/// A person as the one who is written to.
pub(super) fn recipient(person: &person::Model) -> Recipient {
    Recipient {
        person: Some(person.id),
        name: person.name.clone(),
        address: person.email.clone(),
    }
}

#[cfg(test)]
mod tests;
