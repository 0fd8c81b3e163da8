//! Mails that tell what happened; none of them needs an answer.

use chrono::{DateTime, Utc};
use entity::invitation::Answer;
use serde::{Deserialize, Serialize};

use super::{Key, greeting};
use crate::{
    foundation::{
        mail::{Letter, LetterDesk, Template},
        ui::dates,
    },
    panels::{
        ANSWER, WORK,
        matter::{Attendance, Matter},
    },
};

/// `letter` with the entry for the recipient's calendar, if there is one.
fn with_entry(
    letter: Letter,
    matter: &Matter,
    attendance: Option<&Attendance>,
    desk: &LetterDesk<'_>,
) -> Letter {
    match attendance {
        Some(of) => letter.calendar(matter.event(of, desk.now, desk.zone)),
        None => letter,
    }
}

/// An answer was received.
#[derive(Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// What was answered.
    pub matter: Matter,
    /// The same link: now a page of the state.
    pub link: Key,
    /// The answer.
    pub answer: Answer,
    /// When it came.
    pub at: DateTime<Utc>,
    /// It was given by phone or on paper and recorded by the office.
    pub recorded: bool,
    /// It is kept until the race is decided.
    pub race: bool,
    /// Until when it can be changed.
    pub cutoff: DateTime<Utc>,
    /// Puts the meeting into the calendar, or takes it out again.
    pub attendance: Option<Attendance>,
}

impl Template for Receipt {
    const KIND: &'static str = "panels.receipt";
    const LABEL: &'static str = "回执";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let word = match self.answer {
            Answer::Accept => "能参加",
            Answer::Decline => "不能参加",
        };
        let how = if self.recorded {
            "秘书处记录了您的答复"
        } else {
            "您答复"
        };
        let next = match (self.answer, self.race) {
            (Answer::Accept, true) => "截止时按匹配次序确定人选，与答复先后无关，结果会另行告知。",
            (Answer::Accept, false) => "专家组到齐后，会议通知另行发送。",
            (Answer::Decline, _) => "谢谢您的答复，我们会另请他人。",
        };
        let letter = Letter::new(format!("回执：您已答复{word}"), greeting(desk))
            .text(format!(
                "{how}{word}，时间是 {}。{next}",
                dates::moment(self.at, desk.zone)
            ))
            .facts(self.matter.short_lines(desk.zone))
            .text(format!(
                "{} 前可以从链接自己更改，之后请打电话给联系人。如果不是您本人答复，请马上告诉联系人。",
                dates::deadline(self.cutoff, desk.zone)
            ))
            .action("查看答复", self.link.url(ANSWER, desk));
        with_entry(letter, &self.matter, self.attendance.as_ref(), desk)
    }
}

/// Whoever accepted in a race was taken.
#[derive(Debug, Serialize, Deserialize)]
pub struct Seated {
    /// For what.
    pub matter: Matter,
    /// The answer link: a page of the state.
    pub link: Key,
    /// Puts the meeting into the calendar.
    pub attendance: Option<Attendance>,
}

impl Template for Seated {
    const KIND: &'static str = "panels.seated";
    const LABEL: &'static str = "入选通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let letter = Letter::new(
            format!("已确定请您参加：{}", self.matter.short_title()),
            greeting(desk),
        )
        .text("您答复过能参加，现已确定请您担任专家。会议通知另行发送；情况有变请马上打电话给联系人。")
        .facts(self.matter.lines(desk.zone))
        .action("查看答复", self.link.url(ANSWER, desk));
        with_entry(letter, &self.matter, self.attendance.as_ref(), desk)
    }
}

/// Why an expert is no longer asked or needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Another was taken in a race, or there are fewer places.
    Filled,
    /// The secretariat released the expert.
    Released,
    /// The matter was withdrawn.
    Withdrawn,
}

/// An expert is no longer asked or needed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Released {
    /// What it was about.
    pub matter: Matter,
    /// Why it ended.
    pub ending: Ending,
    /// More about it, in words; may be empty.
    pub reason: String,
    /// Takes the meeting out of the calendar of whoever had accepted.
    pub attendance: Option<Attendance>,
}

