//! Sentences of `accounts`.

use entity::role_grant::Role;

use super::{Label, Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "accounts.wrong_sign_in",
        "邮箱或密码不对。不区分是哪一项错，是为了保护账号。",
        "The address or the password is wrong.",
    ),
    say(
        "accounts.wait",
        "试得太频繁，请 {minutes} 分钟后再试，或用“忘记密码”。",
        "Too many tries; please wait {minutes} minutes.",
    ),
    say(
        "accounts.busy",
        "现在登录的人多，请稍等一分钟再试。",
        "Busy; please try again in a minute.",
    ),
    say(
        "accounts.password_short",
        "至少要 {min} 个字符。几个词连成的一句话，又长又好记。",
        "At least {min} characters.",
    ),
    say(
        "accounts.password_common",
        "这是常见的密码，容易被猜到。请换一个只有您想得到的。",
        "This is a common password; please choose another.",
    ),
    say(
        "accounts.password_personal",
        "密码里有您的姓名或邮箱，容易被猜到。请换一个。",
        "The password contains your name or address; please choose another.",
    ),
    say(
        "accounts.password_again",
        "两次输入的密码不一样，请再输一遍。",
        "The two passwords differ.",
    ),
    say(
        "accounts.wrong_present",
        "现在的密码不对。",
        "The present password is wrong.",
    ),
    say(
        "accounts.email_same",
        "这就是现在的登录邮箱。",
        "This is the present address.",
    ),
    say(
        "accounts.address_asked",
        "申请更换登录邮箱",
        "asked for another address",
    ),
    say(
        "accounts.address_changed",
        "更换登录邮箱",
        "the address was changed",
    ),
    say(
        "accounts.email_taken",
        "这个邮箱已用于另一个人的登录，请换一个邮箱。",
        "Somebody else signs in with this address.",
    ),
    say(
        "accounts.contact_unreadable",
        "请填邮箱地址，或 11 位手机号。",
        "Please give an e-mail address or a mobile number.",
    ),
    say(
        "accounts.own_role",
        "本人的职责要由另一位审批人授予。",
        "Nobody gives a role to themself.",
    ),
    say(
        "accounts.has_role",
        "这个人已经有“{role}”的职责。",
        "This person has the role {role} already.",
    ),
    say(
        "accounts.last_approver",
        "这是最后一位审批人，收回后没有人能审批。请先授予另一位。",
        "This is the last approver; appoint another first.",
    ),
    say(
        "audit.broken",
        "操作记录第 {sequence} 条与封存时不一致（{fault}）。",
        "entry {sequence} of the audit trail {fault}",
    ),
    say(
        "audit.noted",
        "“{value}”不是操作记录的封存值，样子如 12:ab…。",
        "“{value}” is no end of the audit trail; it looks like 12:ab…",
    ),
    say("accounts.joined", "设置首个密码", "set the first password"),
    say(
        "accounts.reset_asked",
        "申请重设密码",
        "asked to reset the password",
    ),
    say(
        "accounts.digest",
        "停发或恢复每周提要",
        "switched the weekly digest",
    ),
    say("accounts.password_reset", "重设密码", "reset the password"),
    say(
        "accounts.password_changed",
        "更改密码",
        "changed the password",
    ),
    say(
        "accounts.expert_entered",
        "专家进入本人页面",
        "entered the own expert page",
    ),
    say("accounts.role_given", "授予职责", "gave a role"),
    say("accounts.role_taken", "收回职责", "took a role back"),
    say(
        "accounts.ticket_used",
        "这个链接已经用过，或已有更新的链接代替它。请用最近一封邮件里的链接，或重新申请一个。",
        "This link was used already, or a newer one has taken its place.",
    ),
    say(
        "accounts.ticket_expired",
        "这个链接已过期。请重新申请一个。",
        "This link has expired; please ask for a new one.",
    ),
];

impl Label for Role {
    fn zh(self) -> &'static str {
        match self {
            Self::Handler => "秘书处经办",
            Self::Approver => "秘书处审批",
            Self::Contact => "联络员",
            Self::Training => "培训工作组",
            Self::Exchange => "交流工作组",
            Self::Committee => "委员会负责人",
            Self::Expert => "专家",
        }
    }

    fn en(self) -> &'static str {
        match self {
            Self::Handler => "secretariat, handling",
            Self::Approver => "secretariat, approving",
            Self::Contact => "contact of a unit",
            Self::Training => "training group",
            Self::Exchange => "exchange group",
            Self::Committee => "officer of a committee",
            Self::Expert => "expert",
        }
    }
}
