//! Mails of consultations: to the asking unit, to the experts at work, to the secretariat.

use chrono::NaiveDate;
use entity::{assignment, consultation, ids::ConsultationId};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    foundation::{
        error::Result,
        links::Target,
        mail::{About, Letter, LetterDesk, Options, Recipient, Registry, Template, outbox},
        store::WriteTx,
        ui::dates,
    },
    panels::{Member, WORK},
    people, units,
};

/// Makes all mails of this body known.
pub fn register(registry: &mut Registry) {
    registry.register::<UnitMail>();
    registry.register::<ExpertMail>();
}

/// What the asking unit is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ToUnit {
    /// It has come in; to be taken in until that day.
    Received(NaiveDate),
    /// To be completed, with what is missing.
    Returned(String),
    /// Not taken in, with the reason.
    Refused(String),
    /// Taken in; a panel is being put together.
    Accepted,
    /// The panel stands: the roster can be seen.
    Standing,
    /// The conclusion waits for confirmation.
    Concluded,
}

impl ToUnit {
    fn order(&self) -> i32 {
        match self {
            Self::Received(_) => 0,
            Self::Returned(_) => 1,
            Self::Refused(_) => 2,
            Self::Accepted => 3,
            Self::Standing => 4,
            Self::Concluded => 5,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Received(_) => "收到申请",
            Self::Returned(_) => "退回补充",
            Self::Refused(_) => "不予受理",
            Self::Accepted => "受理申请",
            Self::Standing => "专家组到齐",
            Self::Concluded => "结论待确认",
        }
    }
}

/// A mail to a contact of the asking unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UnitMail {
    id: ConsultationId,
    number: String,
    title: String,
    what: ToUnit,
}

impl Template for UnitMail {
    const KIND: &'static str = "consultations.unit";
    const LABEL: &'static str = "申请进展";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let Self {
            id,
            number,
            title,
            what,
        } = self;
        let (subject, text, button) = match what {
            ToUnit::Received(day) => (
                format!("收到咨询申请：{title}"),
                format!(
                    "贵单位的申请已收到，秘书处将在{}前受理。",
                    dates::day_and_weekday(*day)
                ),
                "查看申请",
            ),
            ToUnit::Returned(reason) => (
                format!("请补充咨询申请：{title}"),
                format!("申请退回补充：{reason}。补充后请再次提交，已填的内容都在。"),
                "去补充",
            ),
            ToUnit::Refused(reason) => (
                format!("未受理咨询申请：{title}"),
                format!("申请没有受理，理由是：{reason}。有疑问请与秘书处联系。"),
                "查看申请",
            ),
            ToUnit::Accepted => (
                format!("已受理咨询申请：{title}"),
                "申请已受理，秘书处正在从专家库中匹配专家。专家组到齐后另行通知。".to_owned(),
                "查看进展",
            ),
            ToUnit::Standing => (
                format!("专家组已到齐：{title}"),
                "专家组已到齐，可以查看和打印专家名单。".to_owned(),
                "查看专家名单",
            ),
            ToUnit::Concluded => (
                format!("请确认结论：{title}"),
                "专家组已提交共同结论，请查看并确认；还有疑问，可以再追问。".to_owned(),
                "查看并确认",
            ),
        };
        Letter::new(subject, format!("{}，您好！", desk.recipient))
            .text(text)
            .facts([("编号", number.as_str()), ("名称", title.as_str())])
            .action(button, desk.links.absolute(&format!("/consultations/{id}")))
    }
}

/// Tells every contact of the asking unit.
pub(super) async fn to_unit(tx: &WriteTx, row: &consultation::Model, what: &ToUnit) -> Result<()> {
    let number = row.number.clone().unwrap_or_default();
    for contact in units::contacts(tx.db(), row.unit_id).await? {
        outbox::enqueue(
            tx,
            &Recipient {
                person: Some(contact.person.id),
                name: contact.person.name.clone(),
                address: contact.person.email.clone(),
            },
            // Each stage of each version is told once.
            &About {
                subject: row.id.0,
                generation: row.version * 100 + row.questions * 10 + what.order(),
                cause: format!("{} {number}", what.word()),
            },
            Options::default(),
            &UnitMail {
                id: row.id,
                number: number.clone(),
                title: row.title.clone(),
                what: what.clone(),
            },
        )
        .await?;
    }
    Ok(())
}

/// What an expert at work is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ToExpert {
    /// The opinion is due on that day.
    OpinionDue(NaiveDate),
    /// The opinion was due on that day.
    OpinionLate(NaiveDate),
    /// The requester asks once more.
    AskedAgain,
    /// The matter is closed.
    Closed,
}

impl ToExpert {
    fn order(&self) -> i32 {
        match self {
            Self::OpinionDue(_) => 0,
            Self::OpinionLate(_) => 1,
            Self::AskedAgain => 2,
            Self::Closed => 3,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::OpinionDue(_) => "意见提醒",
            Self::OpinionLate(_) => "意见逾期",
            Self::AskedAgain => "申请单位追问",
            Self::Closed => "申请办结",
        }
    }
}