impl Template for Released {
    const KIND: &'static str = "panels.released";
    const LABEL: &'static str = "取消通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let matter = &self.matter;
        let title = matter.short_title();
        let (subject, text) = match self.ending {
            Ending::Filled => (
                format!("致谢：{title}"),
                "专家组人选已定，这次不再劳烦您。谢谢您的支持，今后有相关事项再请教。",
            ),
            Ending::Released => (
                format!("调整通知：{title}"),
                "专家组人选有调整，这次不再劳烦您。谢谢您的支持。",
            ),
            Ending::Withdrawn => (
                format!("取消通知：{title}"),
                "这件事已经撤回，不再需要您答复或参加。谢谢您的支持。",
            ),
        };
        let letter = Letter::new(subject, greeting(desk))
            .text(text)
            .facts([("原因", self.reason.clone())])
            .facts(matter.short_lines(desk.zone));
        with_entry(letter, matter, self.attendance.as_ref(), desk)
    }
}

/// Something other than the time changed, for example the place; nothing has to be answered.
#[derive(Debug, Serialize, Deserialize)]
pub struct FactsChanged {
    /// The matter as it is now.
    pub matter: Matter,
    /// What changed: (label, before, now).
    pub changes: Vec<(String, String, String)>,
    /// Why, in words.
    pub reason: String,
    /// Moves the entry in the calendar of whoever had accepted.
    pub attendance: Option<Attendance>,
}

impl Template for FactsChanged {
    const KIND: &'static str = "panels.facts_changed";
    const LABEL: &'static str = "变更通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let changes = self
            .changes
            .iter()
            .map(|(label, before, now)| (label.clone(), format!("{before} 改为 {now}")));
        let letter = Letter::new(
            format!("变更通知：{}", self.matter.short_title()),
            greeting(desk),
        )
        .text("请您参加的事项有变更，时间不变，不需要重新答复。")
        .facts(changes)
        .facts([("原因", self.reason.clone())])
        .facts(self.matter.short_lines(desk.zone));
        with_entry(letter, &self.matter, self.attendance.as_ref(), desk)
    }
}

/// The panel is complete: its members are told who they are and what comes next.
#[derive(Debug, Serialize, Deserialize)]
pub struct Notice {
    /// What it is about.
    pub matter: Matter,
    /// The work link.
    pub link: Key,
    /// Name and unit of each member, the head marked; empty for confidential matters.
    pub members: Vec<String>,
}

impl Template for Notice {
    const KIND: &'static str = "panels.notice";
    const LABEL: &'static str = "会议通知";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let matter = &self.matter;
        let word = if matter.meeting.is_some() {
            "会议通知"
        } else {
            "工作通知"
        };
        let mut letter = Letter::new(format!("{word}：{}", matter.short_title()), greeting(desk))
            .text("专家组已经到齐，情况如下。资料和填写意见的页面请从链接进入，链接到结束前一直有效。")
            .facts(matter.lines(desk.zone));
        if !self.members.is_empty() {
            letter = letter.text("专家组成员：").list(self.members.clone());
        }
        letter.action("资料与意见", self.link.url(WORK, desk))
    }
}

/// A meeting is near.
#[derive(Debug, Serialize, Deserialize)]
pub struct MeetingReminder {
    /// Which.
    pub matter: Matter,
    /// The work link.
    pub link: Key,
}

impl Template for MeetingReminder {
    const KIND: &'static str = "panels.meeting_reminder";
    const LABEL: &'static str = "会前提醒";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let matter = &self.matter;
        Letter::new(
            format!("提醒：{}开会", matter.day(desk.zone)),
            greeting(desk),
        )
        .text("您答复过能参加的会议临近。情况有变请马上打电话给联系人。")
        .facts(matter.short_lines(desk.zone))
        .action("资料与意见", self.link.url(WORK, desk))
    }
}

