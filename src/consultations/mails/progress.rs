//! What the contacts of the asking unit are told. That the panel is complete is told by the panel.

use chrono::NaiveDate;
use entity::consultation;
use serde::{Deserialize, Serialize};

use super::Request;
use crate::foundation::{
    mail::{Letter, LetterDesk, Template},
    ui::dates,
};

/// A letter to a contact, leading to the request's page.
fn letter(
    request: &Request,
    desk: &LetterDesk<'_>,
    subject: &str,
    text: String,
    button: &str,
) -> Letter {
    Letter::new(
        format!("{subject}：{}", request.short()),
        format!("{}，您好！", desk.recipient),
    )
    .text(text)
    .facts(request.facts())
    .action(
        button,
        desk.links
            .absolute(&format!("/consultations/{}", request.id)),
    )
}

/// What the secretariat wrote, unless the matter is confidential.
fn reason(row: &consultation::Model) -> String {
    if row.confidential {
        "（内容保密，请打开页面查看）".to_owned()
    } else {
        row.note.clone()
    }
}

/// The request has come in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Received {
    request: Request,
    take_in_by: NaiveDate,
}

impl Received {
    /// To be taken in by that day.
    pub fn of(row: &consultation::Model, take_in_by: NaiveDate) -> Self {
        Self {
            request: Request::of(row),
            take_in_by,
        }
    }
}

impl Template for Received {
    const KIND: &'static str = "consultations.received";
    const LABEL: &'static str = "收到申请";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "贵单位的咨询申请已收到，秘书处将在{}前受理。受理以前仍可修改或撤回。",
            dates::day_and_weekday(self.take_in_by)
        );
        letter(&self.request, desk, "收到咨询申请", text, "查看申请")
    }
}

/// The request has to be completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Returned {
    request: Request,
    reason: String,
}

impl Returned {
    /// With the row's note as the reason.
    pub fn of(row: &consultation::Model) -> Self {
        Self {
            request: Request::of(row),
            reason: reason(row),
        }
    }
}

impl Template for Returned {
    const KIND: &'static str = "consultations.returned";
    const LABEL: &'static str = "退回补充";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "秘书处请贵单位补充：{}。补充后请再次提交，已填的内容都在。",
            self.reason.trim_end_matches('。')
        );
        letter(&self.request, desk, "请补充咨询申请", text, "去补充")
    }
}

/// The request is not taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Refused {
    request: Request,
    reason: String,
}

impl Refused {
    /// With the row's note as the reason.
    pub fn of(row: &consultation::Model) -> Self {
        Self {
            request: Request::of(row),
            reason: reason(row),
        }
    }
}

impl Template for Refused {
    const KIND: &'static str = "consultations.refused";
    const LABEL: &'static str = "不予受理";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "这件申请没有受理，理由是：{}。有疑问请与秘书处联系。",
            self.reason.trim_end_matches('。')
        );
        letter(&self.request, desk, "未受理咨询申请", text, "查看申请")
    }
}

/// The request is taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Accepted {
    request: Request,
    /// SHA-256 that a draw can be checked by; the unit keeps it with this letter.
    #[serde(default)]
    commitment: Option<String>,
}

impl Accepted {
    /// Of this request, with the commitment for a draw of its panel.
    pub fn of(row: &consultation::Model, commitment: Option<String>) -> Self {
        Self {
            request: Request::of(row),
            commitment,
        }
    }
}

impl Template for Accepted {
    const KIND: &'static str = "consultations.accepted";
    const LABEL: &'static str = "受理申请";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = "申请已受理，秘书处正从专家库中匹配专家。专家组到齐后，专家名单另行发送。";
        let told = letter(
            &self.request,
            desk,
            "已受理咨询申请",
            text.to_owned(),
            "查看进展",
        );
        match &self.commitment {
            None => told,
            Some(commitment) => told.text(format!(
                "专家如以随机抽取产生，抽取承诺是 {commitment}。请留存此信，抽取后可据此复核；\
                 抽取前可在页面上写一句附言，与承诺一起决定抽取次序。"
            )),
        }
    }
}

/// The conclusion waits for confirmation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Concluded {
    request: Request,
    questions: i32,
}

impl Concluded {
    /// Of this request.
    pub fn of(row: &consultation::Model) -> Self {
        Self {
            request: Request::of(row),
            questions: row.questions,
        }
    }
}

impl Template for Concluded {
    const KIND: &'static str = "consultations.concluded";
    const LABEL: &'static str = "结论待确认";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = if self.questions == 0 {
            "专家组已提交共同结论，请查看并确认；还有疑问，可以追问。"
        } else {
            "专家组已答复贵单位的追问并更新共同结论，请查看并确认。"
        };
        letter(
            &self.request,
            desk,
            "请确认结论",
            text.to_owned(),
            "查看并确认",
        )
    }
}

/// The conclusion still waits for confirmation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct ConfirmDue {
    request: Request,
    concluded: NaiveDate,
}

impl ConfirmDue {
    /// Of this request, concluded on that day.
    pub fn of(row: &consultation::Model, concluded: NaiveDate) -> Self {
        Self {
            request: Request::of(row),
            concluded,
        }
    }
}

impl Template for ConfirmDue {
    const KIND: &'static str = "consultations.confirm_due";
    const LABEL: &'static str = "确认提醒";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = format!(
            "专家组{}提交的结论还没有确认。请查看结论，确认并评分；还有疑问，可以追问。确认后这件申请才能办结。",
            dates::day(self.concluded)
        );
        letter(&self.request, desk, "请确认结论", text, "查看并确认")
    }
}

/// The matter is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Closed {
    request: Request,
}

impl Closed {
    /// Of this request.
    pub fn of(row: &consultation::Model) -> Self {
        Self {
            request: Request::of(row),
        }
    }
}

impl Template for Closed {
    const KIND: &'static str = "consultations.closed";
    const LABEL: &'static str = "申请办结";

    fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
        let text = "贵单位已确认结论，这件申请办结了。结论和各位专家的意见可以随时查看和打印。";
        letter(
            &self.request,
            desk,
            "咨询申请已办结",
            text.to_owned(),
            "查看结论",
        )
    }
}
