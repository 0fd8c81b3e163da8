//! Mails that tell how an enrolment stands.

use serde::{Deserialize, Serialize};

use super::Key;
use crate::foundation::mail::{Letter, LetterDesk, Template};
use crate::registration::matter::{Entry, Matter};

/// The programme as a list, where there is more than one sitting.
pub(super) fn with_programme(letter: Letter, matter: &Matter, desk: &LetterDesk<'_>) -> Letter {
    let lines = matter.programme(desk.zone);
    if lines.is_empty() {
        letter
    } else {
        letter.text("日程：").list(lines)
    }
}

/// A person has a seat.
#[derive(Debug, Serialize, Deserialize)]
pub struct Enrolled {
    /// For what.
    pub matter: Matter,
    /// Whose, and their own link.
    pub link: Key,
    /// The calendar entry.
    pub entry: Entry,
}

impl Template for Enrolled {
    const KIND: &'static str = "registration.enrolled";
    const LABEL: &'static str = "报名成功";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let letter = Letter::new(
            format!("报名成功：{}", self.matter.short_title()),
            self.link.greeting(desk),
        )
        .text(format!("{}已报名成功，名额已确定。", self.link.whose(desk)))
        .facts(self.matter.lines(desk.zone));
        with_programme(letter, &self.matter, desk)
            .text("到场签到、查看安排、取消报名都从下面的链接进入，请保留这封邮件。不能参加时请尽早取消，名额会让给候补的人。")
            .action("查看报名", self.link.url(desk))
            .calendar(self.matter.event(&self.entry, desk.now, desk.zone))
    }
}

/// A person stands in the queue.
#[derive(Debug, Serialize, Deserialize)]
pub struct Waiting {
    /// For what.
    pub matter: Matter,
    /// Whose, and their own link.
    pub link: Key,
    /// Place in the queue at this moment, from 1.
    pub place: i64,
    /// Why: the unit has all the seats it may have.
    pub unit_full: bool,
}

impl Template for Waiting {
    const KIND: &'static str = "registration.waiting";
    const LABEL: &'static str = "进入候补";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let why = if self.unit_full {
            "每个单位的名额有限，本单位名额已满"
        } else {
            "名额已满"
        };
        Letter::new(
            format!("已进入候补：{}", self.matter.short_title()),
            self.link.greeting(desk),
        )
        .text(format!(
            "{why}，{}排在候补第 {} 位。",
            self.link.whose(desk),
            self.place
        ))
        .facts(self.matter.lines(desk.zone))
        .text("有人取消时，按候补次序逐位通知，在通知写明的期限内为您保留名额。当前位次随时可以从链接查看，不再等候也请从链接取消。")
        .action("查看位次", self.link.url(desk))
    }
}

/// A person who enrolled by the open form waits for the unit.
#[derive(Debug, Serialize, Deserialize)]
pub struct AwaitingUnit {
    /// For what.
    pub matter: Matter,
    /// Whose, and their own link.
    pub link: Key,
    /// Which unit.
    pub unit: String,
}

impl Template for AwaitingUnit {
    const KIND: &'static str = "registration.awaiting_unit";
    const LABEL: &'static str = "待单位确认";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("待单位确认：{}", self.matter.short_title()),
            self.link.greeting(desk),
        )
        .text(format!(
            "邮箱已确认。本次报名需要{}的联络员同意，已请他们处理；同意后按您确认邮箱的先后安排名额，另有邮件通知。",
            self.unit
        ))
        .facts(self.matter.lines(desk.zone))
        .action("查看报名", self.link.url(desk))
    }
}

/// The time to take a kept seat ran out.
#[derive(Debug, Serialize, Deserialize)]
pub struct Lapsed {
    /// For what.
    pub matter: Matter,
    /// Whose, and their own link.
    pub link: Key,
}

impl Template for Lapsed {
    const KIND: &'static str = "registration.lapsed";
    const LABEL: &'static str = "逾期未确认";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("逾期未确认：{}", self.matter.short_title()),
            self.link.greeting(desk),
        )
        .text(format!(
            "为{}保留的名额没有在期限内确认，已顺延给下一位候补。",
            self.link.whose(desk)
        ))
        .facts(self.matter.lines(desk.zone))
        .text("仍想参加，可以从链接重新排到候补末位（报名截止前）。")
        .action("查看", self.link.url(desk))
    }
}

/// The unit does not agree.
#[derive(Debug, Serialize, Deserialize)]
pub struct Refused {
    /// For what.
    pub matter: Matter,
    /// Whose, and their own link.
    pub link: Key,
    /// Why, in the unit's words; may be empty.
    pub note: String,
}

