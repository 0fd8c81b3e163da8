//! Mails about another term: the question, the receipt, and what the unit is told.

use chrono::NaiveDate;
use entity::{council_term, expert, ids::PersonId, person};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::renew::LINK;
use crate::{
    foundation::{
        error::Result,
        links::Target,
        mail::{About, Letter, LetterDesk, Options, Recipient, Registry, Template, outbox},
        store::WriteTx,
        ui::dates,
    },
    units,
};

/// Makes the mails of renewals known.
pub(super) fn register(registry: &mut Registry) {
    registry.register::<Asked>();
    registry.register::<Renewed>();
    registry.register::<Declined>();
    registry.register::<UnitTold>();
}

/// What the link stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Key {
    expert: Uuid,
    person: PersonId,
    generation: i32,
}

impl Key {
    fn of(row: &expert::Model) -> Self {
        Self {
            expert: row.id.0,
            person: row.person_id,
            generation: row.link_generation,
        }
    }

    fn url(self, desk: &LetterDesk<'_>) -> String {
        desk.links.url(&Target {
            purpose: LINK,
            subject: self.expert,
            person: self.person.0,
            generation: self.generation,
        })
    }
}

/// Whether the expert stays for the next term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    key: Key,
    term: i32,
    to: Option<NaiveDate>,
    next_to: NaiveDate,
}

impl Template for Asked {
    const KIND: &'static str = "experts.renewal_asked";
    const LABEL: &'static str = "续聘确认";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let to = self.to.map(dates::full_day).unwrap_or_default();
        Letter::new(
            format!("请确认是否续聘：{}专家库", desk.office.name),
            format!("{}老师：您好！", desk.recipient),
        )
        .text(format!(
            "您的聘期到{to}结束。第 {} 届理事会聘期到{}，是否续聘由您本人决定，请打开链接答复。没有答复的，聘期按时结束。",
            self.term,
            dates::full_day(self.next_to)
        ))
        .action("答复是否续聘", self.key.url(desk))
    }
}

/// The expert stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Renewed {
    key: Key,
    term: i32,
    to: NaiveDate,
    number: String,
}

impl Template for Renewed {
    const KIND: &'static str = "experts.renewed";
    const LABEL: &'static str = "续聘回执";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            "续聘已确认".to_owned(),
            format!("{}老师：您好！", desk.recipient),
        )
        .text(format!(
            "感谢您继续担任专家。第 {} 届聘期到{}。",
            self.term,
            dates::full_day(self.to)
        ))
        .facts([("聘书编号", &self.number)])
        .action("查看", self.key.url(desk))
    }
}

/// The expert does not stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Declined {
    key: Key,
    to: Option<NaiveDate>,
}

impl Template for Declined {
    const KIND: &'static str = "experts.renewal_declined";
    const LABEL: &'static str = "不续聘回执";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let to = self.to.map(dates::full_day).unwrap_or_default();
        Letter::new(
            "已记录：不再续聘".to_owned(),
            format!("{}老师：您好！", desk.recipient),
        )
        .text(format!(
            "已记录您的答复，聘期到{to}结束，之前的工作不受影响。在此之前改变主意，可打开链接重新答复。感谢您的支持。"
        ))
        .action("查看", self.key.url(desk))
    }
}

/// What the unit is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct UnitTold {
    expert: String,
    renewed: bool,
    reason: String,
}

impl Template for UnitTold {
    const KIND: &'static str = "experts.renewal_unit";
    const LABEL: &'static str = "续聘告知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let said = if self.renewed {
            "已确认续聘，继续占用贵单位的专家席位。"
        } else {
            "不再续聘，聘期届满后席位空出，可以推荐他人。"
        };
        Letter::new(
            format!("续聘答复：{}", self.expert),
            format!("{}，您好！", desk.recipient),
        )
        .text(format!("贵单位推荐的专家{}{said}", self.expert))
        .facts([("原因", &self.reason)])
        .action("查看", desk.links.absolute("/nominations"))
    }
}

/// Queues the question; once for each term and reminder.
pub(super) async fn asked(
    tx: &WriteTx,
    row: &expert::Model,
    person: &person::Model,
    term: &council_term::Model,
    days: i32,
) -> Result<()> {
    let mail = Asked {
        key: Key::of(row),
        term: term.number,
        to: row.engaged_to,
        next_to: term.to_date,
    };
    send(tx, person, row.id.0, term.number * 1000 + days, &mail).await
}

/// Queues the receipt of a yes, and tells the unit.
pub(super) async fn renewed(
    tx: &WriteTx,
    row: &expert::Model,
    person: &person::Model,
    term: &council_term::Model,
) -> Result<()> {
    let mail = Renewed {
        key: Key::of(row),
        term: term.number,
        to: term.to_date,
        number: row.engagement_number.clone().unwrap_or_default(),
    };
    send(tx, person, row.id.0, term.number, &mail).await?;
    tell_unit(tx, row, person, term.number * 2, true, "").await
}

/// Queues the receipt of a no, and tells the unit; each once for a term.
pub(super) async fn declined(
    tx: &WriteTx,
    row: &expert::Model,
    person: &person::Model,
    term: &council_term::Model,
    reason: &str,
) -> Result<()> {
    let mail = Declined {
        key: Key::of(row),
        to: row.engaged_to,
    };
    send(tx, person, row.id.0, term.number, &mail).await?;
    tell_unit(tx, row, person, term.number * 2 + 1, false, reason).await
}

async fn tell_unit(
    tx: &WriteTx,
    row: &expert::Model,
    person: &person::Model,
    number: i32,
    renewed: bool,
    reason: &str,
) -> Result<()> {
    let Some(unit) = row.unit_id.filter(|_| !row.guest) else {
        return Ok(());
    };
    let mail = UnitTold {
        expert: person.name.clone(),
        renewed,
        reason: reason.to_owned(),
    };
    for contact in units::contacts(tx.db(), unit).await? {
        send(tx, &contact.person, row.id.0, number, &mail).await?;
    }
    Ok(())
}

async fn send<T: Template>(
    tx: &WriteTx,
    person: &person::Model,
    subject: Uuid,
    generation: i32,
    mail: &T,
) -> Result<()> {
    let to = Recipient {
        person: Some(person.id),
        name: person.name.clone(),
        address: person.email.clone(),
    };
    let about = About {
        subject,
        generation,
        cause: T::LABEL.to_owned(),
    };
    outbox::enqueue(tx, &to, &about, Options::default(), mail).await?;
    Ok(())
}
