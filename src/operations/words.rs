//! What the office reads instead of codes: replies of mail servers, and why a mail still waits. Pure.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    mail::{self, MailState},
    schedule_slot::SlotState,
};

use crate::foundation::{
    mail::{BAD_ADDRESS, BOUNCED, EXPIRED, NO_ADDRESS, NO_ANSWER, UNRENDERED, throttles},
    texts::Label,
    ui::{Tag, dates},
};

/// The state as a tag.
pub(super) fn tag(state: MailState) -> Tag {
    let class = match state {
        MailState::Sent => "ok",
        MailState::Ready | MailState::Leased => "info",
        MailState::Deferred => "wait",
        MailState::Failed | MailState::Unknown => "bad",
        MailState::Held | MailState::Suppressed | MailState::Cancelled => "",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// The state of a run as a tag.
pub(super) fn run_tag(state: SlotState) -> Tag {
    let class = match state {
        SlotState::Done => "ok",
        SlotState::Running => "info",
        SlotState::Failed => "bad",
        SlotState::Missed => "wait",
    };
    Tag {
        class,
        word: state.zh(),
    }
}

/// A kept reply in words, with the server's number.
pub(super) fn reply(kept: &str) -> String {
    if let Some(returned) = kept.strip_prefix(BOUNCED) {
        return format!("被退回：{}", server(returned.trim_start()));
    }
    let first = kept.split_whitespace().next().unwrap_or_default();
    let said = match first {
        NO_ADDRESS => "没有邮箱地址",
        BAD_ADDRESS => "邮箱地址写法不对",
        EXPIRED => "已过时，不再发送",
        NO_ANSWER => "对方未回应",
        UNRENDERED => "内容未能生成，请告知系统管理员",
        _ => return server(kept),
    };
    said.to_owned()
}

/// The reply of a server: three digits, mostly with a finer code behind them (RFC 3463).
fn server(kept: &str) -> String {
    let (code, text) = kept.split_once(' ').unwrap_or((kept, ""));
    let Ok(number) = code.parse::<u16>() else {
        return String::new();
    };
    let text = text.to_lowercase();
    let fine = text.split_whitespace().next().unwrap_or_default();
    let said = match (number, fine) {
        (..400, _) => return String::new(),
        _ if throttles(&text) => "对方限流",
        (535 | 534 | 530, _) => "邮件服务器不认我方账号",
        (550, fine) if fine.starts_with("5.1.") => "地址不存在",
        (_, "4.2.2" | "5.2.2") => "对方邮箱已满",
        (451, _) => "对方要求稍后再发",
        (400..500, _) => "对方暂不能收",
        (_, fine) if fine.starts_with("5.7.") => "对方按规定拒收",
        _ => "对方拒收",
    };
    format!("{said}，{number}")
}

/// What is said below the state.
pub(super) fn detail(
    row: &mail::Model,
    quiet_until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    zone: Tz,
) -> String {
    let kept = reply(row.last_reply.as_deref().unwrap_or_default());
    let at = |instant| dates::moment(instant, zone);
    match row.state {
        MailState::Held => row.held_by.clone().unwrap_or_default(),
        MailState::Ready if row.not_before > now => format!("{} 后发出", at(row.not_before)),
        MailState::Ready => match quiet_until {
            Some(morning) if !row.urgent => format!("夜间不发，{} 发出", at(morning)),
            _ => String::new(),
        },
        MailState::Deferred => format!("{kept}，{} 再发", at(row.not_before)),
        MailState::Sent if row.maybe_delivered => "可能收到两封".to_owned(),
        MailState::Leased | MailState::Sent => String::new(),
        MailState::Unknown => "对方未回应，可能已送达".to_owned(),
        MailState::Cancelled if kept.is_empty() || !is_expiry(row) => "不再需要".to_owned(),
        MailState::Failed | MailState::Suppressed | MailState::Cancelled => kept,
    }
}

fn is_expiry(row: &mail::Model) -> bool {
    row.last_reply.as_deref() == Some(EXPIRED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_said_as_people_understand_them() {
        for (kept, said) in [
            ("550 5.1.1 no such user", "地址不存在，550"),
            ("550 Connection frequency limited", "对方限流，550"),
            ("451 4.7.1 greylisted", "对方要求稍后再发，451"),
            ("450 4.2.1 busy", "对方暂不能收，450"),
            ("552 5.2.2 full", "对方邮箱已满，552"),
            ("554 5.7.1 spam", "对方按规定拒收，554"),
            ("535 5.7.8 no", "邮件服务器不认我方账号，535"),
            ("553 no", "对方拒收，553"),
            ("no_address", "没有邮箱地址"),
            ("no_answer cut", "对方未回应"),
            ("250 2.0.0 queued", ""),
            ("mailbox", ""),
            ("bounced 550 5.1.1 no such user", "被退回：地址不存在，550"),
            ("", ""),
        ] {
            assert_eq!(reply(kept), said, "{kept}");
        }
    }
}
