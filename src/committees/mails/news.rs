//! What everybody in a committee is told: it is founded, promoted, ends.

use chrono::NaiveDate;
use entity::committee;
use serde::{Deserialize, Serialize};

use super::Which;
use crate::foundation::{
    mail::{Letter, LetterDesk, Template},
    texts::Label,
    ui::dates,
};

/// The committee is founded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Founded {
    which: Which,
    kind: String,
    on: Option<NaiveDate>,
    basis: String,
    number: String,
}

impl Founded {
    /// As it was founded.
    pub fn of(row: &committee::Model) -> Self {
        Self {
            which: Which::of(row),
            kind: row.kind.zh().to_owned(),
            on: row.founded_on,
            basis: row.founding_basis.clone(),
            number: row.founding_number.clone().unwrap_or_default(),
        }
    }
}

impl Template for Founded {
    const KIND: &'static str = "committees.founded";
    const LABEL: &'static str = "成立通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let on = self.on.map(dates::full_day).unwrap_or_default();
        let text = format!("{}“{}”已成立，{on}起开展工作。", self.kind, self.which.name);
        self.which
            .letter(desk, "已成立", text)
            .facts([("依据", &self.basis), ("文号", &self.number)])
    }
}

/// The working group has become a committee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Promoted {
    which: Which,
    former: String,
    basis: String,
}

impl Promoted {
    /// From its former name.
    pub fn of(row: &committee::Model, former: &str) -> Self {
        Self {
            which: Which::of(row),
            former: former.to_owned(),
            basis: row.founding_basis.clone(),
        }
    }
}

impl Template for Promoted {
    const KIND: &'static str = "committees.promoted";
    const LABEL: &'static str = "升格通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "项目工作组“{}”已升格为专门委员会“{}”。原有的单位、人员和各项研究都延续下来。",
            self.former, self.which.name
        );
        let letter = self.which.letter(desk, "：工作组升格", text);
        letter.facts([("依据", &self.basis)])
    }
}

/// The committee has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Ended {
    which: Which,
    kind: String,
    on: Option<NaiveDate>,
    reason: String,
    number: Option<String>,
}

impl Ended {
    /// As it ended.
    pub fn of(row: &committee::Model) -> Self {
        Self {
            which: Which::of(row),
            kind: row.kind.zh().to_owned(),
            on: row.ended_on,
            reason: row.end_reason.clone(),
            number: row.ending_number.clone(),
        }
    }
}

impl Template for Ended {
    const KIND: &'static str = "committees.ended";
    const LABEL: &'static str = "结束通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let on = self.on.map(dates::full_day).unwrap_or_default();
        let text = format!(
            "{}“{}”的工作到{on}结束，各项职务同时终止。感谢贵单位和各位的支持。",
            self.kind, self.which.name
        );
        let number = self.number.clone().unwrap_or_default();
        self.which
            .letter(desk, "工作结束", text)
            .facts([("理由", self.reason.clone()), ("文号", number)])
    }
}

/// A dated group ends soon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct EndsSoon {
    which: Which,
    until: Option<NaiveDate>,
}

impl EndsSoon {
    /// On its last day.
    pub fn of(row: &committee::Model) -> Self {
        Self {
            which: Which::of(row),
            until: row.until,
        }
    }
}

impl Template for EndsSoon {
    const KIND: &'static str = "committees.ends_soon";
    const LABEL: &'static str = "到期提醒";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let until = self.until.map(dates::full_day).unwrap_or_default();
        let text = format!(
            "“{}”的工作期限到{until}，届时自行结束。要延长或升格为专门委员会的，请在此之前告诉秘书处。",
            self.which.name
        );
        self.which.letter(desk, "即将到期", text)
    }
}
