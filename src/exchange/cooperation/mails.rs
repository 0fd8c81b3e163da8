//! Mails of joint projects: to the contacts of the units, and to the exchange group.

use chrono::NaiveDate;
use entity::{
    cooperation, deliverable,
    ids::{CooperationId, UnitId},
    person,
    role_grant::Role,
};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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

/// Longest title in a subject line, in characters.
const SUBJECT_TITLE: usize = 20;

/// What a mail says of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    id: CooperationId,
    number: String,
    title: String,
    lead: String,
    from: NaiveDate,
    to: NaiveDate,
}

impl Facts {
    /// Of a project.
    pub async fn of<C: ConnectionTrait>(db: &C, row: &cooperation::Model) -> Result<Self> {
        Ok(Self {
            id: row.id,
            number: row.number.clone(),
            title: row.title.clone(),
            lead: units::get(db, row.lead_unit_id).await?.name,
            from: row.from_date,
            to: row.to_date,
        })
    }

    fn short(&self) -> String {
        if self.title.chars().count() <= SUBJECT_TITLE {
            self.title.clone()
        } else {
            let head: String = self.title.chars().take(SUBJECT_TITLE - 1).collect();
            format!("{head}…")
        }
    }
}

/// A deliverable as a line of a letter.
pub(super) fn due_line(row: &deliverable::Model) -> String {
    format!("{}，{}前", row.title, dates::day_and_weekday(row.due_on))
}

/// A mail that says what happened to a project, in a sentence and some lines.
pub(super) trait Notice: Template {
    /// About `facts`, with further lines.
    fn new(facts: &Facts, lines: &[String]) -> Self;
}

fn letter(
    facts: &Facts,
    lines: &[String],
    desk: &LetterDesk<'_>,
    (subject, text, button): (&str, &str, &str),
) -> Letter {
    let span = format!(
        "{}至{}",
        dates::full_day(facts.from),
        dates::full_day(facts.to)
    );
    let letter = Letter::new(
        format!("{subject}：{}", facts.short()),
        format!("{}，您好！", desk.recipient),
    )
    .text(text)
    .facts([
        ("编号", facts.number.clone()),
        ("名称", facts.title.clone()),
        ("牵头单位", facts.lead.clone()),
        ("时间", span),
    ]);
    let letter = if lines.is_empty() {
        letter
    } else {
        letter.list(lines.iter().cloned())
    };
    let path = format!("/cooperations/{}", facts.id);
    letter.action(button, desk.links.absolute(&path))
}

macro_rules! notices {
    ($($(#[$doc:meta])* $name:ident = $kind:literal $label:literal {
        $subject:literal, $text:literal, $button:literal
    })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            pub(super) struct $name {
                facts: Facts,
                lines: Vec<String>,
            }

            impl Template for $name {
                const KIND: &'static str = $kind;
                const LABEL: &'static str = $label;

                fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
                    letter(&self.facts, &self.lines, desk, ($subject, $text, $button))
                }
            }

            impl Notice for $name {
                fn new(facts: &Facts, lines: &[String]) -> Self {
                    Self {
                        facts: facts.clone(),
                        lines: lines.to_vec(),
                    }
                }
            }
        )*

        /// Makes all mails of joint projects known.
        pub fn register(registry: &mut Registry) {
            $(registry.register::<$name>();)*
        }

        /// Kind and label of each, for tests.
        #[cfg(test)]
        const KINDS: &[(&str, &str)] = &[$(($kind, $label)),*];
    };
}

