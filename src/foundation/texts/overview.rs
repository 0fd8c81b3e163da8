//! Sentences of the report on a period.

use super::{Sentence, say};

pub(super) const SENTENCES: &[Sentence] = &[say(
    "overview.period",
    "结束日期不能早于开始日期，一次最多统计 10 年。",
    "The last day is not before the first, and ten years at most.",
)];
