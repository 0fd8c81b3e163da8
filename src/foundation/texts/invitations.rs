//! Sentences and words of asking experts and their answers.

use entity::{
    assignment::AssignmentState,
    invitation::{Answer, Channel, DeclineReason},
    panel::{Half, MeetingForm},
};

use super::{Label, Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "panels.ended",
        "这件事已经结束或者撤回，不能再改动。",
        "The matter has ended or was withdrawn.",
    ),
    say(
        "panels.racing",
        "正在加急询问，截止后才能再邀请。",
        "An urgent question is running; wait for its cut-off.",
    ),
    say(
        "panels.no_place",
        "空缺 {free} 席，不能邀请 {wanted} 人。",
        "{free} places are free; {wanted} experts cannot be asked.",
    ),
    say(
        "panels.already_asked",
        "{name}已在本组或者正等答复，不能重复邀请。",
        "{name} is on the panel or was asked already.",
    ),
    say(
        "panels.already_on_panel",
        "这位专家已在本组或者正等答复，不用再邀请。",
        "This expert is on the panel or was asked already.",
    ),
    say(
        "panels.too_late",
        "会议已经开始，或者意见期限已过，不能再邀请。请先改时间。",
        "The meeting has begun or the day has passed; nobody can be asked.",
    ),
    say(
        "panels.question_closed",
        "这份邀请已经结束，没有改动。情况有变请打电话给联系人。",
        "This question is closed; nothing was changed.",
    ),
    say(
        "panels.late",
        "答复时间已过，没有改动。请打电话给联系人。",
        "The cut-off has passed; nothing was changed. Please call the contact.",
    ),
    say(
        "panels.own_recusal",
        "您说明过需要回避，不能再改为能参加。如果当时选错了，请打电话给联系人。",
        "You declared an interest; please call the contact if that was a mistake.",
    ),
    say(
        "panels.place_taken",
        "您谢绝后，这一席已另请他人，不能再改为能参加。谢谢您的支持。",
        "The place was offered to somebody else after you declined.",
    ),
    say(
        "panels.statement_missing",
        "没有勾选这一项。若有利益关系，请改选“不能参加”，原因选“需要回避”。",
        "Please tick this, or decline for an interest.",
    ),
    say(
        "panels.pledge_missing",
        "没有勾选这一项。本事项须保密，作出保密承诺后才能参加。",
        "The matter is confidential: please give the pledge.",
    ),
    say(
        "panels.not_serving",
        "这位专家已不在本组，不用再解除。",
        "This expert is not on the panel any more.",
    ),
    say(
        "panels.reason_missing",
        "请写明原因，会告知专家本人，也会留在记录里。",
        "Please give the reason; the expert is told.",
    ),
    say(
        "panels.not_member",
        "只能请已答复能参加的专家任组长。",
        "Only members who accepted can be head.",
    ),
    say(
        "panels.is_head",
        "这位专家已是组长。",
        "This member is the head already.",
    ),
    say(
        "panels.head_closed",
        "组长一事已另作安排，没有改动。谢谢您的支持。",
        "Another was asked to be head; nothing was changed.",
    ),
    say(
        "panels.fewer_than_accepted",
        "已有 {accepted} 位专家答复能参加，人数不能少于 {accepted}。您填了 {demand} 人。请先与专家说明并解除。",
        "{accepted} experts have accepted; {demand} places are too few.",
    ),
    say(
        "panels.no_reserves",
        "没有备选专家可以询问。请重新匹配，或者请特邀专家。",
        "There is no reserve left to ask.",
    ),
    say(
        "panels.next_changed",
        "下一位人选已有变化，请看最新情况后再操作。",
        "The next best is another by now; please look again.",
    ),
    say(
        "panels.not_waiting",
        "这份邀请已有答复或者已经结束，不用催促。",
        "This question does not wait for an answer.",
    ),
    say(
        "panels.record_note_missing",
        "请写明什么时间、怎样答复的，例如“9月16日上午来电”。",
        "Please say when and how the answer was given.",
    ),
];

impl Label for Half {
    fn zh(self) -> &'static str {
        match self {
            Self::Morning => "上午",
            Self::Afternoon => "下午",
            Self::FullDay => "全天",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Morning => "morning",
            Self::Afternoon => "afternoon",
            Self::FullDay => "all day",
        }
    }
}

impl Label for MeetingForm {
    fn zh(self) -> &'static str {
        match self {
            Self::OnSite => "现场会议",
            Self::Online => "线上会议",
            Self::None => "不开会",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::OnSite => "on site",
            Self::Online => "online",
            Self::None => "no meeting",
        }
    }
}

impl Label for AssignmentState {
    fn zh(self) -> &'static str {
        match self {
            Self::Invited => "待答复",
            Self::Accepted => "能参加",
            Self::Declined => "不能参加",
            Self::Lapsed => "逾期未答",
            Self::Released => "已解除",
            Self::Done => "已完成",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Invited => "asked",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Lapsed => "lapsed",
            Self::Released => "released",
            Self::Done => "done",
        }
    }
}

impl Label for Answer {
    fn zh(self) -> &'static str {
        match self {
            Self::Accept => "能参加",
            Self::Decline => "不能参加",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Accept => "accepts",
            Self::Decline => "declines",
        }
    }
}

impl Label for DeclineReason {
    fn zh(self) -> &'static str {
        match self {
            Self::Time => "时间冲突",
            Self::Field => "专业不符",
            Self::Interest => "需要回避",
            Self::Health => "健康",
            Self::Other => "其他",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Field => "field",
            Self::Interest => "interest",
            Self::Health => "health",
            Self::Other => "other",
        }
    }
}

impl Label for Channel {
    fn zh(self) -> &'static str {
        match self {
            Self::Link => "本人通过链接",
            Self::Phone => "电话",
            Self::Paper => "书面",
            Self::Schedule => "到期",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Phone => "phone",
            Self::Paper => "paper",
            Self::Schedule => "cut-off",
        }
    }
}