/// The asking unit is told that its panel is complete.
#[derive(Debug, Serialize, Deserialize)]
pub struct Complete {
    /// What they asked.
    pub matter: Matter,
    /// Name and unit of each member, the head marked.
    pub members: Vec<String>,
    /// Path of the 专家名单; none when nobody shows it.
    pub path: Option<String>,
}

impl Template for Complete {
    const KIND: &'static str = "panels.complete";
    const LABEL: &'static str = "专家名单";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let matter = &self.matter;
        let letter = Letter::new(
            format!("专家名单：{}", matter.short_title()),
            format!("{}：您好！", desk.recipient),
        )
        .text(format!(
            "贵单位申请的{}，专家组 {} 人已经到齐。",
            matter.purpose, matter.demand
        ))
        .list(self.members.clone())
        .facts(matter.short_lines(desk.zone));
        match &self.path {
            Some(path) => letter.action("查看专家名单", desk.links.absolute(path)),
            None => letter,
        }
    }
}

/// The asking unit is told that its panel, complete before, has an empty place.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reopened {
    /// What they asked.
    pub matter: Matter,
    /// Name and unit of those who go on, the head marked; empty for confidential matters.
    pub members: Vec<String>,
    /// Path of the page of the matter; none when it has none.
    pub path: Option<String>,
}

impl Template for Reopened {
    const KIND: &'static str = "panels.reopened";
    const LABEL: &'static str = "专家变动";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let matter = &self.matter;
        let mut letter = Letter::new(
            format!("专家变动：{}", matter.short_title()),
            format!("{}：您好！", desk.recipient),
        )
        .text(format!(
            "贵单位申请的{}，专家组有专家不能继续参加，秘书处正按次序补请。到齐以后另行通知，贵单位不需要办理什么。",
            matter.purpose
        ));
        if !self.members.is_empty() {
            letter = letter.text("继续参加的专家：").list(self.members.clone());
        }
        let letter = letter.facts(matter.short_lines(desk.zone));
        match &self.path {
            Some(path) => letter.action("查看进展", desk.links.absolute(path)),
            None => letter,
        }
    }
}

/// The expert's address was corrected: the link that counts from now on.
#[derive(Debug, Serialize, Deserialize)]
pub struct NewLink {
    /// What it is about.
    pub matter: Matter,
    /// The link.
    pub link: Key,
    /// To work with, rather than to see and change the answer.
    pub work: bool,
}

impl Template for NewLink {
    const KIND: &'static str = "panels.new_link";
    const LABEL: &'static str = "链接更新";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let letter = Letter::new(
            format!("链接已更新：{}", self.matter.short_title()),
            greeting(desk),
        )
        .text("您的邮箱已更正，发到原邮箱的链接不能再用。请改用下面的链接；您原来的答复照旧有效。")
        .facts(self.matter.short_lines(desk.zone));
        if self.work {
            letter.action("资料与意见", self.link.url(WORK, desk))
        } else {
            letter.action("查看答复", self.link.url(ANSWER, desk))
        }
    }
}

/// The secretariat is told that a mail reached the wrong person.
#[derive(Debug, Serialize, Deserialize)]
pub struct Misdirected {
    /// Whom it was meant for.
    pub expert: String,
    /// The address that it went to, masked.
    pub address: String,
    /// What it was about.
    pub matter: Matter,
    /// Path of the question's page.
    pub path: String,
}

impl Template for Misdirected {
    const KIND: &'static str = "panels.misdirected";
    const LABEL: &'static str = "邮件转错";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("邮件转错：给{}的邀请", self.expert),
            format!("{}：", desk.recipient),
        )
        .text("收信人说不是本人。链接已失效，没有记为答复。请核对地址后重新发送。")
        .facts([
            ("收信人", self.expert.clone()),
            ("地址", self.address.clone()),
            ("事项", self.matter.name()),
            ("编号", self.matter.number.clone()),
        ])
        .action("查看邀请", desk.links.absolute(&self.path))
    }
}
