//! Mails about an engagement and its term.

use chrono::NaiveDate;
use entity::ids::ExpertId;
use serde::{Deserialize, Serialize};

use super::{LinkFacts, News};
use crate::foundation::{
    mail::{Letter, LetterDesk, Template},
    ui::dates,
};

/// The expert hears about the own engagement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToExpert {
    pub(super) link: LinkFacts,
    pub(super) news: News,
    pub(super) reason: String,
    pub(super) number: Option<String>,
    pub(super) from: Option<NaiveDate>,
    pub(super) until: Option<NaiveDate>,
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
    pub(super) link: LinkFacts,
    pub(super) until: NaiveDate,
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
    pub(super) expert: ExpertId,
    pub(super) name: String,
    pub(super) until: NaiveDate,
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
