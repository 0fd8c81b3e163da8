//! Mails about recommendation and engagement.

use chrono::NaiveDate;
use entity::{
    council_term, expert,
    ids::{ExpertId, PersonId},
    person,
    unit_contact::ContactState,
};
use serde::{Deserialize, Serialize};

use super::{
    engage, renew_mails,
    store::{self, Taken},
};
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

/// Adds the kinds of mail of this body.
pub fn register(registry: &mut Registry) {
    registry.register::<Confirm>();
    registry.register::<ToUnit>();
    registry.register::<ToExpert>();
    registry.register::<TermEnding>();
    registry.register::<TermEndingUnit>();
    renew_mails::register(registry);
}

/// What happened to a recommendation or engagement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// 退回补正
    Returned,
    /// 已通过，待本人确认
    Approved,
    /// 本人谢绝
    Declined,
    /// 已聘任
    Engaged,
    /// 中止
    Suspended,
    /// 恢复
    Resumed,
    /// 已解聘或退出
    Ended,
    /// 届满
    Expired,
}

/// A personal link, to be signed when the mail is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkFacts {
    expert: ExpertId,
    person: PersonId,
    generation: i32,
}

impl LinkFacts {
    fn of(row: &expert::Model) -> Self {
        Self {
            expert: row.id,
            person: row.person_id,
            generation: row.link_generation,
        }
    }

    fn url(&self, desk: &LetterDesk<'_>) -> String {
        desk.links.url(&Target {
            purpose: engage::LINK,
            subject: self.expert.0,
            person: self.person.0,
            generation: self.generation,
        })
    }
}

/// The approved person is asked to confirm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirm {
    link: LinkFacts,
    unit: Option<String>,
    term: i32,
    until: NaiveDate,
}

impl Template for Confirm {
    const KIND: &'static str = "experts.confirm";
    const LABEL: &'static str = "聘任确认";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let by = match &self.unit {
            Some(unit) => format!("经{unit}推荐、{}审核，", desk.office.issuer),
            None => format!("经{}审核，", desk.office.issuer),
        };
        Letter::new(
            format!("请确认：{}聘您为标准化专家库专家", desk.office.name),
            format!("{}老师：您好！", desk.recipient),
        )
        .text(format!(
            "{by}{}拟聘您为标准化专家库专家。聘任以您本人同意为准。",
            desk.office.name
        ))
        .facts([
            ("届次", format!("第 {} 届理事会", self.term)),
            (
                "聘期",
                format!("自您同意之日起，至{}", dates::full_day(self.until)),
            ),
            ("职责", "为联盟工作和成员单位的标准化需要提供咨询和指导".to_owned()),
        ])
        .text("请打开下面的页面，看过职责、个人信息的用途和承诺以后，选择同意或不同意。不同意也没有关系。")
        .action("查看并答复", self.link.url(desk))
    }
}

/// The unit's contacts hear what became of their recommendation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToUnit {
    expert: ExpertId,
    name: String,
    news: News,
    reason: String,
    number: Option<String>,
    until: Option<NaiveDate>,
}

