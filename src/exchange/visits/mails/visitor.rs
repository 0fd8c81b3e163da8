//! Mails to the visitors themselves, with their link and the days for their calendar.

use chrono::NaiveDate;
use entity::{
    ids::{ExchangeEventId, PersonId},
    visit, visit_terms, visitor,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Facts, about, recipient};
use crate::{
    exchange::visits::{link, visitors::VisitorPerson},
    foundation::{
        calendar::{Event, Status, When},
        error::Result,
        links::Target,
        mail::{Letter, LetterDesk, Options, Queued, Registry, Template, outbox},
        store::WriteTx,
        ui::dates,
    },
};

/// Makes these kinds known.
pub(super) fn register(registry: &mut Registry) {
    registry.register::<ForVisitor>();
    registry.register::<VisitorReminder>();
}

/// A visitor's link, to be signed when the mail is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct LinkFacts {
    subject: Uuid,
    person: PersonId,
    generation: i32,
}

impl LinkFacts {
    fn of(row: &visitor::Model) -> Self {
        Self {
            subject: row.id.0,
            person: row.person_id,
            generation: row.generation,
        }
    }

    fn url(&self, desk: &LetterDesk<'_>) -> String {
        desk.links.url(&Target {
            purpose: link::LINK,
            subject: self.subject,
            person: self.person.0,
            generation: self.generation,
        })
    }
}

/// The visit stands, has changed, or will not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::exchange::visits) struct ForVisitor {
    facts: Facts,
    link: LinkFacts,
    sequence: u32,
    cancelled: bool,
    tasks: String,
    mentor: String,
    secrecy: String,
}

impl Template for ForVisitor {
    const KIND: &'static str = "exchange.visitor";
    const LABEL: &'static str = "互访通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let facts = &self.facts;
        let greeting = format!("{}，您好！", desk.recipient);
        let event = Event {
            uid: format!("visitor-{}@expert-pool", self.link.subject),
            sequence: self.sequence,
            stamp: desk.now,
            when: When::Days {
                first: facts.from,
                last: facts.to,
            },
            zone: desk.zone,
            status: if self.cancelled {
                Status::Cancelled
            } else {
                Status::Confirmed
            },
            summary: format!("人才互访：{}", facts.short()),
            description: self.tasks.clone(),
            location: facts.place.clone(),
            url: None,
        };
        if self.cancelled {
            return Letter::new(format!("人才互访取消：{}", facts.short()), greeting)
                .text(
                    "您参加的人才互访取消了，或者人员有调整，您不用前往。日历中的安排会一并取消。",
                )
                .facts(facts.rows())
                .calendar(event);
        }
        Letter::new(format!("人才互访安排：{}", facts.short()), greeting)
            .text("您参加的人才互访双方单位都已同意，安排如下。返回后请在下面的页面确认实际日期，并提交总结。")
            .facts(facts.rows())
            .facts([
                ("任务", &self.tasks),
                ("带教老师", &self.mentor),
                ("保密要求", &self.secrecy),
            ])
            .action("查看安排", self.link.url(desk))
            .calendar(event)
    }
}

/// Tells a visitor that the visit stands by these terms, or that they do not go (`cancelled`).
pub(in crate::exchange::visits) async fn to_visitor(
    tx: &WriteTx,
    facts: &Facts,
    visit: &visit::Model,
    terms: &visit_terms::Model,
    one: &VisitorPerson,
    event: ExchangeEventId,
    cancelled: bool,
) -> Result<()> {
    let mentor = [terms.mentor_name.as_str(), terms.mentor_phone.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("，");
    let mail = ForVisitor {
        facts: facts.clone(),
        link: LinkFacts::of(&one.visitor),
        sequence: u32::try_from(visit.calendar_sequence).unwrap_or(0),
        cancelled,
        tasks: terms.tasks.clone(),
        mentor,
        secrecy: terms.secrecy.clone(),
    };
    let about = about::<ForVisitor>(facts, event.0, 1);
    outbox::enqueue(
        tx,
        &recipient(&one.person),
        &about,
        Options::default(),
        &mail,
    )
    .await?;
    Ok(())
}

/// What a visitor is reminded of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::exchange::visits) enum Reminder {
    /// The return is to be confirmed.
    Return,
    /// The report is due soon.
    ReportSoon,
    /// The report is late.
    ReportLate,
}

/// A reminder to a visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::exchange::visits) struct VisitorReminder {
    facts: Facts,
    link: LinkFacts,
    what: Reminder,
    due: NaiveDate,
}

impl Template for VisitorReminder {
    const KIND: &'static str = "exchange.visitor_reminder";
    const LABEL: &'static str = "互访提醒";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let due = dates::day_and_weekday(self.due);
        let (subject, text, button) = match self.what {
            Reminder::Return => (
                "请确认返回日期",
                "您参加的人才互访约定的时间已过，请确认实际的往返日期。同行一人确认即可。"
                    .to_owned(),
                "确认返回",
            ),
            Reminder::ReportSoon => (
                "互访总结快到期",
                format!("您参加的人才互访，总结请在{due}前提交。同行一人提交即可。"),
                "提交总结",
            ),
            Reminder::ReportLate => (
                "互访总结已逾期",
                format!("您参加的人才互访，总结期限是{due}，请尽快提交。"),
                "提交总结",
            ),
        };
        Letter::new(
            format!("{subject}：{}", self.facts.short()),
            format!("{}，您好！", desk.recipient),
        )
        .text(text)
        .facts(self.facts.rows())
        .action(button, self.link.url(desk))
    }
}

/// Reminds a visitor, once for each generation; gives whether the mail is new.
pub(in crate::exchange::visits) async fn remind_visitor(
    tx: &WriteTx,
    facts: &Facts,
    one: &VisitorPerson,
    (what, due): (Reminder, NaiveDate),
    generation: i32,
) -> Result<bool> {
    let mail = VisitorReminder {
        facts: facts.clone(),
        link: LinkFacts::of(&one.visitor),
        what,
        due,
    };
    let about = about::<VisitorReminder>(facts, one.visitor.id.0, generation);
    let to = recipient(&one.person);
    let queued = outbox::enqueue(tx, &to, &about, Options::default(), &mail).await?;
    Ok(matches!(queued, Queued::New(_)))
}
