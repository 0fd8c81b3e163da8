//! Sentences of `accounts`.

use super::{Sentence, say};

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
