//! Why two units are brought together, and why a wish is left, in office words.

use super::{
    balance::Balance,
    facts::Facts,
    pair::{Proposal, Unmet},
};
use crate::foundation::ui::{dates, domain_labels};

/// Words shown of one kind.
const SHOWN: usize = 4;

/// Lines that explain a proposal: what both deal with, the days, who has given and received.
pub fn of(facts: &Facts, proposal: &Proposal, years: i32) -> Vec<String> {
    let scored = &proposal.scored;
    let mut lines = Vec::new();
    let mut same = Vec::new();
    let mut near = Vec::new();
    for code in &scored.matched_codes {
        let label = domain_labels(&[code.expert.to_string()]).concat();
        let list = if code.nearness >= 1.0 {
            &mut same
        } else {
            &mut near
        };
        if !list.contains(&label) {
            list.push(label);
        }
    }
    let mut note = |label: &str, words: &[String]| {
        if !words.is_empty() {
            let shown: Vec<_> = words.iter().take(SHOWN).cloned().collect();
            lines.push(format!("{label}：{}", shown.join("、")));
        }
    };
    note("领域相同", &same);
    note("领域相近", &near);
    note("关键词相合", &scored.matched_keywords);
    if scored.matched_keywords.is_empty() {
        note("都提到", &scored.matched_words);
    }
    let (from, to) = proposal.days;
    lines.push(format!("双方时间都合适，最早{}", dates::days(from, to)));
    let (wish, offer) = (&facts.wishes[proposal.wish], &facts.offers[proposal.offer]);
    lines.push(format!(
        "近{years}年{}派出 {} 次、接待 {} 次；{}派出 {} 次、接待 {} 次",
        facts.unit_name(wish.row.unit_id),
        balance(facts, wish.row.unit_id).received,
        balance(facts, wish.row.unit_id).given,
        facts.unit_name(offer.row.unit_id),
        balance(facts, offer.row.unit_id).received,
        balance(facts, offer.row.unit_id).given,
    ));
    lines
}

fn balance(facts: &Facts, unit: entity::ids::UnitId) -> Balance {
    facts.balances.get(&unit).copied().unwrap_or_default()
}

/// Why a wish is left, and what would help.
pub(super) fn unmet(reason: &Unmet) -> String {
    match reason {
        Unmet::NoOffers => "还没有其他单位提供名额。".to_owned(),
        Unmet::NoDomain => {
            "现有名额都不在这个领域。可请相关单位提供名额，或补充关键词。".to_owned()
        }
        Unmet::NoDays(count) => {
            format!(
                "领域相符的名额有 {count} 个，时间、人数不合或以前未达成。放宽日期或减少人数后可再配。"
            )
        }
        Unmet::Taken(count) => {
            format!("合适的名额有 {count} 个，都配给了更相符或接受互访较少的单位。有新名额时再配。")
        }
    }
}
