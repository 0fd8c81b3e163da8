//! Sentences and words of `consultations`.

use entity::{
    consultation::{ConsultationState, Purpose},
    opinion::Verdict,
};

use super::{Label, Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "consultations.not_now",
        "这件申请现在是“{state}”，不能办这一步。请刷新页面看最新情况。",
        "The request is now “{state}”; this step does not fit. Please reload the page.",
    ),
    say(
        "consultations.settled",
        "这件申请现在是“{state}”，内容不能再改。",
        "The request is now “{state}” and can no longer be changed.",
    ),
    say(
        "consultations.demand",
        "{purpose}请填 {fitting} 人，多人时取单数，便于表决。您填了 {given} 人。",
        "{purpose} takes {fitting} experts. You gave {given}.",
    ),
    say(
        "consultations.day_past",
        "{day}已过或就是今天，请选今天以后的日期。",
        "{day} is past or today; please choose a later day.",
    ),
    say(
        "consultations.day_off",
        "{day}是{reason}。最近的工作日是{before}和{after}。",
        "{day} is no working day. The nearest are {before} and {after}.",
    ),
    say(
        "consultations.wanted_past",
        "{day}已过，请选今天以后的日期。",
        "{day} is past; please choose a later day.",
    ),
    say(
        "consultations.wanted_before_meeting",
        "答复日期早于会议日期{day}，请改到会议以后。",
        "The answer is wanted before the meeting on {day}.",
    ),
    say(
        "consultations.standard_number",
        "“{value}”不像标准号，请按“T/CIE 240—2026”填写；没有可不填。",
        "“{value}” does not look like a standard's number such as T/CIE 240—2026.",
    ),
    say(
        "consultations.unit_unknown",
        "没有找到“{name}”。{suggestion}名录外的单位请写全称，并勾选“名录外单位名称无误”。",
        "“{name}” is not in the register. {suggestion}",
    ),
    say(
        "consultations.wish_reason",
        "请写希望邀请“{name}”的理由，写在冒号后面。",
        "Please give the reason for {name}.",
    ),
    say(
        "consultations.changed_elsewhere",
        "这件申请刚被改过，请刷新后再改，您刚才的改动没有保存。",
        "The request was changed meanwhile; please reload.",
    ),
    say(
        "consultations.text_needed",
        "请写明理由，申请单位会看到。",
        "Please give the reason; the requester sees it.",
    ),
    say(
        "consultations.share",
        "目前赞成“{verdict}”的有 {favour} 人，专家组共 {experts} 人，不到 {share}，请按实际结果选择结论。",
        "{favour} of {experts} experts favour “{verdict}”, less than {share}.",
    ),
    say(
        "consultations.before_meeting",
        "会议还没有开，会后再提交共同结论。",
        "The meeting has not been yet; the conclusion comes after it.",
    ),
    say(
        "consultations.meeting_has_been",
        "会议已经开过，日期不能再改。",
        "The meeting has been; its date can no longer change.",
    ),
    say(
        "consultations.meeting_passed",
        "会议日期{day}已到或已过，请退回申请单位改期。",
        "The meeting on {day} has passed; please return the request.",
    ),
    say(
        "consultations.too_soon",
        "到{day}专家来不及答复，最早请选{earliest}。",
        "There is no time for experts to answer before {day}; the earliest is {earliest}.",
    ),
    say(
        "consultations.own_request",
        "您是申请单位的联络员，请由秘书处另一位同事办理。",
        "You are a contact of the asking unit; a colleague has to decide.",
    ),
    say(
        "consultations.no_promise",
        "申请还没有受理，受理后再写抽取附言。",
        "The request is not taken in yet.",
    ),
    say(
        "consultations.questions",
        "追问最多 {most} 次，已用完。请确认，或联系秘书处。",
        "At most {most} questions.",
    ),
    say(
        "consultations.rating",
        "请评 1 到 5 分。",
        "Please rate from 1 to 5.",
    ),
    say(
        "consultations.not_head",
        "共同结论由组长填写，您可以提交自己的意见。",
        "The conclusion is filed by the head of the panel.",
    ),
    say(
        "consultations.work_closed",
        "这件事已经办结，不能再提交。内容仍可查看。",
        "The matter is closed.",
    ),
    say(
        "consultations.pledge_first",
        "请先同意保密承诺，再查看资料。",
        "Please accept the pledge of secrecy first.",
    ),
    say(
        "consultations.verdict_needed",
        "请选择同意、修改后同意或不同意。",
        "Please choose a verdict.",
    ),
    say(
        "consultations.nobody_yet",
        "还没有专家接受，不能按现有专家办理。",
        "Nobody has accepted yet.",
    ),
    say(
        "consultations.complete",
        "专家已经够数，不用减少。",
        "Nobody is missing.",
    ),
    // What happened, in the history of a request and in the audit trail.
    say(
        "consultations.gone_on",
        "秘书处决定按现有专家办理",
        "the secretariat goes on with the experts who accepted",
    ),
    say(
        "consultations.submitted",
        "申请单位提交",
        "submitted by the requester",
    ),
    say(
        "consultations.changed",
        "申请单位修改",
        "changed by the requester",
    ),
    say(
        "consultations.returned",
        "秘书处退回补充",
        "returned by the secretariat",
    ),
    say(
        "consultations.refused",
        "秘书处不予受理",
        "not taken in by the secretariat",
    ),
    say(
        "consultations.accepted",
        "秘书处受理，开始组建专家组",
        "taken in by the secretariat",
    ),
    say(
        "consultations.withdrawn",
        "申请单位撤回",
        "withdrawn by the requester",
    ),
    say(
        "consultations.standing",
        "专家组到齐",
        "the panel is complete",
    ),
    say(
        "consultations.reopened",
        "专家组有变动，重新补邀",
        "the panel is no longer complete",
    ),
    say(
        "consultations.short",
        "有席位暂无合适专家",
        "nobody is left to ask for a place",
    ),
    say(
        "consultations.head_asked",
        "秘书处请专家任组长",
        "an expert was asked to lead",
    ),
    say(
        "consultations.head",
        "专家接受担任组长",
        "an expert accepted to lead",
    ),
    say(
        "consultations.contributed",
        "申请单位写下抽取附言",
        "the requester gave words for a draw",
    ),
    say(
        "consultations.head_left",
        "组长不再担任",
        "the head stood down",
    ),
    say(
        "consultations.opinion",
        "专家提交意见",
        "an expert filed an opinion",
    ),
    say(
        "consultations.concluded",
        "组长提交共同结论",
        "the head filed the conclusion",
    ),
    say(
        "consultations.asked_again",
        "申请单位追问",
        "the requester asked again",
    ),
    say(
        "consultations.confirmed",
        "申请单位确认，办结",
        "confirmed by the requester",
    ),
    say(
        "consultations.begun",
        "会议已开，专家写意见",
        "the meeting has been",
    ),
    say(
        "consultations.file_loaded",
        "专家下载资料",
        "an expert loaded a file",
    ),
    say(
        "consultations.panel_incomplete",
        "专家组还没有到齐，到齐后再提交共同结论。",
        "The panel is not complete yet.",
    ),
    say(
        "consultations.opinions_missing",
        "还没有专家提交意见，暂不能填写共同结论。",
        "No expert has filed an opinion yet.",
    ),
];

