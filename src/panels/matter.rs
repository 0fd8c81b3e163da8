//! What a panel is about, as its mails and link pages tell it.

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use entity::{
    ids::AssignmentId,
    panel::{self, MeetingForm},
};
use serde::{Deserialize, Serialize};

use super::facts::{Meeting, PanelFacts};
use crate::foundation::{
    calendar::{Event, Status, When},
    texts::Label,
    ui::dates,
};

/// Longest title in a subject line, in characters: mail programs cut longer ones.
const SUBJECT_TITLE: usize = 24;

/// Facts of a panel, frozen when a mail is queued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// Number for people.
    pub number: String,
    /// 技术审查会, 技术咨询 …
    pub purpose: String,
    /// Title; empty in mails of confidential matters.
    pub title: String,
    /// The standard at stake with its number; may be empty.
    pub standard: String,
    /// Who asks.
    pub asking_name: String,
    /// Places.
    pub demand: i32,
    /// No content in mails.
    pub confidential: bool,
    /// How they meet.
    pub form: MeetingForm,
    /// Start and end of the meeting.
    pub meeting: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// 上午, 下午 or 全天; empty without a meeting.
    pub half: String,
    /// Place or online room.
    pub place: String,
    /// Answer wanted by.
    pub wanted_by: Option<NaiveDate>,
    /// What the expert does.
    pub duties: String,
    /// Who bears the costs.
    pub fee: String,
    /// Whom to call.
    pub contact_name: String,
    /// Their number.
    pub contact_phone: String,
}

impl Matter {
    /// Everything, for the expert's own page.
    pub fn of(panel: &panel::Model) -> Self {
        let facts = PanelFacts::of(panel);
        Self {
            number: panel.number.clone(),
            standard: [facts.standard_name.as_str(), facts.standard_number.as_str()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
            purpose: facts.purpose,
            title: facts.title,
            asking_name: facts.asking_name,
            demand: facts.demand,
            confidential: facts.confidential,
            form: facts.form,
            half: facts
                .meeting
                .map(|meeting| meeting.half.zh().to_owned())
                .unwrap_or_default(),
            meeting: facts.meeting.map(|Meeting { from, to, .. }| (from, to)),
            place: facts.place,
            wanted_by: facts.wanted_by,
            duties: facts.duties,
            fee: facts.fee_text,
            contact_name: facts.contact_name,
            contact_phone: facts.contact_phone,
        }
    }

    /// What a mail may say: of a confidential matter neither title nor standard, nor who asks.
    pub fn for_mail(panel: &panel::Model) -> Self {
        let matter = Self::of(panel);
        if !matter.confidential {
            return matter;
        }
        Self {
            title: String::new(),
            standard: String::new(),
            asking_name: String::new(),
            duties: String::new(),
            ..matter
        }
    }

    /// The title for a subject line, cut to what mail programs show.
    pub fn short_title(&self) -> String {
        if self.title.is_empty() {
            return format!("{}（保密事项）", self.purpose);
        }
        if self.title.chars().count() <= SUBJECT_TITLE {
            return self.title.clone();
        }
        let head: String = self.title.chars().take(SUBJECT_TITLE - 1).collect();
        format!("{head}…")
    }

    /// The title, or what stands for it where it is confidential.
    pub fn name(&self) -> String {
        if self.title.is_empty() {
            format!("{}（保密事项，内容见链接页面）", self.purpose)
        } else {
            self.title.clone()
        }
    }

    /// 9月28日（周一）下午
    pub fn day(&self, zone: Tz) -> String {
        self.meeting.map_or_else(String::new, |(from, _)| {
            let date = dates::local_date(from, zone);
            format!("{}{}", dates::day_and_weekday(date), self.half)
        })
    }

    /// 14:00–17:00
    pub fn hours(&self, zone: Tz) -> String {
        self.meeting.map_or_else(String::new, |(from, to)| {
            format!("{}–{}", clock(from, zone), clock(to, zone))
        })
    }

    /// Day and hours in one line; empty without a meeting.
    pub fn time(&self, zone: Tz) -> String {
        if self.meeting.is_none() {
            return String::new();
        }
        format!("{} {}", self.day(zone), self.hours(zone))
    }

    /// Where: the place, marked when it is online.
    pub fn where_to(&self) -> String {
        match (self.form, self.place.is_empty()) {
            (MeetingForm::Online, false) => format!("线上会议，{}", self.place),
            (MeetingForm::Online, true) => "线上会议".to_owned(),
            (MeetingForm::None, _) => "不开会，书面提出意见".to_owned(),
            (MeetingForm::OnSite, _) => self.place.clone(),
        }
    }

    /// Until when an opinion is wanted; empty without a day.
    pub fn wanted(&self) -> String {
        self.wanted_by.map_or_else(String::new, |day| {
            format!("{}前", dates::day_and_weekday(day))
        })
    }

    /// Name and number of whom to call.
    pub fn contact(&self) -> String {
        [self.contact_name.as_str(), self.contact_phone.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("，")
    }

    /// 5 人；申请单位为…
    pub fn group(&self) -> String {
        if self.asking_name.is_empty() {
            format!("{} 人", self.demand)
        } else {
            format!("{} 人；申请单位为{}", self.demand, self.asking_name)
        }
    }

    /// All facts as (label, value), in the order in which one decides by them; empty values are left
    /// to the letter to drop.
    pub fn lines(&self, zone: Tz) -> Vec<(&'static str, String)> {
        vec![
            ("事项", self.name()),
            ("标准", self.standard.clone()),
            ("时间", self.time(zone)),
            ("地点", self.where_to()),
            ("意见期限", self.wanted()),
            ("要做的事", self.duties.clone()),
            ("专家组", self.group()),
            ("费用", self.fee.clone()),
            ("联系人", self.contact()),
            ("编号", self.number.clone()),
        ]
    }

    /// The facts that matter once one has accepted.
    pub fn short_lines(&self, zone: Tz) -> Vec<(&'static str, String)> {
        vec![
            ("事项", self.name()),
            ("时间", self.time(zone)),
            ("地点", self.where_to()),
            ("联系人", self.contact()),
            ("编号", self.number.clone()),
        ]
    }

    /// The meeting as an entry of a member's calendar. It carries no link: calendars are shared.
    pub fn event(&self, of: &Attendance, stamp: DateTime<Utc>, zone: Tz) -> Event {
        Event {
            uid: format!("panel-{}@expert-pool", of.assignment),
            sequence: u32::try_from(of.sequence).unwrap_or(0),
            stamp,
            when: When::Times {
                start: of.from,
                end: of.to,
            },
            zone,
            status: if of.cancelled {
                Status::Cancelled
            } else {
                Status::Confirmed
            },
            summary: format!("{}：{}", self.purpose, self.short_title()),
            description: [self.duties.clone(), format!("联系人：{}", self.contact())]
                .into_iter()
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join("\n"),
            location: self.place.clone(),
            url: None,
        }
    }
}

/// A member's entry in the calendar: which, and which version of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// Whose place; the entry's UID follows from it.
    pub assignment: AssignmentId,
    /// Higher than that of every entry sent before.
    pub sequence: i32,
    /// Start of the meeting; of the former one where the entry is taken out.
    pub from: DateTime<Utc>,
    /// Its end.
    pub to: DateTime<Utc>,
    /// Takes the entry out.
    pub cancelled: bool,
}

fn clock(instant: DateTime<Utc>, zone: Tz) -> String {
    let local = instant.with_timezone(&zone);
    format!("{:02}:{:02}", local.hour(), local.minute())
}
