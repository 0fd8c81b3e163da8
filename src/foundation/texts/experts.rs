//! Words and sentences of `experts`.

use entity::expert::{ExpertKind, ExpertState};

use super::{Label, Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "experts.choose_renewal",
        "请选“同意续聘”或“不再续聘”。",
        "Please choose whether you stay.",
    ),
    say(
        "experts.profile_unconfirmed",
        "请确认资料仍然正确。",
        "Please confirm your profile.",
    ),
    say("experts.renew", "续聘", "stayed for another term"),
    say(
        "experts.wrong_state",
        "情况已有变化，这一步现在不能办。请刷新页面查看最新状态。",
        "The state has changed; this step is not possible now. Please reload the page.",
    ),
    say(
        "experts.not_council",
        "专家由理事单位和常务理事单位推荐。贵单位现为普通成员单位，已聘专家任期不受影响。",
        "Only council units recommend experts.",
    ),
    say(
        "experts.quota_full",
        "贵单位的 {seats} 个名额已由{names}占用。其中一人撤回、未获聘任或聘任结束后，才能再推荐。",
        "The {seats} seats of your unit are taken by {names}.",
    ),
    say(
        "experts.duplicate",
        "{name}已由{unit}推荐或聘任，一位专家只能由一个单位推荐。请与对方单位或秘书处联系。",
        "{name} is recommended or engaged through {unit} already.",
    ),
    say(
        "experts.unreachable",
        "邮箱和手机至少填一项。聘任要由本人通过邮件中的链接同意，最好填邮箱。",
        "Please give an e-mail address or a mobile number.",
    ),
    say(
        "experts.no_domain",
        "请至少填一个 ICS 或 CCS 编号，例如 29.240 或 K44。",
        "Please give at least one ICS or CCS code.",
    ),
    say(
        "experts.code_too_general",
        "“{code}”范围太宽，请填到下一级，例如 29.240。",
        "“{code}” is too general; please give a code of the next level.",
    ),
    say(
        "experts.code_near",
        "没有“{text}”这个编号。是“{near}”吗？",
        "There is no code “{text}”. Did you mean “{near}”?",
    ),
    say(
        "experts.code_unknown",
        "“{text}”不是 ICS 或 CCS 编号。专业名称请填到“关键词”里。",
        "“{text}” is no ICS or CCS code.",
    ),
    say(
        "experts.few_keywords",
        "关键词至少 {min} 个，现在有 {given} 个。关键词越具体，匹配越准。",
        "At least {min} keywords are needed; {given} are given.",
    ),
    say(
        "experts.no_stamped_form",
        "还没有推荐单位盖章的推荐表扫描件。请退回单位补传。",
        "The stamped form is missing.",
    ),
    say(
        "experts.no_renewal",
        "现在没有待答复的续聘：聘任已结束，或下一届还没有登记。",
        "Nothing is asked about another term.",
    ),
    say(
        "experts.record_renewal",
        "记录续聘答复",
        "recorded an answer about another term",
    ),
    say(
        "experts.term_over",
        "本届理事会任期已满，请在换届登记以后再办聘任。",
        "The council term is over.",
    ),
    say(
        "experts.own_recommendation",
        "推荐由您提交，不能再由您审批。请另一位审批人办理。",
        "Whoever recommended does not approve.",
    ),
    say(
        "experts.same_approver",
        "您已作为第一位审批人同意。还要另一位审批人同意；确实只有一人时，请写明理由。",
        "A second person has to approve, or the exception has to be explained.",
    ),
    say(
        "experts.guest_not_returned",
        "特邀专家由秘书处提出，没有退回一步；不请了，请选“不再邀请”。",
        "A guest is not returned to a unit.",
    ),
    say(
        "experts.choose_answer",
        "请选择“同意受聘”或“不同意”。",
        "Please choose one of the two answers.",
    ),
    say(
        "experts.consent_missing",
        "同意受聘须同时同意《{text}》。",
        "Accepting needs your consent to “{text}”.",
    ),
    say(
        "experts.signed_later",
        "签字日期不能晚于今天。",
        "The day of the signature lies ahead.",
    ),
    say(
        "experts.scan_missing",
        "请上传本人签字的同意书扫描件。没有签字，聘任不能生效。",
        "Please upload the signed paper.",
    ),
    say(
        "experts.no_contact_given",
        "请填新的邮箱或手机，不改的留空。",
        "Please give a new address or number.",
    ),
    say(
        "experts.engagement_over",
        "聘任已结束，资料不能再改。需要更正或删除，请联系秘书处。",
        "The engagement is over.",
    ),
    say(
        "experts.absence_order",
        "最后一天不能早于第一天。",
        "The last day lies before the first.",
    ),
    say(
        "experts.absence_past",
        "这段时间已经过去，不用再填。",
        "These days are over.",
    ),
    say(
        "experts.absence_long",
        "一次最多填 {max} 天。更长的，请联系秘书处办理中止。",
        "At most {max} days at once.",
    ),
    say(
        "experts.until_past",
        "截止日期已经过去。没有截止日期请留空。",
        "This day is over.",
    ),
    say(
        "experts.too_many_lines",
        "最多 {max} 条，请先删去不用的。",
        "At most {max} lines.",
    ),
    say(
        "experts.confirm_leaving",
        "撤回后聘任随即结束。请先勾选“我知道聘任将随即结束”。",
        "Please tick that you know the engagement ends.",
    ),
    say(
        "experts.contact_of_other",
        "手机或邮箱已登记给{name}，与“{given}”不是同一个姓名，请核对。",
        "The number or address belongs to {name}, not to “{given}”.",
    ),
    say(
        "experts.unknown_unit",
        "没有找到单位“{value}”，请写名录中的全称。",
        "There is no unit “{value}”.",
    ),
    say(
        "experts.unknown_state",
        "状态“{value}”不认识，请填“已聘任”或“中止”。",
        "The state “{value}” is not known.",
    ),
    say(
        "experts.unknown_kind",
        "类别“{value}”不认识，请填“技术”或“标准化”。",
        "The kind “{value}” is not known.",
    ),
    say(
        "experts.bad_term_days",
        "聘期的最后一天早于第一天。",
        "The last day lies before the first.",
    ),
    say(
        "experts.number_taken",
        "聘书编号“{number}”已用于{name}。",
        "The number “{number}” belongs to {name}.",
    ),
    // What the audit trail calls the acts.
    say("experts.draft", "起草推荐表", "drafted a recommendation"),
    say("experts.send", "提交推荐", "sent a recommendation"),
    say("experts.withdraw", "撤回推荐", "withdrew a recommendation"),
    say("experts.return", "退回补正", "returned a recommendation"),
    say(
        "experts.approve_first",
        "第一位审批人同意",
        "approved first of two",
    ),
    say("experts.approve", "批准推荐", "approved a recommendation"),
    say("experts.accept", "本人同意受聘", "accepted the engagement"),
    say(
        "experts.decline",
        "本人不同意受聘",
        "declined the engagement",
    ),
    say("experts.suspend", "中止聘任", "suspended the engagement"),
    say("experts.resume", "恢复聘任", "resumed the engagement"),
    say("experts.end", "结束聘任", "ended the engagement"),
    say("experts.expire", "聘期届满", "the term ended"),
    say("experts.import", "批量导入专家", "imported an expert"),
    say(
        "experts.reveal",
        "查看专家联系方式",
        "looked at contact data",
    ),
    say("experts.absence", "登记外出", "noted an absence"),
    say("experts.absence_removed", "删去外出", "removed an absence"),
    say("experts.limits", "修改承担上限", "changed the limits"),
    say("experts.interest", "申报利益关系", "declared an interest"),
    say(
        "experts.interest_removed",
        "删去利益关系",
        "removed an interest",
    ),
    say(
        "experts.correct",
        "更正本人资料",
        "corrected the own profile",
    ),
    say(
        "experts.correct_contact",
        "更正专家联系方式",
        "corrected contact data",
    ),
    say("experts.withdraw_consent", "撤回同意", "withdrew a consent"),
];

impl Label for ExpertKind {
    fn zh(self) -> &'static str {
        match self {
            Self::Technical => "技术",
            Self::Standardization => "标准化",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Technical => "technical",
            Self::Standardization => "standardization",
        }
    }
}

impl Label for ExpertState {
    fn zh(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Recommended => "待审批",
            Self::Returned => "退回补正",
            Self::Approved => "待本人确认",
            Self::Engaged => "已聘任",
            Self::Suspended => "中止",
            Self::Withdrawn => "已撤回",
            Self::Refused => "本人未同意",
            Self::Ended => "已结束",
            Self::Expired => "届满",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Recommended => "recommended",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Engaged => "engaged",
            Self::Suspended => "suspended",
            Self::Withdrawn => "withdrawn",
            Self::Refused => "declined",
            Self::Ended => "ended",
            Self::Expired => "expired",
        }
    }
}
