//! What is told about the council as such: a yearly meeting is due, a term ends, a vote was taken.

use chrono::NaiveDate;
use entity::{council_term, unit};
use serde::{Deserialize, Serialize};

use super::super::duties::Duty;
use crate::foundation::{
    mail::{Letter, LetterDesk, Template},
    texts::Label,
    ui::dates,
};

/// A yearly meeting is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct DutyDue {
    kind: String,
    due: NaiveDate,
}

impl DutyDue {
    /// Of that kind.
    pub fn of(duty: Duty) -> Self {
        Self {
            kind: duty.kind.zh().to_owned(),
            due: duty.due,
        }
    }
}

impl Template for DutyDue {
    const KIND: &'static str = "meetings.duty_due";
    const LABEL: &'static str = "年度会议";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("请安排{}", self.kind),
            format!("{}，您好！", desk.recipient),
        )
        .text(format!(
            "{}每年至少召开一次，下一次最晚在{}。还没有发出会议通知，请安排。",
            self.kind,
            dates::full_day(self.due)
        ))
        .action("安排会议", desk.links.absolute("/meetings"))
    }
}

/// 换届提醒
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct TermEnds {
    number: i32,
    to: NaiveDate,
    next_from: Option<NaiveDate>,
}

impl TermEnds {
    /// Of the present term, and the one that follows where it is known.
    pub fn of(term: &council_term::Model, next: Option<&council_term::Model>) -> Self {
        Self {
            number: term.number,
            to: term.to_date,
            next_from: next.map(|next| next.from_date),
        }
    }
}

impl Template for TermEnds {
    const KIND: &'static str = "meetings.term_ends";
    const LABEL: &'static str = "换届提醒";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let next = match self.next_from {
            Some(from) => format!("新一届自{}开始。", dates::full_day(from)),
            None => String::new(),
        };
        Letter::new(
            format!("第 {} 届理事会即将届满", self.number),
            format!("{}，您好！", desk.recipient),
        )
        .text(format!(
            "第 {} 届理事会到{}届满。{next}",
            self.number,
            dates::full_day(self.to)
        ))
        .text("专家的聘期随届次结束，续聘由专家本人确认；各委员会的任职也到届满为止。单位的层级不因换届自动改变。")
        .action("查看待办", desk.links.absolute("/home"))
    }
}

/// The result of a vote on a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Voted {
    unit: String,
    elected: bool,
    said: String,
}

impl Voted {
    /// Of that unit.
    pub fn of(unit: &unit::Model, elected: bool, said: &str) -> Self {
        Self {
            unit: unit.name.clone(),
            elected,
            said: said.to_owned(),
        }
    }
}

impl Template for Voted {
    const KIND: &'static str = "meetings.voted";
    const LABEL: &'static str = "表决结果";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let result = if self.elected {
            "已当选常务理事单位"
        } else {
            "这次没有当选常务理事单位"
        };
        Letter::new(
            "常务理事单位表决结果",
            format!("{}，您好！", desk.recipient),
        )
        .text(format!("{}{result}。", self.unit))
        .facts([("表决", &self.said)])
        .action("查看", desk.links.absolute("/standing-council"))
    }
}
