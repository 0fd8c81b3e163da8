//! Mails that ask for something.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Key;
use crate::foundation::{
    mail::{Letter, LetterDesk, Template},
    ui::dates,
};
use crate::registration::{CONFIRM_PATH, matter::Matter};

/// Somebody typed an address into an open form.
#[derive(Debug, Serialize, Deserialize)]
pub struct Confirm {
    /// For what.
    pub matter: Matter,
    /// The one-use secret of the link.
    pub secret: String,
    /// Until when it can be used.
    pub until: DateTime<Utc>,
}

impl Template for Confirm {
    const KIND: &'static str = "registration.confirm";
    const LABEL: &'static str = "确认邮箱";
    const SECRET: bool = true;

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("请确认报名：{}", self.matter.short_title()),
            format!("{}：您好！", desk.recipient),
        )
        .text(format!(
            "有人用这个邮箱填写了报名表。请在 {} 前打开链接并点“确认报名”，确认后报名才生效，先后按确认的时间排。",
            dates::deadline(self.until, desk.zone)
        ))
        .facts(self.matter.lines(desk.zone))
        .text("如果不是您填写的，不必理会，我们不会留用您的信息。")
        .action("打开并确认", desk.links.absolute(&format!("{CONFIRM_PATH}{}", self.secret)))
    }
}

/// A contact is asked whether somebody of the unit may come.
#[derive(Debug, Serialize, Deserialize)]
pub struct ToApprove {
    /// For what.
    pub matter: Matter,
    /// Who wants to come.
    pub name: String,
    /// Their position.
    pub position: String,
    /// Path of the page where the contact decides.
    pub path: String,
}

impl Template for ToApprove {
    const KIND: &'static str = "registration.to_approve";
    const LABEL: &'static str = "请单位确认";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        Letter::new(
            format!("请确认报名：{}", self.matter.short_title()),
            format!("{}：您好！", desk.recipient),
        )
        .text(format!(
            "贵单位{}报名参加下列活动，需要贵单位确认后才能安排名额。",
            self.name
        ))
        .facts([("姓名", self.name.clone()), ("职务", self.position.clone())])
        .facts(self.matter.lines(desk.zone))
        .action("查看并确认", desk.links.absolute(&self.path))
    }
}

/// A freed seat is kept for somebody who waits.
#[derive(Debug, Serialize, Deserialize)]
pub struct Offer {
    /// For what.
    pub matter: Matter,
    /// Whose place, and the link to answer.
    pub link: Key,
    /// Until when the seat is kept.
    pub until: DateTime<Utc>,
    /// 暂定: the calendar does not cover the limit.
    pub provisional: bool,
}

impl Template for Offer {
    const KIND: &'static str = "registration.offer";
    const LABEL: &'static str = "候补转正";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let until = dates::deadline(self.until, desk.zone);
        let provisional = if self.provisional {
            "（暂定，节假日安排公布后可能顺延）"
        } else {
            ""
        };
        Letter::new(
            format!("有名额了，请确认：{}", self.matter.short_title()),
            self.link.greeting(desk),
        )
        .text(format!(
            "{}在候补名单中，现在空出一个名额，为{}保留到 {until}{provisional}。",
            self.link.whose(desk),
            if self.link.name == desk.recipient { "您" } else { "其" },
        ))
        .facts(self.matter.lines(desk.zone))
        .text("打开链接后选择“参加”或“不参加”再提交，只打开链接不算确认。逾期未确认，名额顺延给下一位。")
        .action("查看并确认", self.link.url(desk))
    }
}
