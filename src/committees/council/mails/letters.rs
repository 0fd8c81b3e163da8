//! What the contacts of a unit are told about a meeting.

use entity::meeting;
use serde::{Deserialize, Serialize};

use super::Which;
use crate::foundation::{
    calendar::{Event, Status, When},
    mail::{Letter, LetterDesk, Template},
    ui::dates,
};

impl Which {
    /// The meeting as an entry of a calendar. It carries no link: calendars are shared.
    fn event(&self, desk: &LetterDesk<'_>, status: Status) -> Event {
        Event {
            uid: format!("meeting-{}@expert-pool", self.row.id),
            sequence: u32::try_from(self.row.sequence).unwrap_or(0),
            stamp: desk.now,
            when: When::Times {
                start: self.row.starts_at,
                end: self.row.ends_at,
            },
            zone: desk.zone,
            status,
            summary: self.row.title.clone(),
            location: self.row.place.clone(),
            description: String::new(),
            url: None,
        }
    }
}

/// 会议通知
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Called {
    which: Which,
}

/// The meeting is moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Moved {
    which: Which,
}

/// The meeting is called off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Cancelled {
    which: Which,
    reason: String,
}

/// The minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Minuted {
    which: Which,
}

/// The answer is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct ReplyWanted {
    which: Which,
}

/// The meeting is near.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct MeetingNear {
    which: Which,
    attendee: String,
}

impl Called {
    /// Of a meeting.
    pub fn of(row: &meeting::Model) -> Self {
        Self {
            which: Which::of(row),
        }
    }
}

impl Moved {
    /// To where it is now.
    pub fn of(row: &meeting::Model) -> Self {
        Self {
            which: Which::of(row),
        }
    }
}

impl Cancelled {
    /// With the row's note as the reason.
    pub fn of(row: &meeting::Model) -> Self {
        Self {
            which: Which::of(row),
            reason: row.note.clone(),
        }
    }
}

impl Minuted {
    /// Of a meeting.
    pub fn of(row: &meeting::Model) -> Self {
        Self {
            which: Which::of(row),
        }
    }
}

impl ReplyWanted {
    /// To a meeting.
    pub fn of(row: &meeting::Model) -> Self {
        Self {
            which: Which::of(row),
        }
    }
}

impl MeetingNear {
    /// With who was announced.
    pub fn of(row: &meeting::Model, attendee: &str) -> Self {
        Self {
            which: Which::of(row),
            attendee: attendee.to_owned(),
        }
    }
}

impl Template for Called {
    const KIND: &'static str = "meetings.called";
    const LABEL: &'static str = "会议通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "请贵单位派代表参加，并在{}前填写回执。议程：",
            dates::day_and_weekday(self.which.row.reply_by)
        );
        self.which
            .letter(desk, "会议通知", text, "填写回执")
            .list(self.which.row.agenda.clone())
            .calendar(self.which.event(desk, Status::Confirmed))
    }
}

impl Template for Moved {
    const KIND: &'static str = "meetings.moved";
    const LABEL: &'static str = "会议变更";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text =
            "会议的时间或地点有变动，以下列为准。已填的回执仍有效，需要时请修改。".to_owned();
        self.which
            .letter(desk, "会议变更", text, "查看会议")
            .calendar(self.which.event(desk, Status::Confirmed))
    }
}

impl Template for Cancelled {
    const KIND: &'static str = "meetings.cancelled";
    const LABEL: &'static str = "会议取消";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "这次会议取消，原因是：{}。",
            self.reason.trim_end_matches('。')
        );
        self.which
            .letter(desk, "会议取消", text, "查看会议")
            .calendar(self.which.event(desk, Status::Cancelled))
    }
}

impl Template for Minuted {
    const KIND: &'static str = "meetings.minuted";
    const LABEL: &'static str = "会议纪要";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = "会议纪要已印发，请查阅。".to_owned();
        self.which.letter(desk, "会议纪要", text, "查看纪要")
    }
}

impl Template for ReplyWanted {
    const KIND: &'static str = "meetings.reply_wanted";
    const LABEL: &'static str = "回执提醒";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "还没有收到贵单位的回执，请在{}前填写。",
            dates::day_and_weekday(self.which.row.reply_by)
        );
        self.which.letter(desk, "请填写回执", text, "填写回执")
    }
}

impl Template for MeetingNear {
    const KIND: &'static str = "meetings.near";
    const LABEL: &'static str = "会前提醒";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!("会议即将召开，贵单位参会的是{}。", self.attendee);
        self.which.letter(desk, "会前提醒", text, "查看会议")
    }
}
