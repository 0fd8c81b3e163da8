//! Papers about a panel, from the same facts as its pages: 专家名单, 会议通知 with 回执, 签到表.
//! 专家遴选记录 is about a run and stands with the matching.

mod members;
mod notice;
pub mod pages;
mod sign_in;

use chrono::NaiveDate;
use chrono_tz::Tz;
use entity::{ids::PanelId, panel};

use super::{
    matter::Matter,
    seats::{self, Member},
    store,
};
use crate::{
    experts::PoolExpert,
    foundation::{
        config::OfficeConfig,
        context::Context,
        documents::{Block, Field, Words},
        error::{Error, Result},
        ui::{Printed, dates},
    },
};

/// A paper about a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelPaper {
    /// 专家名单
    Members,
    /// 会议通知, with the list and 回执
    Notice,
    /// 签到表
    SignIn,
}

impl PanelPaper {
    /// All papers.
    pub const ALL: [Self; 3] = [Self::Members, Self::Notice, Self::SignIn];

    /// The papers that there are of a panel with so many members.
    pub fn of(panel: &panel::Model, members: usize) -> Vec<Self> {
        let mut papers = Self::ALL.to_vec();
        papers.retain(|paper| paper.is_there(panel, members));
        papers
    }

    /// The paper by its name in an address.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|paper| paper.name() == name)
    }

    /// Its name in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Notice => "notice",
            Self::SignIn => "sign-in",
        }
    }

    /// What it is called.
    pub fn title(self, panel: &panel::Model) -> &'static str {
        match self {
            Self::Members => "专家名单",
            Self::Notice if panel.meeting_from.is_some() => "会议通知",
            Self::Notice => "工作通知",
            Self::SignIn => "签到表",
        }
    }

    /// Whether there is something to print: somebody who serves, and for a 签到表 a meeting.
    fn is_there(self, panel: &panel::Model, members: usize) -> bool {
        members > 0 && (self != Self::SignIn || panel.meeting_from.is_some())
    }
}

/// A panel as its papers tell it.
#[derive(Clone, Copy, Debug)]
pub struct Sitting<'a> {
    /// Its row.
    pub panel: &'a panel::Model,
    /// Who serves, the head first.
    pub members: &'a [Member],
    /// The office.
    pub office: &'a OfficeConfig,
    /// The office's zone.
    pub zone: Tz,
    /// Today, for papers of a panel that is not complete.
    pub today: NaiveDate,
}

/// A paper of a panel, ready to be shown. Who may see it is decided by the caller.
///
/// # Errors
/// [`Error::NotFound`] while nobody serves, and for a 签到表 without a meeting.
pub async fn printed(ctx: &Context, panel: PanelId, paper: PanelPaper) -> Result<Printed> {
    let db = ctx.store.read();
    let row = store::get(db, panel).await?;
    let mut members = seats::members(db, panel).await?;
    members.sort_by_key(|member| !member.assignment.head);
    if !paper.is_there(&row, members.len()) {
        return Err(Error::NotFound);
    }
    let sitting = Sitting {
        panel: &row,
        members: &members,
        office: &ctx.config.office,
        zone: ctx.zone(),
        today: ctx.today(),
    };
    Ok(Printed {
        title: paper.title(&row),
        paper: match paper {
            PanelPaper::Members => members::paper(&sitting),
            PanelPaper::Notice => notice::paper(&sitting),
            PanelPaper::SignIn => sign_in::paper(&sitting),
        },
        about: row.number.clone(),
    })
}

impl Sitting<'_> {
    /// The day that the papers bear: when the panel became complete.
    fn day(&self) -> NaiveDate {
        self.panel
            .standing_at
            .map_or(self.today, |at| dates::local_date(at, self.zone))
    }

    /// The seal below a paper of the office.
    fn seal(&self) -> Block {
        seal(self.office, self.day())
    }
}

/// Issuer, who seals for it, and the day, by the configuration.
pub fn seal(office: &OfficeConfig, day: NaiveDate) -> Block {
    Block::Seal {
        issuer: office.issuer.clone(),
        agent: Some(office.seal_line.clone()).filter(|line| !line.is_empty()),
        date: dates::full_day(day),
    }
}

/// What stands on a paper with the content of a confidential matter; nothing on others.
pub fn secrecy(confidential: bool) -> Option<Block> {
    confidential.then(|| Block::Note("保密事项　仅供办理使用，不得外传。".into()))
}

/// What the matter is, as the head of a paper; lines without content are left out.
pub fn matter_lines(matter: &Matter, zone: Tz) -> Vec<Block> {
    let time = match matter.meeting {
        Some((from, _)) => long_time(matter, dates::local_date(from, zone), zone),
        None => String::new(),
    };
    [
        ("编号", matter.number.clone()),
        ("事项", matter.title.clone()),
        ("标准", matter.standard.clone()),
        ("申请单位", matter.asking_name.clone()),
        ("时间", time),
        ("地点", matter.where_to()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(label, value)| Block::Flat(format!("{label}：{value}").into()))
    .collect()
}

/// 2026年9月28日（周一）下午 14:00–17:00
fn long_time(matter: &Matter, day: NaiveDate, zone: Tz) -> String {
    format!(
        "{}{} {}",
        dates::full_day_and_weekday(day),
        matter.half,
        matter.hours(zone)
    )
}

/// The name of an expert, marked when made up.
pub fn name(expert: &PoolExpert) -> Words {
    let name = Words::from(expert.person.name.as_str());
    if expert.person.sample {
        name.example()
    } else {
        name
    }
}

/// The name of a member, with what sets them apart below it.
pub fn name_and_role(member: &Member) -> Words {
    let name = name(&member.expert);
    match (member.assignment.head, member.expert.guest) {
        (true, true) => name.and("\n组长、特邀专家"),
        (true, false) => name.and("\n组长"),
        (false, true) => name.and("\n特邀专家"),
        (false, false) => name,
    }
}

/// 职务、职称
pub fn post(expert: &PoolExpert) -> String {
    [expert.position.as_str(), expert.title.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("、")
}

/// Empty fields of a form, to be filled in by hand.
fn blank<const N: usize>(labels: [&str; N]) -> Vec<Field> {
    labels.map(|label| Field::new(label, "")).into()
}
