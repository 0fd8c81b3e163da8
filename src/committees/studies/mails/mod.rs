//! Mails of studies: to the experts at work, to those who act for the committee, to the secretariat.

mod at_work;
mod office;

use entity::{
    ids::{StudyEventId, StudyId},
    study,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(super) use at_work::{Accepted, GivenBack, ReportDue, ReportLate, Thanks};
pub(super) use office::{Filed, LeadTold, SecretariatTold, Standing};

use super::super::{
    mails::recipient,
    rules,
    store::{self as committees},
};
use crate::{
    foundation::{
        context::Context,
        error::Result,
        mail::{About, Letter, LetterDesk, Options, Recipient, Registry, Template, outbox},
        store::WriteTx,
    },
    panels::{self, Member, WORK, mails::Key},
    units,
};

/// Makes the mails of studies known.
pub(super) fn register(registry: &mut Registry) {
    registry.register::<Standing>();
    registry.register::<Filed>();
    registry.register::<LeadTold>();
    registry.register::<SecretariatTold>();
    registry.register::<Accepted>();
    registry.register::<GivenBack>();
    registry.register::<ReportDue>();
    registry.register::<ReportLate>();
    registry.register::<Thanks>();
}

/// Longest title in a subject line, in characters: mail programs cut longer ones.
const SUBJECT_TITLE: usize = 24;

/// Which study a mail is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Which {
    id: StudyId,
    number: String,
    title: String,
}

impl Which {
    /// As it is now.
    pub fn of(row: &study::Model) -> Self {
        Self {
            id: row.id,
            number: row.number.clone(),
            title: row.title.clone(),
        }
    }

    /// What stands in the subject line.
    fn short(&self) -> String {
        if self.title.chars().count() <= SUBJECT_TITLE {
            self.title.clone()
        } else {
            let head: String = self.title.chars().take(SUBJECT_TITLE - 1).collect();
            format!("{head}…")
        }
    }

    fn facts(&self) -> [(&'static str, &str); 2] {
        [("编号", &self.number), ("题目", &self.title)]
    }

    /// A letter to somebody of the office, leading to the study's page.
    fn letter(&self, desk: &LetterDesk<'_>, subject: &str, text: String) -> Letter {
        let path = format!("/studies/{}", self.id);
        Letter::new(
            format!("{subject}：{}", self.short()),
            format!("{}，您好！", desk.recipient),
        )
        .text(text)
        .facts(self.facts())
        .action("查看研究", desk.links.absolute(&path))
    }
}

/// The work of one expert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Work {
    which: Which,
    link: Key,
}

impl Work {
    /// Of a member.
    pub fn of(row: &study::Model, member: &Member) -> Self {
        Self {
            which: Which::of(row),
            link: Key {
                subject: member.assignment.id.0,
                person: member.assignment.person_id,
                generation: member.assignment.work_generation,
            },
        }
    }

    /// A letter that leads to the work page.
    fn letter(&self, desk: &LetterDesk<'_>, subject: &str, text: String) -> Letter {
        Letter::new(
            format!("{subject}：{}", self.which.short()),
            format!("{}老师：您好！", desk.recipient),
        )
        .text(text)
        .facts(self.which.facts())
        .action("打开工作页面", desk.links.url(&self.link.target(WORK)))
    }
}

/// Tells those who act for the committee; where nobody does yet, the contacts of the unit that leads.
pub(super) async fn to_officers<T: Template>(
    tx: &WriteTx,
    row: &study::Model,
    event: StudyEventId,
    mail: &T,
) -> Result<()> {
    to_lead(tx, row, event.0, 1, mail).await
}

/// The same, once for each number.
pub(super) async fn to_lead<T: Template>(
    tx: &WriteTx,
    row: &study::Model,
    subject: Uuid,
    number: i32,
    mail: &T,
) -> Result<()> {
    let full = committees::full(tx.db(), row.committee_id).await?;
    let mut to: Vec<_> = full
        .people
        .iter()
        .filter(|one| rules::acts(one.row.office))
        .map(|one| recipient(&one.person))
        .collect();
    if to.is_empty() {
        let lead = full
            .admitted()
            .find(|one| one.row.part == entity::committee_unit::UnitPart::Lead);
        if let Some(lead) = lead {
            let contacts = units::contacts(tx.db(), lead.unit.id).await?;
            to.extend(contacts.iter().map(|contact| recipient(&contact.person)));
        }
    }
    for to in to {
        send(tx, row, &to, subject, number, mail).await?;
    }
    Ok(())
}

/// Tells the secretariat as a whole.
pub(super) async fn to_secretariat<T: Template>(
    tx: &WriteTx,
    ctx: &Context,
    row: &study::Model,
    subject: Uuid,
    number: i32,
    mail: &T,
) -> Result<()> {
    let config = &ctx.config.mail;
    let address = if config.reply_to.is_empty() {
        &config.from_address
    } else {
        &config.reply_to
    };
    let to = Recipient {
        person: None,
        name: ctx.config.office.issuer.clone(),
        address: Some(address.clone()),
    };
    send(tx, row, &to, subject, number, mail).await
}

/// Tells each member of the panel, with the mail that `of` makes for them.
pub(super) async fn to_members<T: Template>(
    tx: &WriteTx,
    row: &study::Model,
    subject: Uuid,
    number: i32,
    of: impl Fn(&Member) -> T,
) -> Result<()> {
    let Some(panel) = row.panel_id else {
        return Ok(());
    };
    for member in panels::members(tx.db(), panel).await? {
        to_member(tx, row, subject, number, &member, &of(&member)).await?;
    }
    Ok(())
}

/// Tells one member.
pub(super) async fn to_member<T: Template>(
    tx: &WriteTx,
    row: &study::Model,
    subject: Uuid,
    number: i32,
    member: &Member,
    mail: &T,
) -> Result<()> {
    let to = recipient(&member.expert.person);
    send(tx, row, &to, subject, number, mail).await
}

async fn send<T: Template>(
    tx: &WriteTx,
    row: &study::Model,
    to: &Recipient,
    subject: Uuid,
    generation: i32,
    mail: &T,
) -> Result<()> {
    let about = About {
        subject,
        generation,
        cause: format!("{} {}", T::LABEL, row.number),
    };
    outbox::enqueue(tx, to, &about, Options::default(), mail).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
