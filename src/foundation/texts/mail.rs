//! Sentences and words of mail and schedule.

use entity::{mail::MailState, schedule_slot::SlotState};

use super::{Label, Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "mail.moved_on",
        "这封邮件的状态已经变了，请回到邮件发送记录再看。",
        "This mail has moved on; please look at the mail list again.",
    ),
    say("mail.held", "暂缓邮件", "held a mail"),
    say("mail.released", "放行邮件", "released a mail"),
    say("mail.retried", "重试邮件", "retried a mail"),
    say("mail.sent_now", "立即发出邮件", "sent a mail at once"),
    say("mail.held_all", "暂缓全部待发邮件", "held all mails"),
    say(
        "mail.released_all",
        "放行全部暂缓邮件",
        "released all mails",
    ),
    say("mail.bounced", "邮件被退回", "a mail came back"),
    say(
        "mail.address_trusted",
        "恢复向停发地址发信",
        "trusted an address again",
    ),
    say("store.restored", "从备份恢复", "restored a backup"),
    say("schedule.run_again", "再跑一次定时任务", "ran a job again"),
];

impl Label for MailState {
    fn zh(self) -> &'static str {
        match self {
            Self::Held => "暂缓",
            Self::Ready => "待发",
            Self::Leased => "发送中",
            Self::Sent => "已发出",
            Self::Deferred => "稍后重试",
            Self::Failed => "失败",
            Self::Suppressed => "不发送",
            Self::Cancelled => "已取消",
            Self::Unknown => "结果不明",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Ready => "ready",
            Self::Leased => "being sent",
            Self::Sent => "sent",
            Self::Deferred => "to be retried",
            Self::Failed => "failed",
            Self::Suppressed => "not sent",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }
}

impl Label for SlotState {
    fn zh(self) -> &'static str {
        match self {
            Self::Running => "进行中",
            Self::Done => "完成",
            Self::Failed => "失败",
            Self::Missed => "错过",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Missed => "missed",
        }
    }
}
