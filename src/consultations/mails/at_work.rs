//! What the experts of a panel are told while they work.

use chrono::NaiveDate;
use entity::consultation;
use serde::{Deserialize, Serialize};

use super::Request;
use crate::{
    foundation::{
        mail::{Letter, LetterDesk, Template},
        ui::dates,
    },
    panels::{Member, WORK, mails::Key},
};

/// The work of one expert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Work {
    pub(super) request: Request,
    pub(super) link: Key,
}

impl Work {
    fn of(row: &consultation::Model, member: &Member) -> Self {
        Self {
            request: Request::of(row),
            link: Key {
                subject: member.assignment.id.0,
                person: member.assignment.person_id,
                generation: member.assignment.work_generation,
            },
        }
    }

    fn letter(&self, desk: &LetterDesk<'_>, subject: &str, text: String) -> Letter {
        Letter::new(
            format!("{subject}：{}", self.request.short()),
            format!("{}老师：您好！", desk.recipient),
        )
        .text(text)
        .facts(self.request.facts())
    }

    fn link(&self, desk: &LetterDesk<'_>) -> String {
        desk.links.url(&self.link.target(WORK))
    }
}

/// The opinion is due soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct OpinionDue {
    work: Work,
    due: NaiveDate,
}

impl OpinionDue {
    /// On that day.
    pub fn of(row: &consultation::Model, member: &Member, due: NaiveDate) -> Self {
        Self {
            work: Work::of(row, member),
            due,
        }
    }
}

impl Template for OpinionDue {
    const KIND: &'static str = "consultations.opinion_due";
    const LABEL: &'static str = "意见提醒";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "请在{}前提交您的意见。可以先交一稿，以后再补充修改。",
            dates::day_and_weekday(self.due)
        );
        self.work
            .letter(desk, "请提交意见", text)
            .action("提交意见", self.work.link(desk))
    }
}

/// The opinion was due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct OpinionLate {
    work: Work,
    due: NaiveDate,
}

impl OpinionLate {
    /// On that day.
    pub fn of(row: &consultation::Model, member: &Member, due: NaiveDate) -> Self {
        Self {
            work: Work::of(row, member),
            due,
        }
    }
}

impl Template for OpinionLate {
    const KIND: &'static str = "consultations.opinion_late";
    const LABEL: &'static str = "意见逾期";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "您的意见原定{}前提交，请尽快提交。有困难请打电话给秘书处：{}。",
            dates::day_and_weekday(self.due),
            desk.office.phone
        );
        self.work
            .letter(desk, "意见已过期限", text)
            .action("提交意见", self.work.link(desk))
    }
}

/// The common conclusion was due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct ConclusionDue {
    work: Work,
    due: NaiveDate,
}

impl ConclusionDue {
    /// On that day.
    pub fn of(row: &consultation::Model, member: &Member, due: NaiveDate) -> Self {
        Self {
            work: Work::of(row, member),
            due,
        }
    }
}

impl Template for ConclusionDue {
    const KIND: &'static str = "consultations.conclusion_due";
    const LABEL: &'static str = "结论提醒";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "各位专家的意见{}到期，请您汇总意见，提交专家组的共同结论。",
            dates::day(self.due)
        );
        self.work
            .letter(desk, "请提交共同结论", text)
            .action("汇总意见", self.work.link(desk))
    }
}

/// The requester asks once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct AskedAgain {
    work: Work,
}

impl AskedAgain {
    /// To this member.
    pub fn of(row: &consultation::Model, member: &Member) -> Self {
        Self {
            work: Work::of(row, member),
        }
    }
}

impl Template for AskedAgain {
    const KIND: &'static str = "consultations.asked_again";
    const LABEL: &'static str = "单位追问";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = "申请单位对结论还有疑问，请查看追问并补充意见，由组长更新共同结论。";
        self.work
            .letter(desk, "申请单位追问", text.to_owned())
            .action("查看追问", self.work.link(desk))
    }
}

/// The matter is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Thanks {
    work: Work,
}

impl Thanks {
    /// To this member.
    pub fn of(row: &consultation::Model, member: &Member) -> Self {
        Self {
            work: Work::of(row, member),
        }
    }
}

impl Template for Thanks {
    const KIND: &'static str = "consultations.thanks";
    const LABEL: &'static str = "办结致谢";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = "申请单位已确认结论，这件事办结了。感谢您的工作。";
        self.work.letter(desk, "已办结，谢谢您", text.to_owned())
    }
}
