//! Mails about what befalls an enrolment besides its usual way: it is carried over, its link is renewed,
//! its turn never came.

use chrono::{DateTime, Utc};
use entity::enrolment::EnrolmentState;
use serde::{Deserialize, Serialize};

use super::{Key, telling::with_programme};
use crate::{
    foundation::{
        mail::{Letter, LetterDesk, Template},
        texts::Label,
        ui::dates,
    },
    registration::matter::{Entry, Matter},
};

/// What a person had enrolled for is put together with another of its kind: how they stand there.
#[derive(Debug, Serialize, Deserialize)]
pub struct Merged {
    /// What the person is enrolled for now.
    pub matter: Matter,
    /// What will not take place.
    pub former: Matter,
    /// Whose, and their own link, which stays.
    pub link: Key,
    /// How they stand now.
    pub state: EnrolmentState,
    /// Place in the queue, from 1, for somebody who waits.
    pub place: u64,
    /// Why they wait: the unit has all the seats it may have.
    pub unit_full: bool,
    /// What else the person has promised at the new time; may be empty.
    pub clash: String,
    /// Why it was put together, in words.
    pub reason: String,
    /// Moves the calendar entry, or takes it out; none for those who neither had nor have a seat.
    pub entry: Option<Entry>,
}

impl Merged {
    fn standing(&self) -> String {
        match (self.state, self.unit_full) {
            (EnrolmentState::Enrolled, _) => "名额已确定".to_owned(),
            (EnrolmentState::AwaitingUnit, _) => "仍待单位确认".to_owned(),
            (_, true) => format!("本单位名额已满，排在候补第 {} 位", self.place),
            (_, false) => format!("名额已满，排在候补第 {} 位", self.place),
        }
    }
}

impl Template for Merged {
    const KIND: &'static str = "registration.merged";
    const LABEL: &'static str = "转入他期";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let mut letter = Letter::new(
            format!("报名已转入：{}", self.matter.short_title()),
            self.link.greeting(desk),
        )
        .text(format!(
            "{}不再举办，{}的报名已转入下列一期，{}。",
            self.former.title,
            self.link.whose(desk),
            self.standing()
        ))
        .facts(self.matter.lines(desk.zone))
        .facts([("原因", self.reason.clone())]);
        letter = with_programme(letter, &self.matter, desk);
        if !self.clash.is_empty() {
            letter = letter.text(format!(
                "新的时间与已有安排冲突：{}。请确定参加哪一项，不能参加的请尽早取消。",
                self.clash
            ));
        }
        letter = letter
            .text("原来的链接继续有效。不参加这一期的，请从链接取消，名额会让给候补的人。")
            .action("查看报名", self.link.url(desk));
        let Some(entry) = &self.entry else {
            return letter;
        };
        let of = if entry.cancelled {
            &self.former
        } else {
            &self.matter
        };
        letter.calendar(of.event(entry, desk.now, desk.zone))
    }
}

/// A person's link has another generation; the former one ended.
#[derive(Debug, Serialize, Deserialize)]
pub struct NewLink {
    /// For what.
    pub matter: Matter,
    /// Whose, and their own link.
    pub link: Key,
    /// How they stand.
    pub state: EnrolmentState,
    /// Until when a seat is kept, where one is.
    pub until: Option<DateTime<Utc>>,
    /// The calendar entry; none for those without a seat.
    pub entry: Option<Entry>,
}

impl Template for NewLink {
    const KIND: &'static str = "registration.new_link";
    const LABEL: &'static str = "报名新链接";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let until = self
            .until
            .map(|until| dates::deadline(until, desk.zone))
            .unwrap_or_default();
        let letter = Letter::new(
            format!("报名的新链接：{}", self.matter.short_title()),
            self.link.greeting(desk),
        )
        .text(format!(
            "这是{}报名的新链接，以前邮件里的链接已失效，请用下面的。",
            self.link.whose(desk)
        ))
        .facts(self.matter.lines(desk.zone))
        .facts([("状态", self.state.zh().to_owned()), ("保留到", until)])
        .action("查看报名", self.link.url(desk));
        match &self.entry {
            Some(entry) => letter.calendar(self.matter.event(entry, desk.now, desk.zone)),
            None => letter,
        }
    }
}

/// It begins, and no seat came free for a person who waits.
#[derive(Debug, Serialize, Deserialize)]
pub struct NotReached {
    /// What begins.
    pub matter: Matter,
    /// Whose, and their own link.
    pub link: Key,
}

impl Template for NotReached {
    const KIND: &'static str = "registration.not_reached";
    const LABEL: &'static str = "候补未轮到";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("候补未轮到：{}", self.matter.short_title()),
            self.link.greeting(desk),
        )
        .text(format!(
            "下列活动已经开始，没有空出名额，{}的候补到此结束，不必前往。感谢关注，欢迎报名下一次。",
            self.link.whose(desk)
        ))
        .facts(self.matter.lines(desk.zone))
        .action("查看", self.link.url(desk))
    }
}
