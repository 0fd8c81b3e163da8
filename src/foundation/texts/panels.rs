//! Sentences of `panels`.

use super::{Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[
    say(
        "panels.no_places",
        "专家组至少要 1 人。您填了 {demand} 人。",
        "A panel needs at least one expert. You gave {demand}.",
    ),
    say(
        "panels.negative",
        "人数要求不能为负，每个单位至少允许 1 人。",
        "Numbers cannot be negative, and at least one expert a unit is allowed.",
    ),
    say(
        "panels.composition",
        "至少 {technical} 名技术类加 {standardization} 名标准化类，已超过总人数 {demand} 人。",
        "At least {technical} technical and {standardization} standardization experts are more than {demand} places.",
    ),
];
