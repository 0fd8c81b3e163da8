//! Words and sentences of `units`.

use entity::{unit::Tier, unit_contact::ContactState};

use super::{Label, Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "units.credit_code",
        "“{value}”不是统一社会信用代码，请核对 18 位是否抄对。",
        "“{value}” is no credit code; please check its 18 characters.",
    ),
    say(
        "units.name_taken",
        "“{name}”已登记。请到该单位的页面更正。",
        "{name} is registered already.",
    ),
    say(
        "units.same_tier",
        "该单位已是这个层级。",
        "The unit has this tier already.",
    ),
    say(
        "units.not_yet",
        "日期还没到，请填今天或之前。",
        "The day lies in the future.",
    ),
    say(
        "units.before_last_change",
        "要不早于上次变更的日期：{day}。",
        "Not before the last change on {day}.",
    ),
    say(
        "units.has_left",
        "该单位已退出联盟。重新加入的，请先在“更正资料”里清除退出日期。",
        "The unit has left the alliance.",
    ),
    say(
        "units.secretariat_stays",
        "该单位承担秘书处工作，不能登记退出。",
        "This unit runs the secretariat and cannot leave.",
    ),
    say(
        "units.term_overlaps",
        "上一届到{day}届满，新一届要从次日或更晚开始。",
        "The last term ends on {day}; the next begins after it.",
    ),
    say(
        "units.already_contact",
        "{name}已是本单位的联络员。",
        "{name} is a contact of this unit already.",
    ),
    say(
        "units.joined_already",
        "{name}已设置密码，可以登录；忘记密码的，请在登录页点“忘记密码”。",
        "{name} signs in already.",
    ),
    say(
        "units.contact_closed",
        "这位联络员已卸任。",
        "This contact has left.",
    ),
    say(
        "units.last_contact",
        "这是本单位最后一位联络员。请用“交接”，由接任者接着办。",
        "This is the unit's last contact; please hand over.",
    ),
    say(
        "units.unknown",
        "没有登记名为“{value}”的单位。",
        "There is no unit called “{value}”.",
    ),
    say(
        "units.unknown_near",
        "没有登记名为“{value}”的单位，是“{name}”吗？",
        "There is no unit called “{value}”; is it “{name}”?",
    ),
    say("units.added", "登记单位", "added a unit"),
    say("units.changed", "更正单位资料", "corrected a unit"),
    say(
        "units.tier_changed",
        "变更单位层级",
        "changed a unit's tier",
    ),
    say(
        "units.term_begun",
        "登记新一届理事会",
        "began a council term",
    ),
    say("units.contact_added", "登记联络员", "added a contact"),
    say(
        "units.contact_invited_again",
        "重发联络员链接",
        "invited a contact again",
    ),
    say("units.contact_left", "联络员卸任", "closed a contact"),
    say(
        "units.contact_handed_over",
        "联络员交接",
        "handed a contact over",
    ),
];

impl Label for Tier {
    fn zh(self) -> &'static str {
        match self {
            Self::Member => "普通成员单位",
            Self::Council => "理事单位",
            Self::StandingCouncil => "常务理事单位",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Council => "council unit",
            Self::StandingCouncil => "standing council unit",
        }
    }
}

impl Label for ContactState {
    fn zh(self) -> &'static str {
        match self {
            Self::Invited => "已邀请",
            Self::Active => "在任",
            Self::Closed => "已卸任",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Closed => "closed",
        }
    }
}