impl Template for Refused {
    const KIND: &'static str = "registration.refused";
    const LABEL: &'static str = "单位未同意";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("单位未同意报名：{}", self.matter.short_title()),
            self.link.greeting(desk),
        )
        .text("您填写的报名，单位联络员没有同意。如有疑问，请与本单位联络员联系。")
        .facts([
            ("活动", self.matter.title.clone()),
            ("说明", self.note.clone()),
        ])
        .action("查看", self.link.url(desk))
    }
}

/// A person is off the list.
#[derive(Debug, Serialize, Deserialize)]
pub struct Left {
    /// For what.
    pub matter: Matter,
    /// Whose, and their own link.
    pub link: Key,
    /// Why, in words.
    pub note: String,
    /// Takes the calendar entry out; none for those who had none.
    pub entry: Option<Entry>,
}

impl Template for Left {
    const KIND: &'static str = "registration.left";
    const LABEL: &'static str = "取消报名";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let letter = Letter::new(
            format!("已取消报名：{}", self.matter.short_title()),
            self.link.greeting(desk),
        )
        .text(format!("{}的报名已取消。", self.link.whose(desk)))
        .facts([
            ("活动", self.matter.title.clone()),
            ("时间", self.matter.time(desk.zone)),
            ("说明", self.note.clone()),
        ])
        .text("不是您的意思，或者又能参加了，请从链接查看能否重新报名，或与联系人联系。")
        .action("查看", self.link.url(desk));
        match &self.entry {
            Some(entry) => letter.calendar(self.matter.event(entry, desk.now, desk.zone)),
            None => letter,
        }
    }
}

/// Time or place changed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Moved {
    /// As it is now.
    pub matter: Matter,
    /// Whose, and their own link.
    pub link: Key,
    /// What changed, a line each.
    pub changes: Vec<String>,
    /// What else the person has promised at the new time; may be empty.
    pub clash: String,
    /// The calendar entry; none for those without a seat.
    pub entry: Option<Entry>,
}

impl Template for Moved {
    const KIND: &'static str = "registration.moved";
    const LABEL: &'static str = "安排变更";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let mut letter = Letter::new(
            format!("安排有变：{}", self.matter.short_title()),
            self.link.greeting(desk),
        )
        .text("下列活动的安排有变，请以本邮件为准：")
        .list(self.changes.clone())
        .facts(self.matter.lines(desk.zone));
        letter = with_programme(letter, &self.matter, desk);
        if !self.clash.is_empty() {
            letter = letter.text(format!(
                "新的时间与已有安排冲突：{}。请确定参加哪一项，不能参加的请尽早取消。",
                self.clash
            ));
        }
        letter = letter
            .text("新的安排不合适，可以从链接取消报名。")
            .action("查看报名", self.link.url(desk));
        match &self.entry {
            Some(entry) => letter.calendar(self.matter.event(entry, desk.now, desk.zone)),
            None => letter,
        }
    }
}

/// It will not take place.
#[derive(Debug, Serialize, Deserialize)]
pub struct Cancelled {
    /// What was to take place.
    pub matter: Matter,
    /// Whose, and their own link.
    pub link: Key,
    /// Why.
    pub note: String,
    /// Takes the calendar entry out; none for those who had none.
    pub entry: Option<Entry>,
}

impl Template for Cancelled {
    const KIND: &'static str = "registration.cancelled";
    const LABEL: &'static str = "活动取消";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let letter = Letter::new(
            format!("活动取消：{}", self.matter.short_title()),
            self.link.greeting(desk),
        )
        .text("下列活动取消，不再举办，请勿前往。给您带来不便，敬请谅解。")
        .facts(self.matter.lines(desk.zone))
        .facts([("原因", self.note.clone())])
        .action("查看", self.link.url(desk));
        match &self.entry {
            Some(entry) => letter.calendar(self.matter.event(entry, desk.now, desk.zone)),
            None => letter,
        }
    }
}

/// It begins soon.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reminder {
    /// What.
    pub matter: Matter,
    /// Whose, and their own link.
    pub link: Key,
}

impl Template for Reminder {
    const KIND: &'static str = "registration.reminder";
    const LABEL: &'static str = "开班提醒";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let letter = Letter::new(
            format!("提醒：{}", self.matter.short_title()),
            self.link.greeting(desk),
        )
        .text(format!(
            "{}报名的活动即将开始，请按时到场签到。",
            self.link.whose(desk)
        ))
        .facts(self.matter.lines(desk.zone));
        with_programme(letter, &self.matter, desk)
            .text("不能参加时，请现在就从链接取消。")
            .action("查看报名", self.link.url(desk))
    }
}