notices! {
    /// To a unit that is asked to take part.
    Asked = "cooperation.asked" "合作邀请" {
        "请确认是否参加合作项目",
        "下面的合作项目邀请贵单位参加。请看一下目标、承担的工作和期限，确认是否参加；有两个单位参加后项目开始。",
        "查看并确认"
    }
    /// To the lead.
    Joined = "cooperation.joined" "单位参加" {
        "有单位参加合作项目",
        "有单位确认参加贵单位牵头的合作项目。",
        "查看项目"
    }
    /// To the lead, with the reason.
    NotJoined = "cooperation.not_joined" "单位不参加" {
        "有单位不参加合作项目",
        "有单位不参加贵单位牵头的合作项目，理由如下：",
        "查看项目"
    }
    /// To everybody who takes part.
    Running = "cooperation.running" "合作开始" {
        "合作项目已经开始",
        "参加的单位已确认，下面的合作项目开始了。请贵单位在页面上写明参加的人员。",
        "查看项目"
    }
    /// To the exchange group.
    RunningForGroup = "cooperation.running_group" "合作开始" {
        "备案：合作项目已经开始",
        "下面的合作项目已经开始，请交流工作组备案。",
        "查看项目"
    }
    /// To the unit that is to bring something more.
    DeliverableAdded = "cooperation.deliverable_added" "新增成果" {
        "合作项目新增成果",
        "牵头单位在下面的合作项目里增加了由贵单位负责的成果：",
        "查看项目"
    }
    /// To the unit, or the lead: something is due soon.
    DueSoon = "cooperation.due_soon" "成果到期" {
        "合作成果快到期",
        "下面的合作项目里，贵单位负责的成果快到期了：",
        "去登记"
    }
    /// To the unit: something is late.
    Late = "cooperation.late" "成果逾期" {
        "合作成果已逾期",
        "下面的合作项目里，贵单位负责的成果已过期限，请尽快完成并登记：",
        "去登记"
    }
    /// To the lead: something of another unit is late.
    LateForLead = "cooperation.late_lead" "成果逾期" {
        "合作项目有成果逾期",
        "贵单位牵头的合作项目里，有成果已过期限，已提醒负责的单位：",
        "查看项目"
    }
    /// To the lead: something was brought.
    Delivered = "cooperation.delivered" "成果已交" {
        "合作成果已完成",
        "贵单位牵头的合作项目里，有成果已登记完成：",
        "查看项目"
    }
    /// To the lead: the end has come.
    EndDue = "cooperation.end_due" "合作到期" {
        "请结束合作项目",
        "贵单位牵头的合作项目已到期，请写明结果并结束项目。",
        "去结束"
    }
    /// To everybody who took part.
    Ended = "cooperation.ended" "合作结束" {
        "合作项目已结束",
        "下面的合作项目已由牵头单位结束，感谢各单位。结果和成果可以随时查看。",
        "查看结果"
    }
    /// To the exchange group.
    EndedForGroup = "cooperation.ended_group" "合作结束" {
        "备案：合作项目已结束",
        "下面的合作项目已由牵头单位结束。",
        "查看结果"
    }
}

/// Tells every contact of a unit of what (subject, generation) stands for; gives how many mails are
/// new.
pub(super) async fn to_unit<T: Notice>(
    tx: &WriteTx,
    facts: &Facts,
    unit: UnitId,
    of: (Uuid, i32),
    lines: &[String],
) -> Result<usize> {
    let people: Vec<_> = units::contacts(tx.db(), unit)
        .await?
        .into_iter()
        .map(|contact| contact.person)
        .collect();
    to_people::<T>(tx, facts, &people, of, lines).await
}

/// Tells everybody of the exchange group.
pub(super) async fn to_group<T: Notice>(
    tx: &WriteTx,
    facts: &Facts,
    of: (Uuid, i32),
) -> Result<()> {
    let people = roles::people_with(tx.db(), Role::Exchange).await?;
    to_people::<T>(tx, facts, &people, of, &[]).await?;
    Ok(())
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
        let to = Recipient {
            person: Some(person.id),
            name: person.name.clone(),
            address: person.email.clone(),
        };
        let about = About {
            subject,
            generation,
            cause: format!("{} {}", T::LABEL, facts.number),
        };
        let queued = outbox::enqueue(tx, &to, &about, Options::default(), &mail).await?;
        new += usize::from(matches!(queued, Queued::New(_)));
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::json;

    use super::*;
    use crate::foundation::{config::Config, links::Links};

    #[test]
    fn every_notice_is_a_whole_letter_that_leads_to_the_project() {
        let office = Config::load(None).unwrap().office;
        let key = "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let links = Links::parse(key, "https://pool.example.org").unwrap();
        let desk = LetterDesk {
            links: &links,
            office: &office,
            zone: office.time_zone.0,
            recipient: "周叙白",
            now: DateTime::<Utc>::UNIX_EPOCH,
        };
        let mut registry = Registry::default();
        register(&mut registry);
        for (kind, label) in KINDS {
            let facts = json!({
                "facts": {
                    "id": Uuid::nil(),
                    "number": "HZ-2026-0001",
                    "title": "团体标准实施效果评价方法联合研究",
                    "lead": "中国电子学会",
                    "from": "2026-10-01",
                    "to": "2027-09-30",
                },
                "lines": ["调研报告，12月31日（周四）前"],
            });
            let letter = registry.letter(kind, &facts, &desk).unwrap();
            assert!(letter.subject.chars().count() <= 40, "{}", letter.subject);
            assert!((2..=6).contains(&label.chars().count()), "{label}");
            let (_, url) = letter.action.as_ref().unwrap();
            assert!(url.starts_with("https://pool.example.org/cooperations/0"));
            let said = format!("{:?}", letter.blocks);
            assert!(said.contains("2026年10月1日至2027年9月30日"), "{said}");
            assert!(said.contains("调研报告，12月31日（周四）前"), "{said}");
        }
    }
}