impl Template for ToUnit {
    const KIND: &'static str = "experts.to_unit";
    const LABEL: &'static str = "推荐进展";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let name = &self.name;
        let (subject, text, action) = match self.news {
            News::Returned => (
                format!("请补正：{name}的专家推荐表"),
                format!(
                    "贵单位推荐的{name}，推荐表需要补正。补正后请再次提交，名额仍按提交时计算。"
                ),
                "补正推荐表",
            ),
            News::Approved => (
                format!("已通过：{name}的专家推荐"),
                format!("贵单位推荐的{name}已通过审核，聘任确认已发给本人。本人同意后聘任生效。"),
                "查看推荐",
            ),
            News::Declined => (
                format!("本人未同意：{name}的专家聘任"),
                format!("{name}没有同意聘任。贵单位可以另行推荐一名专家。"),
                "查看推荐",
            ),
            News::Engaged => (
                format!("已聘任：{name}"),
                format!("贵单位推荐的{name}已同意聘任，聘书已生成。"),
                "查看推荐",
            ),
            News::Suspended => (
                format!("聘任中止：{name}"),
                format!("贵单位推荐的{name}，聘任已中止。中止期间不邀请，名额仍占用。"),
                "查看推荐",
            ),
            News::Resumed => (
                format!("聘任恢复：{name}"),
                format!("贵单位推荐的{name}，聘任已恢复。"),
                "查看推荐",
            ),
            News::Ended => (
                format!("聘任结束：{name}"),
                format!("贵单位推荐的{name}，聘任已结束。贵单位可以另行推荐一名专家。"),
                "查看推荐",
            ),
            News::Expired => (
                format!("聘期届满：{name}"),
                format!("贵单位推荐的{name}，聘期已届满。贵单位可以为新一届推荐专家。"),
                "查看推荐",
            ),
        };
        Letter::new(subject, format!("{}：您好！", desk.recipient))
            .text(text)
            .facts([
                ("聘书编号", self.number.clone().unwrap_or_default()),
                (
                    "聘期至",
                    self.until.map(dates::full_day).unwrap_or_default(),
                ),
                ("说明", self.reason.clone()),
            ])
            .action(
                action,
                desk.links
                    .absolute(&format!("/nominations/{}", self.expert)),
            )
    }
}

/// The expert hears about the own engagement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToExpert {
    link: LinkFacts,
    news: News,
    reason: String,
    number: Option<String>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

impl Template for ToExpert {
    const KIND: &'static str = "experts.to_expert";
    const LABEL: &'static str = "聘任通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let office = &desk.office.name;
        let (subject, text) = match self.news {
            News::Engaged => (
                format!("聘书：{office}标准化专家库专家"),
                format!(
                    "感谢您同意担任{office}标准化专家库专家。聘书可在下面的页面查看、打印或下载。"
                ),
            ),
            News::Suspended => (
                "聘任中止通知".to_owned(),
                "您的专家聘任已中止，中止期间不会邀请您。".to_owned(),
            ),
            News::Resumed => ("聘任恢复通知".to_owned(), "您的专家聘任已恢复。".to_owned()),
            News::Expired => (
                "聘期届满，感谢您的支持".to_owned(),
                format!("您的聘期已届满。感谢您对{office}工作的支持。"),
            ),
            News::Ended | News::Returned | News::Approved | News::Declined => (
                "聘任结束通知".to_owned(),
                format!("您的专家聘任已结束。感谢您对{office}工作的支持。"),
            ),
        };
        Letter::new(subject, format!("{}老师：您好！", desk.recipient))
            .text(text)
            .facts([
                ("聘书编号", self.number.clone().unwrap_or_default()),
                ("聘期", span(self.from, self.until)),
                ("说明", self.reason.clone()),
            ])
            .action(
                if self.news == News::Engaged {
                    "查看聘书"
                } else {
                    "查看聘任情况"
                },
                self.link.url(desk),
            )
    }
}

/// The expert hears that the term is ending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermEnding {
    link: LinkFacts,
    until: NaiveDate,
}

impl Template for TermEnding {
    const KIND: &'static str = "experts.term_ending";
    const LABEL: &'static str = "聘期将满";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let left = (self.until - desk.today()).num_days();
        Letter::new(
            format!("聘期将于{}届满", dates::full_day(self.until)),
            format!("{}老师：您好！", desk.recipient),
        )
        .text(format!(
            "您的专家聘期将于{}届满，还有 {left} 天。届满后是否续聘，由贵单位推荐并经您本人同意。",
            dates::full_day(self.until)
        ))
        .text("已答复的邀请请按原定时间完成。")
        .action("查看聘任情况", self.link.url(desk))
    }
}

/// The unit hears that the term of its expert is ending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermEndingUnit {
    expert: ExpertId,
    name: String,
    until: NaiveDate,
}

impl Template for TermEndingUnit {
    const KIND: &'static str = "experts.term_ending_unit";
    const LABEL: &'static str = "聘期将满（单位）";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("{}的聘期将于{}届满", self.name, dates::full_day(self.until)),
            format!("{}：您好！", desk.recipient),
        )
        .text(format!(
            "贵单位推荐的{}，聘期将于{}届满。换届后请重新推荐；续聘也要重新填写推荐表，并由本人再次同意。",
            self.name,
            dates::full_day(self.until)
        ))
        .action(
            "查看推荐",
            desk.links
                .absolute(&format!("/nominations/{}", self.expert)),
        )
    }
}

