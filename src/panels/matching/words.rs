//! The explanation of a run in office words.

use std::collections::HashMap;

use chrono_tz::Tz;
use entity::{
    expert::ExpertKind,
    ids::{ExpertId, PanelId},
    panel_recusal::RecusalRule,
};

use super::{
    report::{Change, LeftOut, Shortage, Why},
    rules::Bar,
};
use crate::foundation::ui::dates;

/// A reason: a short label, and the detail behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Two to four characters, for a column.
    pub label: String,
    /// More, or empty.
    pub detail: String,
}

impl Reason {
    fn new(label: &str, detail: impl Into<String>) -> Self {
        Self {
            label: label.to_owned(),
            detail: detail.into(),
        }
    }

    /// Both in one.
    pub fn sentence(&self) -> String {
        if self.detail.is_empty() {
            self.label.clone()
        } else {
            format!("{}（{}）", self.label, self.detail)
        }
    }
}

/// Names for ids, as far as known.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Experts.
    pub experts: HashMap<ExpertId, String>,
    /// Numbers of panels.
    pub panels: HashMap<PanelId, String>,
}

impl Names {
    /// Name of an expert.
    pub fn expert(&self, id: ExpertId) -> &str {
        self.experts.get(&id).map_or("（已删除）", String::as_str)
    }

    fn panel(&self, id: PanelId) -> &str {
        self.panels.get(&id).map_or("另一专家组", String::as_str)
    }
}

/// A rule that bars an expert.
pub fn bar(bar: &Bar, zone: Tz) -> Reason {
    match bar {
        Bar::Recused { rule, name } => Reason::new("回避", recused(*rule, name)),
        Bar::Excluded { reason, .. } => Reason::new("人工排除", reason.clone()),
        Bar::Declined => Reason::new("已谢绝", "本人已答复不能参加本组"),
        Bar::Lapsed => Reason::new("逾期未答", "本组的邀请未在期限内答复"),
        Bar::Released => Reason::new("已撤换", "已从本组撤下"),
        Bar::NotEngaged { on } => {
            Reason::new("不在聘期", format!("聘期不含{}", dates::full_day(*on)))
        }
        Bar::Away { from, to } => Reason::new(
            "请假",
            format!("{}至{}不在", dates::day(*from), dates::day(*to)),
        ),
        Bar::Busy { label, from, to } => Reason::new(
            "时间冲突",
            format!(
                "{}–{}已有“{label}”",
                dates::moment(*from, zone),
                dates::moment(*to, zone)
            ),
        ),
        Bar::Full { open, max } => Reason::new("已满", format!("在任 {open} 项，上限 {max} 项")),
        Bar::YearFull { served, max } => {
            Reason::new("本年已满", format!("本年 {served} 项，上限 {max} 项"))
        }
    }
}

fn recused(rule: RecusalRule, name: &str) -> String {
    let about = if name.is_empty() {
        String::new()
    } else {
        format!("：{name}")
    };
    match rule {
        RecusalRule::AskingUnit => "所在单位是申请单位".to_owned(),
        RecusalRule::DraftingUnit => "所在单位是起草单位".to_owned(),
        RecusalRule::Drafter => "是起草人".to_owned(),
        RecusalRule::Named => format!("申请单位指明回避{about}"),
        RecusalRule::Declared => format!("本人申报的利益关系{about}"),
        RecusalRule::Answered => "本人答复需要回避".to_owned(),
    }
}

/// Why an expert was left out.
pub fn why(why: &Why, names: &Names, zone: Tz) -> Reason {
    match why {
        Why::Barred(one) => bar(one, zone),
        Why::TooFar => Reason::new("相关度低", "低于相关度下限"),
        Why::TakenHere(panels) => {
            let numbers: Vec<&str> = panels.iter().map(|id| names.panel(*id)).collect();
            Reason::new(
                "已另有安排",
                format!("本次匹配拟请往 {}", numbers.join("、")),
            )
        }
        Why::SameTime(panel) => Reason::new(
            "时间冲突",
            format!("本次匹配拟请往同一时间的 {}", names.panel(*panel)),
        ),
        Why::SameUnit(expert) => {
            Reason::new("同单位", format!("{}已代表该单位", names.expert(*expert)))
        }
        Why::OtherKind => Reason::new("类别不符", "空席须留给另一类专家"),
        Why::Short(points) if *points > 0 => Reason::new(
            &format!("差 {}", decimal(*points)),
            format!("相关度高 {} 即可入选", decimal(*points)),
        ),
        Why::NotDrawn => Reason::new("未抽中", "合格，抽取次序在后，可依次递补"),
        Why::Short(_) => Reason::new("相当", "与入选者相当，按负荷和次序未取"),
    }
}

/// Why places stay empty, in sentences.
pub fn shortage(shortage: &Shortage, names: &Names, zone: Tz) -> String {
    let kind = shortage.kind.map_or("专家", |kind| match kind {
        ExpertKind::Technical => "技术类专家",
        ExpertKind::Standardization => "标准化类专家",
    });
    if shortage.near.is_empty() {
        return format!("没有够相关的{kind}。");
    }
    let people: Vec<String> = shortage
        .near
        .iter()
        .map(|one| format!("{}{}", names.expert(one.expert), obstacle(one, names, zone)))
        .collect();
    format!(
        "够相关的{kind}还有 {} 人：{}。",
        people.len(),
        people.join("；")
    )
}

fn obstacle(one: &LeftOut, names: &Names, zone: Tz) -> String {
    let reason = why(&one.why, names, zone);
    if reason.detail.is_empty() {
        reason.label
    } else {
        format!("{}，{}", reason.label, reason.detail)
    }
}

/// The smallest change that would fill a place.
pub fn change(change: &Change, names: &Names) -> String {
    match change {
        Change::OtherTime(expert) => {
            format!("会议改到{}有空的时间", names.expert(*expert))
        }
        Change::MoreRoom(expert) => format!("{}再多承担一项", names.expert(*expert)),
        Change::MorePerUnit(expert) => {
            format!("同一单位的人数上限加一，即可请{}", names.expert(*expert))
        }
        Change::Composition(expert) => {
            format!("放宽类别要求，即可请{}", names.expert(*expert))
        }
        Change::LowerRelevance(expert, relevance) => format!(
            "相关度下限降到 {}，即可请{}",
            decimal(i64::from(*relevance)),
            names.expert(*expert)
        ),
    }
}

/// A label of the kind, as in the tables.
pub fn kind(kind: ExpertKind) -> &'static str {
    match kind {
        ExpertKind::Technical => "技术",
        ExpertKind::Standardization => "标准化",
    }
}

/// Millionths with three decimals; a positive amount is never shown as zero.
pub fn decimal(millionths: i64) -> String {
    let thousandths = if millionths > 0 {
        ((millionths + 500) / 1000).max(1)
    } else {
        millionths / 1000
    };
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_with_three_decimals() {
        assert_eq!(decimal(812_400), "0.812");
        assert_eq!(decimal(120), "0.001");
        assert_eq!(decimal(1_000_000), "1.000");
        assert_eq!(decimal(0), "0.000");
    }
}
