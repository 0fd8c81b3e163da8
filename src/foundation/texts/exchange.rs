//! Sentences and words of `exchange`.

use entity::{
    cooperation::CooperationState,
    cooperation_unit::PartState,
    forum::{ForumKind, ForumState},
    visit::VisitState,
    visit_offer::PostingState,
};

use super::{Label, Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "exchange.not_now",
        "这次互访现在是“{state}”，不能办这一步。请刷新页面看最新情况。",
        "The visit is now “{state}”; this step does not fit. Please reload the page.",
    ),
    say(
        "exchange.report_early",
        "请先确认返回日期，再提交总结。",
        "Please confirm the return before the report.",
    ),
    say(
        "exchange.report_closed",
        "互访 {number} 现在是“{state}”，不再接收总结。您写的内容还在下面，需要补充请与交流工作组联系。",
        "Visit {number} is “{state}”; reports are no longer taken. What you wrote is kept below.",
    ),
    say(
        "exchange.period_past",
        "{day}已过或就是今天，请选今天以后的日期。",
        "{day} is past or today; please choose a later day.",
    ),
    say(
        "exchange.period_backwards",
        "最后一天早于第一天{day}，请核对。",
        "The last day lies before the first, {day}.",
    ),
    say(
        "exchange.longer_than_span",
        "要住 {days} 天，可选的时间只有 {span} 天。请放宽日期或减少天数。",
        "A stay of {days} days does not fit into {span} days.",
    ),
    say(
        "exchange.terms_changed",
        "条件刚有变化，请看最新的条件后再办。",
        "The terms have just changed; please look at the newest ones.",
    ),
    say(
        "exchange.nothing_to_approve",
        "现在没有等待审批的条件。",
        "No terms wait for approval.",
    ),
    say(
        "exchange.approved_before",
        "贵单位已经同意，正等{side}审批。",
        "Your unit has approved already; the other one has not.",
    ),
    say(
        "exchange.own_change",
        "这是贵单位提出的变更，正等对方审批；想改可以另提新的条件。",
        "Your unit proposed this change; the other one has to answer.",
    ),
    say(
        "exchange.abroad_number",
        "因公出国（境）的，请填批件号。",
        "A visit abroad needs its approval number.",
    ),
    say(
        "exchange.begun",
        "互访已于{day}开始，不能撤回。提前返回的，请返回后按实际日期确认。",
        "The visit began on {day} and can no longer be withdrawn; confirm the true dates after the return.",
    ),
    say(
        "exchange.back_before_leaving",
        "返回日期早于出发日期{day}，请核对。",
        "The return lies before the departure on {day}.",
    ),
    say(
        "exchange.back_later",
        "{day}还没有到，请在返回后确认。",
        "{day} has not come yet; please confirm after the return.",
    ),
    say(
        "exchange.nobody",
        "请写出访人员，每行一人。",
        "Please name who is to go, one a line.",
    ),
    say(
        "exchange.too_many",
        "一次最多 {max} 人，请分批申请。",
        "At most {max} people at once.",
    ),
    say(
        "exchange.unreachable",
        "请写{name}的手机或邮箱，行程要发给本人。",
        "Please give a mobile number or e-mail address of {name}.",
    ),
    say(
        "exchange.named_twice",
        "{name}写了两次，请删去一行。",
        "{name} is named twice.",
    ),
    say(
        "exchange.contact_of_other",
        "{name}的手机或邮箱在系统里是另一个人的，请核对。",
        "The number or address of {name} is kept for somebody else.",
    ),
    say(
        "exchange.posting_closed",
        "已经关闭，不能再改。",
        "It is closed and can no longer be changed.",
    ),
    say(
        "exchange.changed_elsewhere",
        "内容刚被改过，请刷新页面后再改。",
        "It has just been changed; please reload the page.",
    ),
    say(
        "exchange.fewer_rounds",
        "已经安排了 {used} 批，请不要少于这个数。",
        "{used} groups are arranged already.",
    ),
    say(
        "exchange.wish_taken",
        "这件申请已安排互访 {number}，要改请在互访里变更条件。",
        "Visit {number} comes from this wish; change its terms instead.",
    ),
    say(
        "exchange.own_unit",
        "申请和名额都是{unit}的，不能配成一对。",
        "Wish and offer are both of {unit}.",
    ),
    say(
        "exchange.pair_stale",
        "申请 {wish} 和名额 {offer} 现在配不上：可能已关闭、已安排，或时间、人数不合。其他各对没有送出，请看最新的配对再送。",
        "Wish {wish} and offer {offer} no longer fit; nothing was sent.",
    ),
    say(
        "exchange.pairing_stale",
        "配对刚有变化，请看最新的结果再送。",
        "The pairing has just changed; please look at the newest one.",
    ),
    say(
        "exchange.nothing_chosen",
        "请至少勾选一对。",
        "Please tick at least one pair.",
    ),
    say(
        "exchange.hand_needs_both",
        "请选一件申请和一个名额。",
        "Please choose a wish and an offer.",
    ),
    say(
        "exchange.no_change",
        "条件没有变化，不用提交。",
        "Nothing is changed.",
    ),
    say(
        "exchange.reason_needed",
        "请写理由。",
        "Please give the reason.",
    ),
    say(
        "exchange.link_ended",
        "这次互访已经撤回，或者您不再参加，也可能链接已改发到新的邮箱。请以最近收到的一封邮件为准。",
        "The visit was withdrawn, you are no longer taking part, or the link went to another address. \
         Please go by the latest mail.",
    ),
    say(
        "exchange.travel_off",
        "没有启用出发和到达登记。",
        "Departure and arrival are not recorded here.",
    ),
    say("exchange.offer_filed", "提供互访名额", "offered places"),
    say("exchange.offer_changed", "修改互访名额", "changed an offer"),
    say("exchange.offer_closed", "关闭互访名额", "closed an offer"),
    say("exchange.wish_filed", "申请出访", "asked for a stay"),
    say("exchange.wish_changed", "修改出访申请", "changed a wish"),
    say("exchange.wish_closed", "关闭出访申请", "closed a wish"),
    say("exchange.proposed", "送双方审批", "proposed a visit"),
    say("exchange.approved", "同意条件", "approved the terms"),
    say("exchange.amended", "另提条件", "proposed other terms"),
    say("exchange.agreed", "双方已同意", "both units agreed"),
    say(
        "exchange.change_agreed",
        "双方同意变更",
        "both units agreed to the change",
    ),
    say(
        "exchange.change_refused",
        "未同意变更",
        "the change was refused",
    ),
    say("exchange.declined", "未同意互访", "declined the visit"),
    say("exchange.withdrawn", "撤回互访", "withdrew the visit"),
    say("exchange.returned", "确认返回", "the return was confirmed"),
    say("exchange.reported", "提交总结", "a report was filed"),
    say("exchange.closed", "办结", "closed the visit"),
    say(
        "cooperation.not_now",
        "这个项目现在是“{state}”，不能办这一步。",
        "The project is now “{state}”; this step does not fit.",
    ),
    say(
        "cooperation.missing",
        "还有 {count} 项成果没有登记完成：{titles}。请先登记；不再做的，请勾选后结束。",
        "{count} deliverables are missing: {titles}.",
    ),
    say(
        "cooperation.due_outside",
        "{day}不在项目时间{from}至{to}之内，请核对。",
        "{day} lies outside of {from} to {to}.",
    ),
    say(
        "cooperation.unit_unknown",
        "没有找到“{name}”，请写成员单位的全称或简称。",
        "There is no unit “{name}”.",
    ),
    say(
        "cooperation.unit_twice",
        "{name}已在项目里，请删去这一行。",
        "{name} carries the project already.",
    ),
    say(
        "cooperation.too_few_units",
        "合作至少要两个单位，请再写一个参加单位。",
        "A joint project needs two units; please name another one.",
    ),
    say(
        "cooperation.deliverable_line",
        "请把“{line}”写成“成果，负责单位，2026-12-31”。",
        "Please write “{line}” as “deliverable, unit, 2026-12-31”.",
    ),
    say(
        "cooperation.not_carrying",
        "“{name}”不是参加这个项目的单位，请核对。",
        "“{name}” does not carry this project.",
    ),
    say(
        "cooperation.answered",
        "贵单位已经答复过了。",
        "Your unit has answered already.",
    ),
    say(
        "cooperation.not_joined",
        "贵单位确认参加后，再填写人员。",
        "Please join first, then name your people.",
    ),
    say(
        "cooperation.delivered",
        "“{title}”已在{day}登记完成。",
        "“{title}” was brought on {day}.",
    ),
    say("cooperation.filed", "发起合作", "filed a joint project"),
    say("cooperation.joined", "确认参加", "joined the project"),
    say("cooperation.declined", "不参加", "does not take part"),
    say("cooperation.running", "项目开始", "the project runs"),
    say("cooperation.people_named", "填写人员", "named its people"),
    say(
        "cooperation.deliverable_added",
        "增加成果",
        "added a deliverable",
    ),
    say("cooperation.brought", "登记成果", "brought a deliverable"),
    say("cooperation.ended", "结束项目", "ended the project"),
    say(
        "forum.not_now",
        "论坛现在是“{state}”，不能办这一步。",
        "The forum is now “{state}”; this step does not fit.",
    ),
    say(
        "forum.line",
        "没有读懂“{line}”，请写成“09:00-09:40，题目，报告人”。",
        "Please write “{line}” as “09:00-09:40, title, speaker”.",
    ),
    say(
        "forum.backwards",
        "“{line}”的结束早于开始，请核对。",
        "“{line}” ends before it begins.",
    ),
    say(
        "forum.title_twice",
        "“{title}”写了两次，请改一个名称，变更时好区分。",
        "“{title}” stands twice.",
    ),
    say(
        "forum.overlap",
        "“{one}”和“{other}”时间重叠，请调整。",
        "“{one}” and “{other}” overlap.",
    ),
    say(
        "forum.too_many",
        "日程最多 {max} 项。",
        "At most {max} parts.",
    ),
    say(
        "forum.closes_outside",
        "报名截止请选今天到{day}前一天之间。",
        "Enrolment ends between today and the day before {day}.",
    ),
    say("forum.filed", "筹办论坛", "filed a forum"),
    say("forum.changed", "修改日程", "changed the programme"),
    say("forum.published", "发布", "published the forum"),
    say("forum.cancelled", "取消论坛", "cancelled the forum"),
    say("forum.ended", "结束", "the forum ended"),
    say("forum.speaker", "确定报告人", "a speaker was found"),
    say(
        "forum.speaker_missing",
        "报告人待定",
        "a speaker is missing",
    ),
];

