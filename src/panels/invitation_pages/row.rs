//! A question as a row of the list and as the head of its page.

use entity::{assignment::AssignmentState, ids::InvitationId, mail::MailState};

use crate::{
    foundation::{
        context::Context,
        texts::Label,
        ui::{Tag, dates},
    },
    panels::{invitation_list::Line, rules},
};

/// A question as a row.
pub(super) struct Row {
    pub id: InvitationId,
    pub panel: String,
    pub number: String,
    pub title: String,
    pub name: String,
    pub sample: bool,
    pub asked: String,
    pub cutoff: String,
    pub left: String,
    pub mail: Option<(Tag, String)>,
    pub state: Tag,
    pub note: String,
    pub attention: bool,
    pub waits: bool,
}

/// The state of a mail as a tag.
fn mail_tag(state: MailState) -> Tag {
    let (class, word) = match state {
        MailState::Held => ("", "暂缓"),
        MailState::Ready => ("info", "待发"),
        MailState::Leased => ("info", "发送中"),
        MailState::Sent => ("ok", "已发出"),
        MailState::Deferred => ("wait", "稍后重试"),
        MailState::Failed => ("bad", "失败"),
        MailState::Suppressed => ("", "不发送"),
        MailState::Cancelled => ("", "已取消"),
        MailState::Unknown => ("bad", "结果不明"),
    };
    Tag { class, word }
}

/// Where a place stands, as a tag.
pub(in super::super) fn state_tag(state: AssignmentState) -> Tag {
    let class = match state {
        AssignmentState::Invited => "wait",
        AssignmentState::Accepted | AssignmentState::Done => "ok",
        AssignmentState::Lapsed => "bad",
        AssignmentState::Declined | AssignmentState::Released => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// Whether a later question took the place of this one.
fn superseded(line: &Line) -> bool {
    line.invitation.closed_at.is_some()
        && matches!(
            line.assignment.state,
            AssignmentState::Invited | AssignmentState::Accepted
        )
}

/// Whether a question waits for its answer.
pub(super) fn waits(ctx: &Context, line: &Line) -> bool {
    let row = &line.invitation;
    line.assignment.state == AssignmentState::Invited
        && row.answer.is_none()
        && row.closed_at.is_none()
        && ctx.now() < row.cutoff_at
}

/// A question as it stands now.
pub(super) fn row(ctx: &Context, line: Line) -> Row {
    let zone = ctx.zone();
    let invitation = &line.invitation;
    let days = ctx
        .calendar()
        .working_days_between(ctx.today(), dates::local_date(invitation.cutoff_at, zone))
        .value;
    let waits = waits(ctx, &line);
    let note = if invitation.disowned_at.is_some() {
        "收信人说不是本人".to_owned()
    } else if let Some(reason) = invitation.decline_reason {
        reason.zh().to_owned()
    } else if invitation.recorded_by.is_some() {
        "秘书处代录".to_owned()
    } else if invitation.reminders > 0 && waits {
        format!("已提醒 {} 次", invitation.reminders)
    } else {
        String::new()
    };
    Row {
        id: invitation.id,
        panel: format!("/panels/{}", line.panel.id),
        number: line.panel.number.clone(),
        title: line.panel.title.clone(),
        name: line.person.name.clone(),
        sample: line.person.sample,
        asked: dates::moment(invitation.asked_at, zone),
        cutoff: dates::moment(invitation.cutoff_at, zone),
        left: match (waits, days) {
            (false, _) => String::new(),
            (true, 0) => "今天截止".to_owned(),
            (true, days) => format!("还有 {days} 个工作日"),
        },
        attention: line.needs_attention() && waits,
        mail: line
            .mail
            .clone()
            .map(|(state, reply)| (mail_tag(state), reply)),
        state: if superseded(&line) {
            Tag {
                class: "",
                word: "已重新询问",
            }
        } else {
            state_tag(line.assignment.state)
        },
        note,
        waits,
    }
}

/// Whether an answer of `line` may still be recorded, for the panel's page.
pub(in super::super) fn may_record(ctx: &Context, line: &Line) -> bool {
    let asked = rules::Question::of(&line.assignment, &line.invitation, false, ctx.now());
    !asked.closed
}
