//! What the office reads instead of codes: the states of mails and runs, and why a mail still waits. Pure.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::{
    mail::{self, MailState},
    schedule_slot::SlotState,
};

use crate::foundation::{
    mail::{EXPIRED, reply_in_words},
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

/// What is said below the state.
pub(super) fn detail(
    row: &mail::Model,
    quiet_until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    zone: Tz,
) -> String {
    let kept = reply_in_words(row.last_reply.as_deref().unwrap_or_default());
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
