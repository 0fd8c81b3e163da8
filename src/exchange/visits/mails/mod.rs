//! Mails of visits: to the contacts of the two units, to the exchange group, and to the visitors.

mod notices;
mod visitor;

use chrono::NaiveDate;
use entity::{
    ids::{ExchangeEventId, UnitId, VisitId},
    person,
    role_grant::Role,
    visit, visit_terms,
};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(super) use notices::*;
pub(super) use visitor::{Reminder, remind_visitor, to_visitor};

use super::visitors;
use crate::{
    accounts::roles,
    foundation::{
        error::Result,
        mail::{About, Letter, LetterDesk, Options, Queued, Recipient, Registry, Template, outbox},
        store::WriteTx,
        ui::dates,
    },
    units,
};

/// Makes all mails of visits known.
pub fn register(registry: &mut Registry) {
    notices::register(registry);
    visitor::register(registry);
}

/// Longest title in a subject line, in characters.
const SUBJECT_TITLE: usize = 20;

/// What a mail says of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    pub id: VisitId,
    pub number: String,
    pub title: String,
    pub sending: String,
    pub host: String,
    pub people: Vec<String>,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub place: String,
}

impl Facts {
    /// Of a visit by these terms.
    pub async fn of<C: ConnectionTrait>(
        db: &C,
        visit: &visit::Model,
        terms: &visit_terms::Model,
    ) -> Result<Self> {
        Ok(Self {
            id: visit.id,
            number: visit.number.clone(),
            title: visit.title.clone(),
            sending: units::get(db, visit.sending_unit_id).await?.name,
            host: units::get(db, visit.host_unit_id).await?.name,
            people: visitors::names(&visitors::of_terms(db, terms).await?),
            from: terms.from_date,
            to: terms.to_date,
            place: terms.place.clone(),
        })
    }

    /// The title as it stands in a subject line.
    fn short(&self) -> String {
        if self.title.chars().count() <= SUBJECT_TITLE {
            self.title.clone()
        } else {
            let head: String = self.title.chars().take(SUBJECT_TITLE - 1).collect();
            format!("{head}…")
        }
    }

    fn rows(&self) -> [(&'static str, String); 7] {
        [
            ("编号", self.number.clone()),
            ("内容", self.title.clone()),
            ("派出单位", self.sending.clone()),
            ("接收单位", self.host.clone()),
            ("人员", self.people.join("、")),
            ("时间", dates::days(self.from, self.to)),
            ("地点", self.place.clone()),
        ]
    }
}

/// A mail of the kind that says what happened to a visit, in a sentence and some lines.
pub(super) trait Notice: Template {
    /// About `facts`, with further lines.
    fn new(facts: &Facts, lines: &[String]) -> Self;
}

/// A letter that leads to the visit's page.
fn letter(
    facts: &Facts,
    lines: &[String],
    desk: &LetterDesk<'_>,
    (subject, text, button): (&str, &str, &str),
) -> Letter {
    let letter = Letter::new(
        format!("{subject}：{}", facts.short()),
        format!("{}，您好！", desk.recipient),
    )
    .text(text)
    .facts(facts.rows());
    let letter = if lines.is_empty() {
        letter
    } else {
        letter.list(lines.iter().cloned())
    };
    letter.action(
        button,
        desk.links
            .absolute(&format!("/exchange/visits/{}", facts.id)),
    )
}

/// Tells every contact of a unit; each is told once of an event.
pub(super) async fn to_unit<T: Notice>(
    tx: &WriteTx,
    facts: &Facts,
    unit: UnitId,
    event: ExchangeEventId,
    lines: &[String],
) -> Result<()> {
    to_contacts::<T>(tx, facts, unit, (event.0, 1), lines).await?;
    Ok(())
}

/// Tells every contact of a unit of what (subject, generation) stands for; gives how many mails are
/// new.
pub(super) async fn to_contacts<T: Notice>(
    tx: &WriteTx,
    facts: &Facts,
    unit: UnitId,
    (subject, generation): (Uuid, i32),
    lines: &[String],
) -> Result<usize> {
    let people: Vec<_> = units::contacts(tx.db(), unit)
        .await?
        .into_iter()
        .map(|contact| contact.person)
        .collect();
    to_people::<T>(tx, facts, &people, (subject, generation), lines).await
}

/// Tells everybody of the exchange group.
pub(super) async fn to_group<T: Notice>(
    tx: &WriteTx,
    facts: &Facts,
    event: ExchangeEventId,
    lines: &[String],
) -> Result<()> {
    to_group_of::<T>(tx, facts, (event.0, 1), lines).await?;
    Ok(())
}

/// Tells everybody of the exchange group of what (subject, generation) stands for.
pub(super) async fn to_group_of<T: Notice>(
    tx: &WriteTx,
    facts: &Facts,
    of: (Uuid, i32),
    lines: &[String],
) -> Result<usize> {
    let people = roles::people_with(tx.db(), Role::Exchange).await?;
    to_people::<T>(tx, facts, &people, of, lines).await
}

async fn to_people<T: Notice>(
    tx: &WriteTx,
    facts: &Facts,
    people: &[person::Model],
    (subject, generation): (Uuid, i32),
    lines: &[String],
) -> Result<usize> {
    let mail = T::new(facts, lines);
    let mut new = 0;
    for person in people {
        let about = about::<T>(facts, subject, generation);
        let to = recipient(person);
        let queued = outbox::enqueue(tx, &to, &about, Options::default(), &mail).await?;
        new += usize::from(matches!(queued, Queued::New(_)));
    }
    Ok(new)
}

fn about<T: Template>(facts: &Facts, subject: Uuid, generation: i32) -> About {
    About {
        subject,
        generation,
        cause: format!("{} {}", T::LABEL, facts.number),
    }
}

fn recipient(person: &person::Model) -> Recipient {
    Recipient {
        person: Some(person.id),
        name: person.name.clone(),
        address: person.email.clone(),
    }
}

#[cfg(test)]
mod tests;