/// A mail to an expert of the panel, with the work link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ExpertMail {
    number: String,
    title: String,
    assignment: Uuid,
    person: Uuid,
    generation: i32,
    what: ToExpert,
}

impl Template for ExpertMail {
    const KIND: &'static str = "consultations.expert";
    const LABEL: &'static str = "专家办理";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let Self { title, what, .. } = self;
        let (subject, text, button) = match what {
            ToExpert::OpinionDue(day) => (
                format!("请提交意见：{title}"),
                format!(
                    "请在{}前提交您的意见，可以先交一稿，再补充修改。",
                    dates::day_and_weekday(*day)
                ),
                Some("提交意见"),
            ),
            ToExpert::OpinionLate(day) => (
                format!("意见已过期限：{title}"),
                format!(
                    "您的意见原定{}前提交，请尽快提交；有困难请与秘书处联系。",
                    dates::day_and_weekday(*day)
                ),
                Some("提交意见"),
            ),
            ToExpert::AskedAgain => (
                format!("申请单位追问：{title}"),
                "申请单位对结论还有疑问，请查看追问并补充意见，由组长更新共同结论。".to_owned(),
                Some("查看追问"),
            ),
            ToExpert::Closed => (
                format!("已办结，谢谢您：{title}"),
                "申请单位已确认结论，这件事办结了。感谢您的工作。".to_owned(),
                None,
            ),
        };
        let letter = Letter::new(subject, format!("{}老师：您好！", desk.recipient))
            .text(text)
            .facts([("编号", self.number.as_str()), ("名称", title.as_str())]);
        match button {
            Some(button) => letter.action(
                button,
                desk.links.url(&Target {
                    purpose: WORK,
                    subject: self.assignment,
                    person: self.person,
                    generation: self.generation,
                }),
            ),
            None => letter,
        }
    }
}

/// Tells one expert of the panel.
pub(super) async fn to_expert(
    tx: &WriteTx,
    row: &consultation::Model,
    member: &Member,
    what: &ToExpert,
) -> Result<()> {
    let person = &member.expert.person;
    expert(
        tx,
        row,
        &member.assignment,
        person.name.clone(),
        person.email.clone(),
        what,
    )
    .await
}

async fn expert(
    tx: &WriteTx,
    row: &consultation::Model,
    assignment: &assignment::Model,
    name: String,
    address: Option<String>,
    what: &ToExpert,
) -> Result<()> {
    let number = row.number.clone().unwrap_or_default();
    // The title of a confidential matter is no content of a mail.
    let title = if row.confidential {
        format!("{number}（保密）")
    } else {
        row.title.clone()
    };
    outbox::enqueue(
        tx,
        &Recipient {
            person: Some(assignment.person_id),
            name,
            address,
        },
        &About {
            subject: assignment.id.0,
            generation: assignment.work_generation * 100 + row.questions * 10 + what.order(),
            cause: format!("{} {number}", what.word()),
        },
        Options::default(),
        &ExpertMail {
            number,
            title,
            assignment: assignment.id.0,
            person: assignment.person_id.0,
            generation: assignment.work_generation,
            what: what.clone(),
        },
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::Utc;

    use super::*;
    use crate::foundation::{config::Config, links::Links};

    #[test]
    fn every_mail_reads_as_a_letter() {
        let office = Config::load(None).unwrap().office;
        let links = Links::parse(
            "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "https://pool.example.org",
        )
        .unwrap();
        let desk = LetterDesk {
            links: &links,
            office: &office,
            zone: office.time_zone.0,
            recipient: "周叙白",
            now: chrono::DateTime::<Utc>::UNIX_EPOCH,
        };
        let day = NaiveDate::from_ymd_opt(2026, 9, 16).unwrap();
        for what in [
            ToUnit::Received(day),
            ToUnit::Returned("请补写起草单位".into()),
            ToUnit::Refused("不属于团体标准事项".into()),
            ToUnit::Accepted,
            ToUnit::Standing,
            ToUnit::Concluded,
        ] {
            let mail = UnitMail {
                id: ConsultationId(Uuid::nil()),
                number: "ZX-2026-0001".into(),
                title: "测试".into(),
                what,
            };
            let letter = mail.letter(&desk);
            assert!(letter.subject.contains("测试") && letter.subject.chars().count() <= 40);
            assert!(
                letter
                    .action
                    .unwrap()
                    .1
                    .starts_with("https://pool.example.org/consultations/")
            );
        }
        for what in [
            ToExpert::OpinionDue(day),
            ToExpert::OpinionLate(day),
            ToExpert::AskedAgain,
        ] {
            let mail = ExpertMail {
                number: "ZX-2026-0001".into(),
                title: "测试".into(),
                assignment: Uuid::nil(),
                person: Uuid::nil(),
                generation: 1,
                what,
            };
            assert!(mail.letter(&desk).action.unwrap().1.contains("/w/"));
        }
    }
}
