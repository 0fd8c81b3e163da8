//! What the experts of a study are told while they work.

use chrono::NaiveDate;
use entity::{
    study,
    study_milestone::{self, MilestoneKind},
};
use serde::{Deserialize, Serialize};

use super::{Which, Work};
use crate::{
    foundation::{
        mail::{Letter, LetterDesk, Template},
        texts::Label,
        ui::dates,
    },
    panels::Member,
};

/// Something is due soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct ReportDue {
    work: Work,
    what: String,
    due: NaiveDate,
}

impl ReportDue {
    /// What the milestone asks of a member.
    pub fn of(row: &study::Model, due: &study_milestone::Model, member: &Member) -> Self {
        Self {
            work: Work::of(row, member),
            what: due.kind.zh().to_owned(),
            due: due.due_on,
        }
    }
}

impl Template for ReportDue {
    const KIND: &'static str = "studies.report_due";
    const LABEL: &'static str = "研究提醒";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "请在{}前提交{}。",
            dates::day_and_weekday(self.due),
            self.what
        );
        let subject = format!("请提交{}", self.what);
        self.work.letter(desk, &subject, text)
    }
}

/// Something is late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct ReportLate {
    work: Work,
    what: String,
    due: NaiveDate,
}

impl ReportLate {
    /// What the milestone asked of a member.
    pub fn of(row: &study::Model, due: &study_milestone::Model, member: &Member) -> Self {
        Self {
            work: Work::of(row, member),
            what: due.kind.zh().to_owned(),
            due: due.due_on,
        }
    }
}

impl Template for ReportLate {
    const KIND: &'static str = "studies.report_late";
    const LABEL: &'static str = "研究逾期";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "{}原定{}提交，还没有收到。请尽快提交；有困难请告诉联系人。",
            self.what,
            dates::day_and_weekday(self.due)
        );
        let subject = format!("{}已逾期", self.what);
        self.work.letter(desk, &subject, text)
    }
}

/// What was filed is accepted; the next milestone follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Accepted {
    work: Work,
    what: String,
    next: String,
    due: NaiveDate,
    text: String,
}

/// The same before it is known to whom it goes.
#[derive(Clone, Debug)]
pub(in super::super) struct AcceptedDraft<'a> {
    row: &'a study::Model,
    kind: MilestoneKind,
    next: &'a study_milestone::Model,
    text: &'a str,
}

impl Accepted {
    /// Of a milestone, with what the review said.
    pub fn draft<'a>(
        row: &'a study::Model,
        kind: MilestoneKind,
        next: &'a study_milestone::Model,
        text: &'a str,
    ) -> AcceptedDraft<'a> {
        AcceptedDraft {
            row,
            kind,
            next,
            text,
        }
    }
}

impl AcceptedDraft<'_> {
    /// To a member.
    pub fn to(&self, member: &Member) -> Accepted {
        Accepted {
            work: Work::of(self.row, member),
            what: self.kind.zh().to_owned(),
            next: self.next.kind.zh().to_owned(),
            due: self.next.due_on,
            text: self.text.to_owned(),
        }
    }
}

impl Template for Accepted {
    const KIND: &'static str = "studies.accepted";
    const LABEL: &'static str = "评审通过";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "委员会已通过{}。接下来请在{}前提交{}。",
            self.what,
            dates::day_and_weekday(self.due),
            self.next
        );
        let subject = format!("{}已通过", self.what);
        self.work
            .letter(desk, &subject, text)
            .facts([("评审意见", &self.text)])
    }
}

/// What was filed is to be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct GivenBack {
    work: Work,
    what: String,
    text: String,
}

/// The same before it is known to whom it goes.
#[derive(Clone, Debug)]
pub(in super::super) struct GivenBackDraft<'a> {
    row: &'a study::Model,
    kind: MilestoneKind,
    text: &'a str,
}

impl GivenBack {
    /// Of a milestone, with what is to be changed.
    pub fn draft<'a>(
        row: &'a study::Model,
        kind: MilestoneKind,
        text: &'a str,
    ) -> GivenBackDraft<'a> {
        GivenBackDraft { row, kind, text }
    }
}

impl GivenBackDraft<'_> {
    /// To a member.
    pub fn to(&self, member: &Member) -> GivenBack {
        GivenBack {
            work: Work::of(self.row, member),
            what: self.kind.zh().to_owned(),
            text: self.text.to_owned(),
        }
    }
}

impl Template for GivenBack {
    const KIND: &'static str = "studies.returned";
    const LABEL: &'static str = "退回修改";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "委员会请专家组修改{}：{}。改好后请再次提交，以前各稿都在。",
            self.what,
            self.text.trim_end_matches('。')
        );
        let subject = format!("请修改{}", self.what);
        self.work.letter(desk, &subject, text)
    }
}

/// The study is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Thanks {
    which: Which,
}

impl Thanks {
    /// Of a study.
    pub fn of(row: &study::Model) -> Self {
        Self {
            which: Which::of(row),
        }
    }
}

impl Template for Thanks {
    const KIND: &'static str = "studies.thanks";
    const LABEL: &'static str = "结题致谢";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("研究已结题：{}", self.which.short()),
            format!("{}老师：您好！", desk.recipient),
        )
        .text("研究报告已通过评审，这项研究结题了，不用您再做什么。感谢您的工作。")
        .facts(self.which.facts())
    }
}
