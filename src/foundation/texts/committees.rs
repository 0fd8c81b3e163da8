//! Words and sentences of `committees`: committees, working groups and their studies.

use entity::{
    committee::{CommitteeKind, CommitteeState},
    committee_person::Office,
    committee_unit::UnitPart,
    referral::ReferralState,
    study::StudyState,
    study_milestone::MilestoneKind,
};

use super::{Label, Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "committees.no_lead",
        "还没有牵头单位，要一个常务理事单位。",
        "There is no lead yet; it has to be a unit of the standing council.",
    ),
    say(
        "committees.lead_tier",
        "牵头单位须为常务理事单位，{unit}是{tier}。可换牵头单位，或由该单位申请成为常务理事单位。",
        "The lead has to be a unit of the standing council; {unit} is not.",
    ),
    say(
        "committees.lead_gone",
        "牵头单位{unit}已退出联盟，请换牵头单位。",
        "The lead {unit} has left the alliance.",
    ),
    say(
        "committees.organiser_tier",
        "组织单位须为理事单位，{unit}是{tier}。",
        "Those who run it have to be council units; {unit} is not.",
    ),
    say(
        "committees.organiser_gone",
        "组织单位{unit}已退出联盟。",
        "{unit}, one of those who run it, has left the alliance.",
    ),
    say(
        "committees.few_organisers",
        "{kind}除牵头单位外，至少要 {least} 个理事单位组织，现有 {given} 个，还差 {missing} 个。",
        "Beside the lead it takes {least} council units; there are {given}.",
    ),
    say(
        "committees.unit_left",
        "{unit}已退出联盟，不能参加。",
        "{unit} has left the alliance.",
    ),
    say(
        "committees.wrong_state",
        "这个{kind}现在“{state}”，不能这样办理。",
        "This does not fit the state of the committee.",
    ),
    say(
        "committees.ended",
        "已经结束，不能再变动。",
        "It has ended; nothing changes any more.",
    ),
    say(
        "committees.takes_part",
        "贵单位已在其中，不用再申请。",
        "Your unit takes part already.",
    ),
    say(
        "committees.applied",
        "贵单位已申请，正等审核。",
        "Your unit has applied; the answer is pending.",
    ),
    say(
        "committees.decided",
        "这件申请已审核过，请看单位名单。",
        "This application was decided already.",
    ),
    say(
        "committees.runs_it",
        "{part}不能自行退出，请联系秘书处。",
        "Units that run it are released by the secretariat.",
    ),
    say(
        "committees.name_another",
        "移出{unit}后，{kind}就不符合“一个常务理事单位牵头、至少 {least} 个理事单位组织”。请先确定接替的单位。",
        "Without {unit} too few units would run it; name another one first.",
    ),
    say(
        "committees.name_taken",
        "“{name}”已登记，请换一个名称。",
        "There is a committee of this name already.",
    ),
    say(
        "committees.dated_committee",
        "专门委员会长期设立，没有工作期限。",
        "Committees have no last day.",
    ),
    say(
        "committees.parent_of_committee",
        "专门委员会不隶属别的委员会。",
        "Committees belong to no other committee.",
    ),
    say(
        "committees.until_past",
        "期限要在{today}或以后。",
        "The last day has to be {today} or later.",
    ),
    say(
        "committees.office_days",
        "任期的结束要在开始之后。",
        "The term has to end after it begins.",
    ),
    say(
        "committees.chair_taken",
        "已有主任委员{name}。要换人，请先免去现任。",
        "There is a chair already: {name}.",
    ),
    say(
        "committees.has_office",
        "{name}在这里已有职务。要改任，请先免去现职。",
        "{name} has an office here already.",
    ),
    say(
        "committees.not_of_unit",
        "请从本委员会的单位中选。",
        "Choose one of the committee's units.",
    ),
    say(
        "committees.has_groups",
        "下设的工作组还在工作：{groups}。请先办理它们。",
        "Groups that belong to it go on: {groups}.",
    ),
    say(
        "committees.has_studies",
        "还有 {count} 项专项研究没有结题，请先结题或撤销。",
        "{count} studies are not closed yet.",
    ),
    say(
        "committees.referred_already",
        "这件申请已转交委员会，正等答复。",
        "This request was referred already.",
    ),
    say(
        "committees.referral_closed",
        "这件咨询已经答复或撤回，不用再办。",
        "This request was answered or withdrawn already.",
    ),
    say(
        "committees.referred",
        "收到转交的咨询",
        "a request was referred",
    ),
    say(
        "committees.referred_again",
        "收到追问",
        "a request was asked about once more",
    ),
    say(
        "committees.referral_answered",
        "答复咨询",
        "answered a request",
    ),
    say(
        "committees.referral_passed",
        "请秘书处组织专家组",
        "asked for a panel",
    ),
    say("committees.written", "登记", "written down"),
    say("committees.changed", "更正资料", "corrected"),
    say("committees.unit_named", "确定单位", "named a unit"),
    say("committees.unit_gone", "单位退出", "a unit left"),
    say("committees.unit_applied", "申请参加", "a unit applied"),
    say("committees.unit_admitted", "接纳单位", "admitted a unit"),
    say(
        "committees.unit_refused",
        "未接纳单位",
        "did not admit a unit",
    ),
    say("committees.appointed", "任命", "appointed"),
    say("committees.office_ended", "免去职务", "ended an office"),
    say("committees.founded", "成立", "founded"),
    say("committees.promoted", "升格", "promoted"),
    say("committees.dissolved", "结束", "ended"),
    say(
        "studies.not_now",
        "这项研究现在“{state}”，还不能这样办理。",
        "This does not fit the state of the study.",
    ),
    say(
        "studies.closed",
        "这项研究{state}，不能再提交或办理。",
        "The study has ended; nothing can be filed any more.",
    ),
    say(
        "studies.day_past",
        "请填今天以后的日期。",
        "The day has to lie in the future.",
    ),
    say(
        "studies.days_order",
        "要晚于{former}的 {day}。",
        "It has to be later than {day}.",
    ),
    say(
        "studies.day_done",
        "这一项已通过评审，日期保持 {day}。",
        "This milestone was accepted; its day stays {day}.",
    ),
    say(
        "studies.changed_elsewhere",
        "这项研究刚被别人改过。您填写的内容还在，请打开研究页面看过新内容后重新修改。",
        "The study was changed by somebody else in the meantime.",
    ),
    say(
        "studies.few_of_kind",
        "要至少 {wanted} 位{kind}类专家，合适而不冲突的最多 {possible} 位：{names}。把{kind}类改为至少 {possible} 位即可，或补充领域和关键词。",
        "At most {possible} suitable experts of this kind can serve ({names}); {wanted} are asked for.",
    ),
    say(
        "studies.few_units",
        "要 {wanted} 位专家、同一单位最多 {per_unit} 位，合适的最多 {possible} 位：{names}。把人数改为 {possible} 人即可，或放宽同一单位的人数，或补充领域和关键词。",
        "At most {possible} suitable experts can serve together ({names}); {wanted} are asked for.",
    ),
    say("studies.planned", "写好计划", "planned"),
    say("studies.changed", "修改计划", "changed the plan"),
    say("studies.panel_asked", "组建专家组", "asked for the panel"),
    say("studies.standing", "专家组到齐", "the panel stands"),
    say(
        "studies.member_left",
        "专家组成员变动，正在补邀",
        "a member left",
    ),
    say(
        "studies.short",
        "专家组有空缺，暂无人选",
        "a place is empty",
    ),
    say("studies.head", "接受任组长", "accepted to lead"),
    say("studies.filed", "提交成果", "filed"),
    say("studies.accepted", "评审通过", "accepted"),
    say("studies.returned", "退回修改", "returned"),
    say("studies.ended", "结题", "closed"),
    say("studies.withdrawn", "撤销", "given up"),
    say(
        "studies.file_loaded",
        "查看研究附件",
        "loaded a file of a study",
    ),
];

