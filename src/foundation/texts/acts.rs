//! What was done, as the audit trail says it.

use super::{Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say("panels.match", "运行匹配", "ran the match"),
    say("panels.pin", "锁定专家", "pinned an expert"),
    say("panels.exclude", "排除专家", "excluded an expert"),
    say(
        "panels.release_adjustment",
        "取消锁定或排除",
        "took an adjustment back",
    ),
    say("panels.hand_in", "送审匹配结果", "handed a run in"),
    say("panels.approve", "批准匹配结果", "approved a run"),
    say("panels.return_run", "退回匹配结果", "returned a run"),
    say("panels.ask", "邀请专家", "asked an expert"),
    say("panels.remind", "提醒答复", "reminded an expert"),
    say("panels.resend", "重发邀请", "sent an invitation again"),
    say("panels.answer", "记录答复", "an answer came in"),
    say(
        "panels.disown",
        "收件人说不是本人",
        "the recipient was somebody else",
    ),
    say("panels.cutoff", "逾期未答复", "the time to answer passed"),
    say("panels.replace", "补邀备选专家", "asked a reserve"),
    say("panels.short", "席位暂缺", "a place stays empty"),
    say("panels.release", "释放席位", "released a place"),
    say(
        "panels.leave",
        "聘任中止或结束，释放席位",
        "released a place with the engagement",
    ),
    say("panels.ask_again", "再次邀请", "asked somebody again"),
    say(
        "panels.race",
        "同时询问多位专家",
        "asked several experts at once",
    ),
    say(
        "panels.ask_head",
        "请专家担任组长",
        "asked an expert to lead",
    ),
    say("panels.head", "确定组长", "the head was settled"),
];
