//! Two runs side by side: who came, who went, and what it does to the relevance.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    ids::{ExpertId, PanelId, RunId},
    run_choice,
};

use super::{store, view::named, words::decimal};
use crate::{
    experts,
    foundation::{
        context::Context,
        error::{Error, Result},
        ui::Html,
    },
    panels::store as panel_store,
};

/// A comparison with the former run.
pub struct Comparison {
    /// Number of the newer run.
    pub number: String,
    /// Number of the former.
    pub former: String,
    /// Its id.
    pub former_id: RunId,
    /// What changed in all, in a sentence.
    pub lead: String,
    /// Panels of either run.
    pub panels: Vec<PanelDifference>,
}

/// What changed on one panel.
pub struct PanelDifference {
    /// Number of the matter.
    pub number: String,
    /// Title.
    pub title: String,
    /// Who came, with relevance.
    pub came: Vec<(Html, String)>,
    /// Who went, with relevance.
    pub went: Vec<(Html, String)>,
    /// How many stayed.
    pub stayed: usize,
    /// Difference of the relevance, with its sign.
    pub difference: String,
}

/// Compares a run with the one before it.
///
/// # Errors
/// [`Error::NotFound`] for an unknown run or one without a former.
pub async fn compare(ctx: &Context, id: RunId) -> Result<Comparison> {
    let db = ctx.store.read();
    let run = store::run(db, id).await?;
    let former = store::run(db, run.former_id.ok_or(Error::NotFound)?).await?;
    let now = chosen(store::choices(db, run.id).await?);
    let before = chosen(store::choices(db, former.id).await?);
    let panels: BTreeSet<PanelId> = now.keys().chain(before.keys()).copied().collect();
    let panels: Vec<PanelId> = panels.into_iter().collect();
    let none = BTreeMap::new();
    let mut experts: Vec<ExpertId> = now
        .values()
        .chain(before.values())
        .flat_map(BTreeMap::keys)
        .copied()
        .collect();
    experts.sort();
    experts.dedup();
    let names: HashMap<ExpertId, Html> = experts::by_ids(db, &experts)
        .await?
        .into_iter()
        .map(|one| (one.id, named(&one.person.name, one.person.sample)))
        .collect();
    let (mut came, mut went, mut total) = (0, 0, 0);
    let mut differences = Vec::new();
    for row in panel_store::by_ids(db, &panels).await? {
        let after = now.get(&row.id).unwrap_or(&none);
        let former = before.get(&row.id).unwrap_or(&none);
        let only = |here: &BTreeMap<ExpertId, i32>, there: &BTreeMap<ExpertId, i32>| {
            let alone = here.iter().filter(|(id, _)| !there.contains_key(id));
            alone
                .map(|(id, relevance)| {
                    let name = names.get(id).cloned().unwrap_or_default();
                    (name, decimal(i64::from(*relevance)))
                })
                .collect::<Vec<_>>()
        };
        let sum =
            |here: &BTreeMap<ExpertId, i32>| here.values().map(|one| i64::from(*one)).sum::<i64>();
        let difference: i64 = sum(after) - sum(former);
        let one = PanelDifference {
            number: row.number,
            title: row.title,
            came: only(after, former),
            went: only(former, after),
            stayed: after.keys().filter(|id| former.contains_key(id)).count(),
            difference: signed(difference),
        };
        came += one.came.len();
        went += one.went.len();
        total += difference;
        differences.push(one);
    }
    let lead = if came == 0 && went == 0 {
        "两次匹配的人选相同。".to_owned()
    } else {
        format!(
            "换上 {came} 人，换下 {went} 人，相关度之和{}。",
            signed(total)
        )
    };
    Ok(Comparison {
        number: run.number,
        former: former.number,
        former_id: former.id,
        lead,
        panels: differences,
    })
}

/// Experts with their relevance, by panel.
fn chosen(choices: Vec<run_choice::Model>) -> BTreeMap<PanelId, BTreeMap<ExpertId, i32>> {
    let mut panels: BTreeMap<PanelId, BTreeMap<ExpertId, i32>> = BTreeMap::new();
    for one in choices.into_iter().filter(|one| !one.reserve) {
        panels
            .entry(one.panel_id)
            .or_default()
            .insert(one.expert_id, one.relevance);
    }
    panels
}

/// A difference in millionths with its sign and three decimals.
fn signed(millionths: i64) -> String {
    match millionths {
        0 => "不变".to_owned(),
        more if more > 0 => format!("增加 {}", decimal(more)),
        less => format!("减少 {}", decimal(-less)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_carry_their_sign() {
        assert_eq!(signed(0), "不变");
        assert_eq!(signed(18_000), "增加 0.018");
        assert_eq!(signed(-18_000), "减少 0.018");
    }
}
