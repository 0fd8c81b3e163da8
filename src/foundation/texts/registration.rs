//! Sentences of `registration`.

use entity::{
    attendance::AttendanceHow, enrolment::EnrolmentState, registration::RegistrationState,
};

use super::{Label, Sentence, say};

impl Label for RegistrationState {
    fn zh(self) -> &'static str {
        match self {
            Self::Draft => "未发布",
            Self::Open => "报名中",
            Self::Closed => "报名截止",
            Self::Ended => "已结束",
            Self::Cancelled => "已取消",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Ended => "ended",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Label for EnrolmentState {
    fn zh(self) -> &'static str {
        match self {
            Self::AwaitingUnit => "待单位确认",
            Self::Enrolled => "已报名",
            Self::Waiting => "候补",
            Self::Offered => "名额待确认",
            Self::Cancelled => "已取消",
            Self::Lapsed => "逾期未确认",
            Self::Refused => "单位未同意",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::AwaitingUnit => "waiting for the unit",
            Self::Enrolled => "enrolled",
            Self::Waiting => "on the waiting list",
            Self::Offered => "seat offered",
            Self::Cancelled => "cancelled",
            Self::Lapsed => "offer lapsed",
            Self::Refused => "refused by the unit",
        }
    }
}

impl Label for AttendanceHow {
    fn zh(self) -> &'static str {
        match self {
            Self::Link => "扫码签到",
            Self::Phone4 => "手机号后四位签到",
            Self::Staff => "现场登记",
            Self::Correction => "更正",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Link => "own link and code",
            Self::Phone4 => "name and last digits of the phone",
            Self::Staff => "ticked by staff",
            Self::Correction => "corrected",
        }
    }
}

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "registration.no_seats",
        "名额至少 1 个。",
        "At least one seat is needed.",
    ),
    say(
        "registration.no_seats_per_unit",
        "每单位名额至少 1 个，不限请留空。",
        "At least one seat a unit; leave it blank for no limit.",
    ),
    say(
        "registration.window",
        "报名截止时间要晚于开始时间。",
        "The window must end after it begins.",
    ),
    say(
        "registration.sitting_span",
        "“{label}”的结束时间要晚于开始时间。",
        "“{label}” must end after it begins.",
    ),
    say(
        "registration.closes_after_start",
        "报名截止时间要早于第一节开始的时间。",
        "The window must end before the first sitting begins.",
    ),
    say(
        "registration.no_sittings",
        "还没有安排时间，排好日程后再发布。",
        "Nothing is scheduled yet.",
    ),
    say(
        "registration.window_past",
        "报名截止时间已过，请改期后再发布。",
        "The window has passed; please move it first.",
    ),
    say(
        "registration.not_open_yet",
        "报名还没有开始。",
        "Enrolment has not begun yet.",
    ),
    say(
        "registration.closed",
        "报名已截止。仍想参加请与联系人联系。",
        "Enrolment is closed.",
    ),
    say(
        "registration.begun",
        "活动已经开始，名单不再变动。如有疑问请与联系人联系。",
        "It has begun; the list does not change any more.",
    ),
    say(
        "registration.not_over",
        "活动还没有全部开始，不能结束。",
        "It is not over yet.",
    ),
    say(
        "registration.ended",
        "活动已结束，不能再改。",
        "It has ended.",
    ),
    say(
        "registration.cancelled",
        "活动已取消。",
        "It was cancelled.",
    ),
    say(
        "registration.would_lose_seats",
        "已用 {taken} 个名额，减到 {capacity} 个会使下列人员失去名额：{names}。没有改动，请先与他们商量取消，或保留名额。",
        "{taken} seats are taken; with {capacity} these would lose theirs: {names}. Nothing was changed.",
    ),
    say(
        "registration.sitting_attended",
        "“{label}”已有签到记录，不能删去。",
        "“{label}” has attendance and cannot be removed.",
    ),
    say(
        "registration.already",
        "{name}在名单中：{state}，没有重复报名。",
        "{name} is on the list already ({state}).",
    ),
    say(
        "registration.not_waiting",
        "这位不在候补中。",
        "This person is not on the waiting list.",
    ),
    say(
        "registration.no_offer",
        "现在没有为您保留的名额。",
        "No seat is kept for you at present.",
    ),
    say(
        "registration.offer_lapsed",
        "为您保留的名额已于 {until} 到期，顺延给下一位候补。仍想参加，可以重新排队。",
        "The seat was kept until {until} and has gone to the next.",
    ),
    say(
        "registration.not_awaiting",
        "这件报名不需要单位确认，或者已经确认过。",
        "This enrolment does not wait for the unit.",
    ),
    say(
        "registration.own_address",
        "{name}有自己登记的邮箱，报名邮件发到那里；要更正请由本人或秘书处办理。邮箱留空可直接换新链接重发。",
        "{name} has an address of their own, which is not changed here.",
    ),
    say(
        "registration.not_standing",
        "这件报名已经结束，不必再取消。",
        "This enrolment has ended already.",
    ),
    say(
        "registration.clash",
        "{from}至{to}，{label}",
        "{label}, {from} to {to}",
    ),
    say(
        "registration.answer_missing",
        "请回答“{question}”。",
        "Please answer “{question}”.",
    ),
    say(
        "registration.answer_unknown",
        "“{question}”请从这些答案中选：{choices}。",
        "Please answer “{question}” with one of: {choices}.",
    ),
    say(
        "registration.same_name",
        "名单中已有本单位的{name}，手机号不同。确是两个人，请勾选“确是另一人”。",
        "{name} of this unit is on the list with another number.",
    ),
    say(
        "registration.twice",
        "与第 {line} 行是同一人，只报一次。",
        "The same person as in line {line}.",
    ),
    say(
        "registration.nobody",
        "请至少填写一个人。",
        "Please name at least one person.",
    ),
    say(
        "registration.too_many",
        "一次最多 {limit} 人，请分几次提交。",
        "At most {limit} people at once.",
    ),
    say(
        "registration.full",
        "{capacity} 个名额都已用完或留给候补，没有空名额。",
        "All {capacity} seats are taken or kept.",
    ),
    say(
        "registration.unit_needed",
        "请填成员单位的全称或简称，报名由本单位联络员确认。",
        "Please name a unit of the alliance.",
    ),
    say(
        "registration.agree",
        "请勾选同意，才能为您办理报名。",
        "Please agree, so that the enrolment can be handled.",
    ),
    say(
        "registration.application_expired",
        "确认链接已过期，请重新填写报名表。",
        "The link has run out; please fill in the form again.",
    ),
    say(
        "registration.unit_decides",
        "本单位没有同意这件报名，请先与单位联络员联系。",
        "The unit did not agree; please speak to its contact.",
    ),
    say(
        "registration.too_many_tries",
        "尝试次数太多，请 {minutes} 分钟后再试，或请现场工作人员登记。",
        "Too many tries; please wait {minutes} minutes.",
    ),
    say(
        "registration.too_early",
        "签到从 {from} 开始。",
        "Signing in begins at {from}.",
    ),
    say(
        "registration.too_late",
        "签到时间已过，请找现场工作人员。",
        "The time to sign in is over.",
    ),
    say(
        "registration.wrong_code",
        "六位数字不对或已更换，请看屏幕重新填写。",
        "The code is wrong or has changed.",
    ),
    say(
        "registration.check_in_wrong",
        "姓名、手机号后四位或六位数字不对，请核对后再填，或找现场工作人员。",
        "Name, digits or code are wrong.",
    ),
    say(
        "registration.not_enrolled",
        "没有这件报名的名额，不能签到。",
        "There is no seat to sign in for.",
    ),
    say(
        "registration.noted_absent",
        "工作人员已记录为未到，请找现场工作人员更正。",
        "Staff noted an absence; please ask them.",
    ),
    say(
        "registration.correct_instead",
        "已不是当天，请用“更正”并写明原因。",
        "The day is over; please correct with a reason.",
    ),
    say(
        "registration.reason_needed",
        "请写明更正的原因，最多 {max} 个字。",
        "Please give the reason, at most {max} characters.",
    ),
    say(
        "registration.apply",
        "网上报名",
        "enrolled by the open form",
    ),
    say(
        "registration.return",
        "重新报名",
        "came back to a registration",
    ),
    say(
        "registration.approve_unit",
        "确认本单位人员报名",
        "decided for the unit",
    ),
    say(
        "registration.fill_by_hand",
        "手工递补",
        "filled a seat by hand",
    ),
    say(
        "registration.correct_attendance",
        "更正签到",
        "corrected attendance",
    ),
    say("registration.enrol", "报名", "enrolled people"),
    say(
        "registration.leave",
        "取消报名",
        "took somebody off a registration",
    ),
    say(
        "registration.cancel",
        "取消活动报名",
        "cancelled a registration",
    ),
    say(
        "registration.answer_offer",
        "答复候补名额",
        "answered a kept seat",
    ),
];
