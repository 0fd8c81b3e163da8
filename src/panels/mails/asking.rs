//! Mails that ask an expert for something.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Key, greeting};
use crate::{
    foundation::{
        mail::{Letter, LetterDesk, Template},
        ui::dates,
    },
    panels::{
        ANSWER, HEAD,
        matter::{Attendance, Matter},
    },
};

/// When an answer is due.
fn due(cutoff: DateTime<Utc>, provisional: bool, desk: &LetterDesk<'_>) -> String {
    let end = dates::deadline(cutoff, desk.zone);
    if provisional {
        format!("{end}（暂定，节假日安排公布后可能顺延）")
    } else {
        end
    }
}

/// An expert is asked to serve.
#[derive(Debug, Serialize, Deserialize)]
pub struct Invitation {
    /// What for.
    pub matter: Matter,
    /// The answer link.
    pub link: Key,
    /// Until when an answer counts.
    pub cutoff: DateTime<Utc>,
    /// 暂定
    pub provisional: bool,
    /// Asked together with others for the same place.
    pub race: bool,
}

impl Template for Invitation {
    const KIND: &'static str = "panels.invitation";
    const LABEL: &'static str = "邀请";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let matter = &self.matter;
        let mut letter = Letter::new(format!("邀请：{}", matter.short_title()), greeting(desk))
            .text(format!(
                "{}请您担任{}专家。请看下列情况，在 {} 前答复能否参加。",
                desk.office.issuer,
                matter.purpose,
                due(self.cutoff, self.provisional, desk)
            ))
            .facts(matter.lines(desk.zone));
        if matter.confidential {
            letter = letter.text(
                "本事项须保密，邮件不写内容。名称和说明请从链接查看，资料在您作出保密承诺后提供。",
            );
        }
        if self.race {
            letter = letter.text(
                "本次时间紧，同时询问了几位专家。截止时按匹配次序确定人选，与答复先后无关，结果会另行告知。",
            );
        }
        letter
            .text("打开链接后选择“能参加”或“不能参加”再提交，只打开链接不算答复。截止前可以更改。")
            .action("查看并答复", self.link.url(ANSWER, desk))
    }
}

/// A question without an answer is brought to mind, with the same link.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reminder {
    /// What for.
    pub matter: Matter,
    /// The answer link.
    pub link: Key,
    /// Until when an answer counts.
    pub cutoff: DateTime<Utc>,
    /// 暂定
    pub provisional: bool,
}

impl Template for Reminder {
    const KIND: &'static str = "panels.reminder";
    const LABEL: &'static str = "答复提醒";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let day = dates::day(dates::local_date(self.cutoff, desk.zone));
        Letter::new(
            format!("提醒：请在{day}前答复邀请"),
            greeting(desk),
        )
        .text(format!(
            "请您担任{}专家的邀请还没有收到答复，截止时间是 {}。不能参加也请告诉我们，便于另请他人。",
            self.matter.purpose,
            due(self.cutoff, self.provisional, desk)
        ))
        .facts(self.matter.short_lines(desk.zone))
        .action("查看并答复", self.link.url(ANSWER, desk))
    }
}

/// Holidays were announced, and the cut-off lies later by them.
#[derive(Debug, Serialize, Deserialize)]
pub struct CutoffMoved {
    /// What for.
    pub matter: Matter,
    /// The answer link.
    pub link: Key,
    /// The cut-off before.
    pub before: DateTime<Utc>,
    /// Until when an answer counts.
    pub cutoff: DateTime<Utc>,
    /// 暂定
    pub provisional: bool,
}

impl Template for CutoffMoved {
    const KIND: &'static str = "panels.cutoff_moved";
    const LABEL: &'static str = "期限顺延";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let day = dates::day(dates::local_date(self.cutoff, desk.zone));
        Letter::new(format!("答复期限顺延到{day}"), greeting(desk))
            .text(format!(
                "节假日安排公布后，请您担任{}专家的答复期限由原定的 {} 顺延到 {}。",
                self.matter.purpose,
                dates::deadline(self.before, desk.zone),
                due(self.cutoff, self.provisional, desk)
            ))
            .facts(self.matter.short_lines(desk.zone))
            .action("查看并答复", self.link.url(ANSWER, desk))
    }
}

/// The meeting moved to another time: whoever was asked or had accepted is asked again.
#[derive(Debug, Serialize, Deserialize)]
pub struct Redated {
    /// What for, with the new time.
    pub matter: Matter,
    /// The time before, in words.
    pub before: String,
    /// Why, in words.
    pub reason: String,
    /// The new answer link.
    pub link: Key,
    /// Until when an answer counts.
    pub cutoff: DateTime<Utc>,
    /// 暂定
    pub provisional: bool,
    /// The entry of whoever had accepted, now at the new time.
    pub attendance: Option<Attendance>,
}

impl Template for Redated {
    const KIND: &'static str = "panels.redated";
    const LABEL: &'static str = "改期";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let matter = &self.matter;
        let letter = Letter::new(format!("改期：{}", matter.short_title()), greeting(desk))
            .text(if self.attendance.is_some() {
                "您答复过能参加的会议改了时间，须请您重新答复。给您带来不便，请谅解。"
            } else {
                "请您参加的会议改了时间，请按新的时间答复。"
            })
            .facts([
                ("原定时间", self.before.clone()),
                ("原因", self.reason.clone()),
            ])
            .facts(matter.lines(desk.zone))
            .text(format!(
                "请在 {} 前答复。此前的答复和链接不再有效，请用下面的链接。",
                due(self.cutoff, self.provisional, desk)
            ))
            .action("查看并答复", self.link.url(ANSWER, desk));
        match &self.attendance {
            Some(of) => letter.calendar(matter.event(of, desk.now, desk.zone)),
            None => letter,
        }
    }
}

/// A member is asked to be 组长.
#[derive(Debug, Serialize, Deserialize)]
pub struct HeadAsked {
    /// Of which panel.
    pub matter: Matter,
    /// The link to answer.
    pub link: Key,
}

impl Template for HeadAsked {
    const KIND: &'static str = "panels.head";
    const LABEL: &'static str = "请任组长";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("请任组长：{}", self.matter.short_title()),
            greeting(desk),
        )
        .text("秘书处请您担任本专家组组长。组长主持讨论，汇总各位专家的意见，写出结论并签字。")
        .facts(self.matter.short_lines(desk.zone))
        .text("是否担任不影响您参加专家组。")
        .action("查看并答复", self.link.url(HEAD, desk))
    }
}
