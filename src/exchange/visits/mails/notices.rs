//! What contacts and the exchange group are told of a visit, one kind of mail a sentence.

use serde::{Deserialize, Serialize};

use super::{Facts, Notice, letter};
use crate::foundation::mail::{Letter, LetterDesk, Registry, Template};

macro_rules! notices {
    ($($(#[$doc:meta])* $name:ident = $kind:literal $label:literal {
        $subject:literal, $text:literal, $button:literal
    })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            pub(in crate::exchange::visits) struct $name {
                facts: Facts,
                lines: Vec<String>,
            }

            impl Template for $name {
                const KIND: &'static str = $kind;
                const LABEL: &'static str = $label;

                fn letter(&self, desk: &LetterDesk<'_>) -> Letter {
                    letter(&self.facts, &self.lines, desk, ($subject, $text, $button))
                }
            }

            impl Notice for $name {
                fn new(facts: &Facts, lines: &[String]) -> Self {
                    Self {
                        facts: facts.clone(),
                        lines: lines.to_vec(),
                    }
                }
            }
        )*

        /// Makes these kinds known.
        pub(super) fn register(registry: &mut Registry) {
            $(registry.register::<$name>();)*
        }

        /// Kind and label of each, for tests.
        #[cfg(test)]
        pub(super) const KINDS: &[(&str, &str)] = &[$(($kind, $label)),*];
    };
}

notices! {
    /// To both units: approve.
    Proposed = "exchange.proposed" "互访待审批" {
        "请审批人才互访",
        "交流工作组建议下面这次人才互访。请看一下时间、人员、费用等条件：同意请审批；想改条件，可以另提，由对方再审批。双方都同意后生效。",
        "查看并审批"
    }
    /// To the unit that has not answered.
    ApprovalDue = "exchange.approval_due" "催办审批" {
        "互访还等贵单位审批",
        "下面这次人才互访还等贵单位的意见。对方单位在等，请尽快审批或说明理由。",
        "查看并审批"
    }
    /// To the other unit: other terms were proposed.
    Amended = "exchange.amended" "互访条件变更" {
        "请审批互访条件的变更",
        "对方单位对下面这次人才互访提出了新的条件。贵单位审批以前，已经同意的条件不变。变更如下：",
        "查看并审批"
    }
    /// To both units: the terms hold.
    Agreed = "exchange.agreed" "互访已同意" {
        "人才互访双方已同意",
        "下面这次人才互访双方都已同意，条件以此为准。派出函和接收函可以在页面上打印或下载。",
        "查看互访"
    }
    /// To the exchange group.
    AgreedForGroup = "exchange.agreed_group" "互访已同意" {
        "备案：互访双方已同意",
        "下面这次人才互访双方都已同意，请交流工作组备案。",
        "查看互访"
    }
    /// To the other unit: what was agreed goes on to hold.
    ChangeRefused = "exchange.change_refused" "变更未同意" {
        "互访条件的变更未获同意",
        "对方单位没有同意贵单位提出的变更，原来同意的条件继续有效。理由如下：",
        "查看互访"
    }
    /// To the other unit: it will not be.
    Declined = "exchange.declined" "互访未达成" {
        "人才互访未达成",
        "对方单位没有同意下面这次人才互访。贵单位的名额或申请仍在，可以参加下一次配对。理由如下：",
        "查看互访"
    }
    /// To the exchange group.
    DeclinedForGroup = "exchange.declined_group" "互访未达成" {
        "互访未达成",
        "下面这次人才互访没有达成，名额和申请回到待配对。理由如下：",
        "查看互访"
    }
    /// To the other unit: it was withdrawn.
    Withdrawn = "exchange.withdrawn" "互访撤回" {
        "人才互访已撤回",
        "对方单位撤回了下面这次人才互访，人员已另行通知。理由如下：",
        "查看互访"
    }
    /// To the exchange group.
    WithdrawnForGroup = "exchange.withdrawn_group" "互访撤回" {
        "备案：互访已撤回",
        "下面这次人才互访在出发前撤回。理由如下：",
        "查看互访"
    }
    /// To the sending unit: confirm the return.
    ReturnDue = "exchange.return_due" "待确认返回" {
        "请确认返回日期",
        "下面这次人才互访约定的时间已过，请贵单位或出访人员确认实际的往返日期。",
        "确认返回"
    }
    /// To both units: people are back.
    Returned = "exchange.returned" "互访已返回" {
        "互访人员已返回",
        "下面这次人才互访的人员已返回，请派出单位按期提交总结。",
        "查看互访"
    }
    /// To the sending unit: the report is due soon.
    ReportDue = "exchange.report_due" "待交总结" {
        "互访总结快到期",
        "下面这次人才互访的总结快到期了，请贵单位或出访人员提交。",
        "提交总结"
    }
    /// To the sending unit: the report is late.
    ReportLate = "exchange.report_late" "总结逾期" {
        "互访总结已逾期",
        "下面这次人才互访的总结已过期限，请尽快提交。",
        "提交总结"
    }
    /// To the exchange group: a report is late.
    ReportLateForGroup = "exchange.report_late_group" "总结逾期" {
        "互访总结逾期未交",
        "下面这次人才互访的总结已过期限，已提醒派出单位。",
        "查看互访"
    }
    /// To the host: the report is there.
    Reported = "exchange.reported" "互访总结" {
        "互访总结已提交",
        "派出单位已提交下面这次人才互访的总结，可以在页面上查看。",
        "查看总结"
    }
    /// To the exchange group: read the report and close.
    ReportedForGroup = "exchange.reported_group" "互访总结" {
        "请办结人才互访",
        "下面这次人才互访的总结已提交，请看后办结。",
        "查看并办结"
    }
    /// To both units: it is closed.
    Closed = "exchange.closed" "互访办结" {
        "人才互访已办结",
        "下面这次人才互访已办结，感谢双方。条件、总结和函件可以随时查看。",
        "查看互访"
    }
}
