//! What those who act for a committee are told of its studies, and the secretariat.

use chrono::NaiveDate;
use entity::{
    study,
    study_milestone::{self, MilestoneKind},
};
use serde::{Deserialize, Serialize};

use super::Which;
use crate::{
    foundation::{
        mail::{Letter, LetterDesk, Template},
        texts::Label,
        ui::dates,
    },
    panels::Member,
};

/// The panel stands, the work begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Standing {
    which: Which,
    members: Vec<String>,
}

impl Standing {
    /// With these members.
    pub fn of(row: &study::Model, members: &[Member]) -> Self {
        Self {
            which: Which::of(row),
            members: members
                .iter()
                .map(|member| format!("{}，{}", member.expert.person.name, member.expert.unit_name))
                .collect(),
        }
    }
}

impl Template for Standing {
    const KIND: &'static str = "studies.standing";
    const LABEL: &'static str = "研究启动";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = "专家组已到齐，研究开始。专家组成员：".to_owned();
        self.which
            .letter(desk, "专家组到齐", text)
            .list(self.members.clone())
    }
}

/// Experts filed something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Filed {
    which: Which,
    what: String,
    version: i32,
}

impl Filed {
    /// A version for a milestone.
    pub fn of(row: &study::Model, kind: MilestoneKind, version: i32) -> Self {
        Self {
            which: Which::of(row),
            what: kind.zh().to_owned(),
            version,
        }
    }
}

impl Template for Filed {
    const KIND: &'static str = "studies.filed";
    const LABEL: &'static str = "成果提交";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let version = if self.version > 1 {
            format!("（第 {} 稿）", self.version)
        } else {
            String::new()
        };
        let text = format!(
            "专家组提交了{}{version}，请委员会评审：通过，或退回修改。",
            self.what
        );
        let subject = format!("请评审{}", self.what);
        self.which.letter(desk, &subject, text)
    }
}

/// A milestone is late: for who leads the committee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct LeadTold {
    which: Which,
    what: String,
    due: NaiveDate,
}

impl LeadTold {
    /// Of that milestone.
    pub fn of(row: &study::Model, due: &study_milestone::Model) -> Self {
        Self {
            which: Which::of(row),
            what: due.kind.zh().to_owned(),
            due: due.due_on,
        }
    }
}

impl Template for LeadTold {
    const KIND: &'static str = "studies.lead_told";
    const LABEL: &'static str = "逾期告知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "{}原定{}提交，专家组还没有提交，已提醒他们。请您了解情况。",
            self.what,
            dates::day_and_weekday(self.due)
        );
        let subject = format!("{}逾期", self.what);
        self.which.letter(desk, &subject, text)
    }
}

/// A milestone is late by days: for the secretariat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct SecretariatTold {
    which: Which,
    what: String,
    due: NaiveDate,
}

impl SecretariatTold {
    /// Of that milestone.
    pub fn of(row: &study::Model, due: &study_milestone::Model) -> Self {
        Self {
            which: Which::of(row),
            what: due.kind.zh().to_owned(),
            due: due.due_on,
        }
    }
}

impl Template for SecretariatTold {
    const KIND: &'static str = "studies.secretariat_told";
    const LABEL: &'static str = "逾期上报";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "{}原定{}提交，已提醒专家组和委员会负责人，仍没有提交。请秘书处协调。",
            self.what,
            dates::day_and_weekday(self.due)
        );
        let subject = format!("{}逾期三个工作日以上", self.what);
        self.which.letter(desk, &subject, text)
    }
}
