//! Sentences of `people`.

use super::{Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "people.email_of_other",
        "这个邮箱已登记给{name}。请核对姓名和邮箱；确是同一人，请按登记的姓名填写。",
        "This address is kept for {name}; please check name and address.",
    ),
    say(
        "people.mobile_of_other",
        "这个手机号已登记在另一个邮箱名下。确是同一人，请填原来的邮箱，或请秘书处先更正。",
        "This mobile number is kept with another address.",
    ),
    say(
        "people.email_kept",
        "这个邮箱已登记给{name}，请核对姓名和邮箱。",
        "This address is kept for {name}.",
    ),
    say(
        "people.mobile_kept",
        "这个手机号已登记给{name}，请核对姓名和手机号。",
        "This mobile number is kept for {name}.",
    ),
    say(
        "people.kept_for_near",
        "联系方式已登记给{name}，姓名相近但不相同，请核对是否写错了姓名。",
        "These contact data are kept for {name}; is the name misspelt?",
    ),
    say(
        "people.two_of_a_name",
        "邮箱和手机号分别登记给两位{name}，请核对。",
        "Address and number are kept for two people named {name}.",
    ),
    say(
        "people.taken",
        "这段时间已有安排：{from}至{to}，{label}。请换一个时间，或先取消原来的安排。",
        "Already taken from {from} to {to}: {label}.",
    ),
    say(
        "people.no_span",
        "结束时间要晚于开始时间。",
        "The end must lie after the beginning.",
    ),
];