fn span(from: Option<NaiveDate>, until: Option<NaiveDate>) -> String {
    match (from, until) {
        (Some(from), Some(until)) => {
            format!("{}至{}", dates::full_day(from), dates::full_day(until))
        }
        _ => String::new(),
    }
}

fn recipient(person: &person::Model) -> Recipient {
    Recipient {
        person: Some(person.id),
        name: person.name.clone(),
        address: person.email.clone(),
    }
}

fn about(id: ExpertId, generation: i32, what: &str, name: &str) -> About {
    About {
        subject: id.0,
        generation,
        cause: format!("{what} {name}"),
    }
}

/// Asks the approved person.
pub(super) async fn ask_to_confirm(
    tx: &WriteTx,
    row: &expert::Model,
    person: &person::Model,
    term: &council_term::Model,
) -> Result<()> {
    let unit = match row.unit_id {
        Some(id) if !row.guest => Some(units::get(tx.db(), id).await?.name),
        _ => None,
    };
    let template = Confirm {
        link: LinkFacts::of(row),
        unit,
        term: term.number,
        until: term.to_date,
    };
    outbox::enqueue(
        tx,
        &recipient(person),
        &about(row.id, row.link_generation, "批准推荐", &person.name),
        Options::default(),
        &template,
    )
    .await?;
    Ok(())
}

/// Takes back the question when it is settled.
pub(super) async fn cancel_confirm(tx: &WriteTx, id: ExpertId) -> Result<()> {
    outbox::cancel(tx, Confirm::KIND, id.0).await?;
    Ok(())
}

/// Tells the contacts of the unit; nobody for a guest.
pub(super) async fn tell_unit(
    tx: &WriteTx,
    taken: &Taken,
    person: &person::Model,
    news: News,
    reason: &str,
) -> Result<()> {
    let row = &taken.row;
    let template = ToUnit {
        expert: row.id,
        name: person.name.clone(),
        news,
        reason: reason.to_owned(),
        number: row.engagement_number.clone(),
        until: row.engaged_to,
    };
    let about = about(row.id, taken.ordinal, "专家推荐", &person.name);
    to_contacts(tx, row, &about, &template).await
}

async fn to_contacts<T: Template>(
    tx: &WriteTx,
    row: &expert::Model,
    about: &About,
    template: &T,
) -> Result<()> {
    let Some(unit) = row.unit_id.filter(|_| !row.guest) else {
        return Ok(());
    };
    for contact in units::contacts(tx.db(), unit).await? {
        if contact.contact.state == ContactState::Active {
            outbox::enqueue(
                tx,
                &recipient(&contact.person),
                about,
                Options::default(),
                template,
            )
            .await?;
        }
    }
    Ok(())
}

/// Tells the expert.
pub(super) async fn tell_expert(
    tx: &WriteTx,
    taken: &Taken,
    person: &person::Model,
    news: News,
    reason: &str,
) -> Result<()> {
    let row = &taken.row;
    let template = ToExpert {
        link: LinkFacts::of(row),
        news,
        reason: reason.to_owned(),
        number: row.engagement_number.clone(),
        from: row.engaged_from,
        until: row.engaged_to,
    };
    let about = about(row.id, taken.ordinal, "专家聘任", &person.name);
    outbox::enqueue(
        tx,
        &recipient(person),
        &about,
        Options::default(),
        &template,
    )
    .await?;
    Ok(())
}