impl Label for PostingState {
    fn zh(self) -> &'static str {
        match self {
            Self::Open => "招募中",
            Self::Closed => "已关闭",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

impl Label for VisitState {
    fn zh(self) -> &'static str {
        match self {
            Self::Proposed => "待双方审批",
            Self::Agreed => "双方已同意",
            Self::Returned => "已返回，待总结",
            Self::Reported => "已交总结",
            Self::Closed => "已办结",
            Self::Declined => "未达成",
            Self::Withdrawn => "已撤回",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Agreed => "agreed",
            Self::Returned => "returned",
            Self::Reported => "reported",
            Self::Closed => "closed",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Label for CooperationState {
    fn zh(self) -> &'static str {
        match self {
            Self::Proposed => "待单位确认",
            Self::Running => "进行中",
            Self::Ended => "已结束",
            Self::Dropped => "未成立",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Running => "running",
            Self::Ended => "ended",
            Self::Dropped => "dropped",
        }
    }
}

impl Label for PartState {
    fn zh(self) -> &'static str {
        match self {
            Self::Asked => "待确认",
            Self::Joined => "参加",
            Self::Declined => "不参加",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Joined => "takes part",
            Self::Declined => "does not take part",
        }
    }
}

impl Label for ForumKind {
    fn zh(self) -> &'static str {
        match self {
            Self::Forum => "团标论坛",
            Self::Activity => "交流活动",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Forum => "forum",
            Self::Activity => "activity",
        }
    }
}

impl Label for ForumState {
    fn zh(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Published => "已发布",
            Self::Ended => "已结束",
            Self::Cancelled => "已取消",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Ended => "ended",
            Self::Cancelled => "cancelled",
        }
    }
}
