//! Words and sentences of the council: meetings, seats in the standing council.

use entity::{
    meeting::{MeetingKind, MeetingState},
    meeting_unit::Reply,
    standing_application::ApplicationState,
};

use super::{Label, Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "meetings.not_now",
        "会议现在“{state}”，不能这样办理。",
        "This does not fit the state of the meeting.",
    ),
    say(
        "meetings.day_past",
        "请填今天以后的日期。",
        "The day has to lie in the future.",
    ),
    say(
        "meetings.hours",
        "结束要晚于开始。",
        "The meeting has to end after it begins.",
    ),
    say(
        "meetings.no_time",
        "请填时间，如 09:00。",
        "Please give a time like 09:00.",
    ),
    say(
        "meetings.reply_by",
        "回执截止要从今天起、早于开会的 {day}。",
        "The last day to answer has to lie before {day}.",
    ),
    say(
        "meetings.begun",
        "会议已开始，不能再改回执。",
        "The meeting has begun.",
    ),
    say(
        "meetings.not_begun",
        "会议还没有开始，开始后再登记实到。",
        "The meeting has not begun.",
    ),
    say(
        "meetings.not_council",
        "只有理事单位可以申请。",
        "Only council units may apply.",
    ),
    say(
        "meetings.already_standing",
        "贵单位已是常务理事单位。",
        "Your unit has its seat already.",
    ),
    say(
        "meetings.leads_nothing",
        "由专门委员会和项目工作组的牵头单位申请，贵单位还没有牵头。",
        "Units that lead a committee apply; yours does not.",
    ),
    say(
        "meetings.applied_already",
        "贵单位已申请，正在办理。",
        "Your unit has applied already.",
    ),
    say(
        "meetings.more_votes",
        "共 {cast} 票，多于实到的 {present} 个单位，请核对。",
        "{cast} votes of {present} units that came.",
    ),
    say(
        "meetings.vote_unheld",
        "这次会议还没有登记实到，不能登记表决。",
        "Who came to this meeting is not recorded yet.",
    ),
    say(
        "meetings.application_state",
        "这件申请现在“{state}”，不能这样办理。",
        "This does not fit the state of the application.",
    ),
    say("meetings.planned", "安排会议", "planned a meeting"),
    say("meetings.changed", "更改会议", "changed a meeting"),
    say("meetings.called", "发出会议通知", "called a meeting"),
    say("meetings.replied", "填写回执", "answered to a meeting"),
    say("meetings.attended", "登记实到", "recorded who came"),
    say("meetings.minuted", "发出纪要", "sent the minutes"),
    say("meetings.cancelled", "取消会议", "called a meeting off"),
    say(
        "meetings.seat_applied",
        "申请常务理事单位",
        "applied for a seat in the standing council",
    ),
    say(
        "meetings.seat_nominated",
        "登记提名",
        "recorded a nomination",
    ),
    say(
        "meetings.seat_withdrawn",
        "撤回申请",
        "withdrew an application",
    ),
    say("meetings.seat_voted", "登记表决", "recorded a vote"),
];

impl Label for MeetingKind {
    fn zh(self) -> &'static str {
        match self {
            Self::Assembly => "全体成员大会",
            Self::Council => "理事会会议",
            Self::StandingCouncil => "常务理事会会议",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Assembly => "assembly",
            Self::Council => "meeting of the council",
            Self::StandingCouncil => "meeting of the standing council",
        }
    }
}

impl Label for MeetingState {
    fn zh(self) -> &'static str {
        match self {
            Self::Draft => "拟定中",
            Self::Called => "已通知",
            Self::Held => "待发纪要",
            Self::Minuted => "纪要已发",
            Self::Cancelled => "已取消",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Called => "called",
            Self::Held => "held",
            Self::Minuted => "minuted",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Label for Reply {
    fn zh(self) -> &'static str {
        match self {
            Self::Coming => "参加",
            Self::Absent => "请假",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Coming => "coming",
            Self::Absent => "absent",
        }
    }
}

impl Label for ApplicationState {
    fn zh(self) -> &'static str {
        match self {
            Self::Applied => "待提名",
            Self::Nominated => "待表决",
            Self::Elected => "已当选",
            Self::NotElected => "未当选",
            Self::Refused => "未提名",
            Self::Withdrawn => "已撤回",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Nominated => "nominated",
            Self::Elected => "elected",
            Self::NotElected => "not elected",
            Self::Refused => "not nominated",
            Self::Withdrawn => "withdrawn",
        }
    }
}