/// Tells expert and unit that the term ends; `days` names the reminder, so that each goes once.
pub(super) async fn remind_of_term(tx: &WriteTx, id: ExpertId, days: i32) -> Result<()> {
    let row = store::find(tx.db(), id).await?;
    let Some(until) = row.engaged_to else {
        return Ok(());
    };
    let person = crate::people::get(tx.db(), row.person_id).await?;
    let about = about(id, days, "聘期将满", &person.name);
    outbox::enqueue(
        tx,
        &recipient(&person),
        &about,
        Options::default(),
        &TermEnding {
            link: LinkFacts::of(&row),
            until,
        },
    )
    .await?;
    let to_unit = TermEndingUnit {
        expert: id,
        name: person.name.clone(),
        until,
    };
    to_contacts(tx, &row, &about, &to_unit).await
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::foundation::{config::Config, links::Links, mail::Block};

    fn letter(template: &impl Template) -> Letter {
        let config = Config::load(None).unwrap();
        let key = format!("a:{}", "A".repeat(43));
        let links = Links::parse(&key, "https://pool.example.org").unwrap();
        let mut registry = Registry::default();
        register(&mut registry);
        let facts = serde_json::to_value(template).unwrap();
        let desk = LetterDesk {
            links: &links,
            office: &config.office,
            zone: config.office.time_zone.0,
            recipient: "沈知行",
            now: "2026-09-14T02:00:00Z".parse().unwrap(),
        };
        fn kind<T: Template>(_: &T) -> &'static str {
            T::KIND
        }
        registry.letter(kind(template), &facts, &desk).unwrap()
    }

    fn link() -> LinkFacts {
        LinkFacts {
            expert: ExpertId(Uuid::from_u128(1)),
            person: PersonId(Uuid::from_u128(2)),
            generation: 1,
        }
    }

    #[test]
    fn the_question_carries_the_personal_link_and_no_answer() {
        let letter = letter(&Confirm {
            link: link(),
            unit: Some("中国电子学会".into()),
            term: 1,
            until: NaiveDate::from_ymd_opt(2028, 9, 13).unwrap(),
        });
        let (label, url) = letter.action.unwrap();
        assert_eq!(label, "查看并答复");
        assert!(url.starts_with("https://pool.example.org/e/"));
        assert!(letter.subject.chars().count() <= 40, "{}", letter.subject);
        let facts = letter.blocks.iter().find_map(|block| match block {
            Block::Facts(facts) => Some(facts),
            _ => None,
        });
        assert!(
            facts
                .unwrap()
                .iter()
                .any(|(_, value)| value.contains("2028年9月13日"))
        );
    }

    #[test]
    fn every_news_has_its_own_letter() {
        let all = [
            News::Returned,
            News::Approved,
            News::Declined,
            News::Engaged,
            News::Suspended,
            News::Resumed,
            News::Ended,
            News::Expired,
        ];
        let mut subjects = std::collections::HashSet::new();
        for news in all {
            let letter = letter(&ToUnit {
                expert: ExpertId(Uuid::from_u128(1)),
                name: "沈知行".into(),
                news,
                reason: "缺盖章页".into(),
                number: None,
                until: None,
            });
            assert!(letter.subject.contains("沈知行"));
            assert!(subjects.insert(letter.subject));
            assert!(
                letter
                    .blocks
                    .contains(&Block::Facts(vec![("说明".into(), "缺盖章页".into())]))
            );
        }
    }

    #[test]
    fn the_expert_is_told_number_and_term() {
        let engaged = letter(&ToExpert {
            link: link(),
            news: News::Engaged,
            reason: String::new(),
            number: Some("团标联聘〔2026〕001号".into()),
            from: NaiveDate::from_ymd_opt(2026, 9, 14),
            until: NaiveDate::from_ymd_opt(2028, 9, 13),
        });
        assert!(engaged.blocks.contains(&Block::Facts(vec![
            ("聘书编号".into(), "团标联聘〔2026〕001号".into()),
            ("聘期".into(), "2026年9月14日至2028年9月13日".into()),
        ])));
        let until = NaiveDate::from_ymd_opt(2026, 11, 13).unwrap();
        let ending = letter(&TermEnding {
            link: link(),
            until,
        });
        assert!(matches!(&ending.blocks[0], Block::Text(text) if text.contains("还有 60 天")));
        let unit = letter(&TermEndingUnit {
            expert: ExpertId(Uuid::from_u128(1)),
            name: "沈知行".into(),
            until,
        });
        assert!(unit.subject.contains("2026年11月13日"));
    }
}
