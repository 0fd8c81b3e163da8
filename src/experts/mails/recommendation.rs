//! Mails about a recommendation.

use chrono::NaiveDate;
use entity::ids::ExpertId;
use serde::{Deserialize, Serialize};

use super::{LinkFacts, News};
use crate::foundation::{
    mail::{Letter, LetterDesk, Template},
    ui::dates,
};

/// The approved person is asked to confirm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirm {
    pub(super) link: LinkFacts,
    pub(super) unit: Option<String>,
    pub(super) term: i32,
    pub(super) until: NaiveDate,
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
    pub(super) expert: ExpertId,
    pub(super) name: String,
    pub(super) news: News,
    pub(super) reason: String,
    pub(super) number: Option<String>,
    pub(super) until: Option<NaiveDate>,
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