impl Label for Purpose {
    fn zh(self) -> &'static str {
        match self {
            Self::Advice => "技术咨询",
            Self::InitiationReview => "立项评审",
            Self::TechnicalReview => "技术审查会",
            Self::WrittenReview => "函审",
            Self::Other => "其他",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Advice => "technical advice",
            Self::InitiationReview => "review of a new project",
            Self::TechnicalReview => "technical review meeting",
            Self::WrittenReview => "review in writing",
            Self::Other => "other",
        }
    }
}

impl Label for ConsultationState {
    fn zh(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Submitted => "已提交",
            Self::Returned => "退回补充",
            Self::Accepted => "已受理",
            Self::Refused => "不予受理",
            Self::Standing => "专家组已到齐",
            Self::Working => "专家办理中",
            Self::Concluded => "待申请单位确认",
            Self::AskedAgain => "追问中",
            Self::Closed => "已结束",
            Self::Withdrawn => "已撤回",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Accepted => "taken in",
            Self::Refused => "not taken in",
            Self::Standing => "panel complete",
            Self::Working => "experts at work",
            Self::Concluded => "to be confirmed",
            Self::AskedAgain => "asked again",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Label for Verdict {
    fn zh(self) -> &'static str {
        match self {
            Self::Agree => "同意",
            Self::AgreeAfterChanges => "修改后同意",
            Self::Disagree => "不同意",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::AgreeAfterChanges => "agree after changes",
            Self::Disagree => "disagree",
        }
    }
}
