//! Sentences of `people`.

use super::{Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
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