impl Label for CommitteeKind {
    fn zh(self) -> &'static str {
        match self {
            Self::Committee => "专门委员会",
            Self::WorkingGroup => "项目工作组",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Committee => "committee",
            Self::WorkingGroup => "working group",
        }
    }
}

impl Label for CommitteeState {
    fn zh(self) -> &'static str {
        match self {
            Self::Preparing => "筹建",
            Self::Standing => "已成立",
            Self::Ended => "已结束",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Preparing => "being prepared",
            Self::Standing => "standing",
            Self::Ended => "ended",
        }
    }
}

impl Label for UnitPart {
    fn zh(self) -> &'static str {
        match self {
            Self::Lead => "牵头单位",
            Self::Organiser => "组织单位",
            Self::Participant => "参加单位",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Organiser => "organiser",
            Self::Participant => "participant",
        }
    }
}

impl Label for Office {
    fn zh(self) -> &'static str {
        match self {
            Self::Chair => "主任委员",
            Self::ViceChair => "副主任委员",
            Self::Secretary => "秘书",
            Self::Member => "委员",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Chair => "chair",
            Self::ViceChair => "vice chair",
            Self::Secretary => "secretary",
            Self::Member => "member",
        }
    }
}

impl Label for ReferralState {
    fn zh(self) -> &'static str {
        match self {
            Self::Open => "待答复",
            Self::Answered => "已答复",
            Self::Passed => "已请组织专家组",
            Self::Recalled => "申请已撤回",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Passed => "passed on",
            Self::Recalled => "recalled",
        }
    }
}

impl Label for StudyState {
    fn zh(self) -> &'static str {
        match self {
            Self::Planned => "计划中",
            Self::Staffing => "组建专家组",
            Self::Working => "研究中",
            Self::Review => "待评审",
            Self::Closed => "已结题",
            Self::Withdrawn => "已撤销",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Staffing => "staffing",
            Self::Working => "working",
            Self::Review => "in review",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Label for MilestoneKind {
    fn zh(self) -> &'static str {
        match self {
            Self::Plan => "研究方案",
            Self::Interim => "中期报告",
            Self::Report => "研究报告",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Interim => "interim report",
            Self::Report => "report",
        }
    }
}
