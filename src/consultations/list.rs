//! The list of consultations: what needs the visitor first, state in words, the next step.

use std::collections::HashMap;

use entity::{
    consultation::{self, ConsultationState},
    ids::UnitId,
};

use super::{filing::Filing, rules};
use crate::{
    foundation::{
        context::Context,
        texts::Label,
        ui::{Html, Tag, dates},
    },
    panels::Seats,
};

/// A tab of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tab {
    pub word: &'static str,
    pub label: &'static str,
    states: &'static [ConsultationState],
    desk_states: &'static [ConsultationState],
}

use ConsultationState::{
    Accepted, AskedAgain, Closed, Concluded, Draft, Refused, Returned, Standing, Submitted,
    Withdrawn, Working,
};

/// Tabs in their order; the first one is what waits for the visitor.
pub(super) const TABS: [Tab; 5] = [
    Tab {
        word: "mine",
        label: "待我处理",
        states: &[Returned, Concluded],
        desk_states: &[Submitted],
    },
    Tab {
        word: "open",
        label: "进行中",
        states: &[Submitted, Accepted, Standing, Working, AskedAgain],
        desk_states: &[Accepted, Standing, Working, Concluded, AskedAgain, Returned],
    },
    Tab {
        word: "drafts",
        label: "草稿",
        states: &[Draft],
        desk_states: &[],
    },
    Tab {
        word: "ended",
        label: "已结束",
        states: &[Closed, Refused, Withdrawn],
        desk_states: &[Closed, Refused, Withdrawn],
    },
    Tab {
        word: "all",
        label: "全部",
        states: &[],
        desk_states: &[
            Submitted, Returned, Accepted, Refused, Standing, Working, Concluded, AskedAgain,
            Closed, Withdrawn,
        ],
    },
];

impl Tab {
    /// The tab of a word in the address; everything else is the tab of all.
    pub fn of(word: &str) -> Self {
        TABS.into_iter()
            .find(|tab| tab.word == word)
            .unwrap_or(TABS[4])
    }

    /// States in it, for the secretariat (which does not see drafts of units) or for a unit.
    pub fn states(self, desk: bool) -> Vec<ConsultationState> {
        if desk { self.desk_states } else { self.states }.to_vec()
    }

    /// How many rows it has, from the counts of states.
    pub fn count(self, desk: bool, counts: &HashMap<ConsultationState, u64>) -> u64 {
        let states = self.states(desk);
        counts
            .iter()
            .filter(|(state, _)| states.is_empty() || states.contains(state))
            .map(|(_, count)| count)
            .sum()
    }

    /// Whether there is such a tab for the visitor.
    pub fn is_for(self, desk: bool) -> bool {
        !desk || !self.desk_states.is_empty()
    }
}

/// A row as it is shown.
#[derive(Debug)]
pub(super) struct Row {
    pub href: String,
    pub number: Option<String>,
    pub title: String,
    pub under: String,
    pub unit: String,
    pub purpose: &'static str,
    pub seats: Html,
    pub meeting: String,
    pub tag: Tag,
    pub next: String,
    pub class: &'static str,
}

/// A row of the list.
pub(super) fn row(
    ctx: &Context,
    row: &consultation::Model,
    seats: Option<Seats>,
    units: &HashMap<UnitId, String>,
    desk: bool,
) -> Row {
    let waits = TABS[0].states(desk).contains(&row.state);
    let class = if rules::has_ended(row.state) {
        "off"
    } else if row.state == Returned && !desk {
        "late"
    } else if waits {
        "do"
    } else {
        ""
    };
    let meeting = match (row.meeting_date, row.meeting_half) {
        (Some(day), Some(half)) => format!("{} {}", dates::day(day), half.zh()),
        _ if row.state == Draft => "未填".to_owned(),
        _ => "不开会".to_owned(),
    };
    let draft = row.state == Draft;
    Row {
        href: if draft {
            format!("/consultations/{}/edit", row.id)
        } else {
            format!("/consultations/{}", row.id)
        },
        number: row.number.clone(),
        title: if row.title.is_empty() {
            "未命名".to_owned()
        } else {
            row.title.clone()
        },
        under: if draft {
            format!("上次保存：{}", dates::moment(row.updated_at, ctx.zone()))
        } else {
            format!("{} {}", row.standard_number, row.standard_name)
                .trim()
                .to_owned()
        },
        unit: units.get(&row.unit_id).cloned().unwrap_or_default(),
        purpose: purpose_of(row),
        seats: seats_bar(row.demand, seats),
        meeting,
        tag: rules::tag(row.state, desk),
        next: next_step(ctx, row, seats, desk),
        class,
    }
}

/// The purpose in words; a draft may not have chosen it yet.
fn purpose_of(row: &consultation::Model) -> &'static str {
    let open = Filing::of(row)
        .undecided
        .iter()
        .any(|open| open == "purpose");
    if open { "未选" } else { row.purpose.zh() }
}

/// The bar of places with its figures; hollow as long as nobody is in view.
pub(super) fn seats_bar(demand: i32, seats: Option<Seats>) -> Html {
    if demand <= 0 {
        return Html("<span class=\"soft\">未填</span>".to_owned());
    }
    let begun = seats.filter(|seats| seats.vacant < seats.demand);
    let bar = match begun {
        Some(seats) => seats.bar().0,
        None if demand > 9 => String::new(),
        None => {
            let hollow = "<i></i>".repeat(usize::try_from(demand).unwrap_or(0));
            format!(
                "<span class=\"seats\" role=\"img\" aria-label=\"{demand} 席，还没有人接受\">{hollow}</span>"
            )
        }
    };
    let accepted = begun.map_or(0, |seats| seats.accepted);
    Html(format!("{bar}{accepted}/{demand}"))
}

/// What comes next, as the visitor reads it.
fn next_step(ctx: &Context, row: &consultation::Model, seats: Option<Seats>, desk: bool) -> String {
    let calendar = ctx.calendar();
    match row.state {
        Draft => "继续填写".to_owned(),
        Submitted => {
            let by = row
                .submitted_at
                .map(|at| rules::take_in_by(dates::local_date(at, ctx.zone()), &calendar))
                .map(dates::day)
                .unwrap_or_default();
            if desk {
                format!("{by}前受理")
            } else {
                format!("秘书处{by}前受理")
            }
        }
        Returned if desk => "等申请单位补充".to_owned(),
        Returned => format!("请补充：{}", row.note),
        Accepted => match seats {
            Some(seats) if seats.waiting > 0 => "等专家答复".to_owned(),
            Some(seats) if seats.proposed > 0 => "秘书处审批专家名单".to_owned(),
            Some(seats) if seats.accepted > 0 && seats.vacant > 0 => "秘书处补邀".to_owned(),
            _ if desk => "匹配专家".to_owned(),
            _ => "等下一轮匹配".to_owned(),
        },
        Standing => row.meeting_date.map_or_else(
            || "专家看稿，写意见".to_owned(),
            |day| format!("{}开会", dates::day(day)),
        ),
        Working => "等专家意见".to_owned(),
        Concluded if desk => "等申请单位确认".to_owned(),
        Concluded => "确认结论".to_owned(),
        AskedAgain => "等专家组答复追问".to_owned(),
        Closed => row
            .rating
            .map_or_else(|| "已办结".to_owned(), |rating| format!("已评 {rating} 分")),
        Refused => format!("不予受理：{}", row.note),
        Withdrawn => row
            .closed_at
            .map(|at| format!("{}撤回", dates::day(dates::local_date(at, ctx.zone()))))
            .unwrap_or_default(),
    }
}
