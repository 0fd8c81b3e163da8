//! Whether the pool can fill the places of a study at all, by kind and by unit; if not, which rule
//! stands in the way, whom it concerns, and the smallest number that would do.

use std::collections::BTreeMap;

use entity::{expert::ExpertKind, ids::UnitId};

use crate::foundation::{error::Refusal, texts::Label};

/// What a panel is to be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Composition {
    /// Places.
    pub demand: i32,
    /// At least so many 技术.
    pub min_technical: i32,
    /// At least so many 标准化.
    pub min_standardization: i32,
    /// Most experts of one unit.
    pub max_per_unit: i32,
}

/// Somebody who is suitable and may serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Name, for the refusal.
    pub name: String,
    /// 技术 or 标准化.
    pub kind: ExpertKind,
    /// The unit; none for a guest from outside, who shares it with nobody.
    pub unit: Option<UnitId>,
}

/// Whether `candidates` can fill the places. Units do not hinder each other and within one unit only
/// its limit counts, so three sums decide it: of one kind, of the other, of both.
///
/// # Errors
/// By field: `studies.few_of_kind` and `studies.few_units`, with the names and the number that would
/// do.
pub fn composition(
    asked: &Composition,
    candidates: &[Candidate],
) -> Result<(), (&'static str, Refusal)> {
    for (kind, wanted, field) in [
        (ExpertKind::Technical, asked.min_technical, "min_technical"),
        (
            ExpertKind::Standardization,
            asked.min_standardization,
            "min_standardization",
        ),
    ] {
        let of_kind: Vec<_> = candidates.iter().filter(|one| one.kind == kind).collect();
        let possible = within_units(&of_kind, asked.max_per_unit);
        if possible < wanted {
            return Err((
                field,
                Refusal::new("studies.few_of_kind")
                    .with("kind", kind.zh())
                    .with("wanted", wanted)
                    .with("possible", possible)
                    .with("names", names(&of_kind)),
            ));
        }
    }
    let all: Vec<_> = candidates.iter().collect();
    let possible = within_units(&all, asked.max_per_unit);
    if possible < asked.demand {
        return Err((
            "demand",
            Refusal::new("studies.few_units")
                .with("wanted", asked.demand)
                .with("possible", possible)
                .with("per_unit", asked.max_per_unit)
                .with("names", names(&all)),
        ));
    }
    Ok(())
}

/// The most who can serve together with at most `most` of one unit.
fn within_units(candidates: &[&Candidate], most: i32) -> i32 {
    let mut units: BTreeMap<UnitId, i32> = BTreeMap::new();
    let mut free = 0;
    for one in candidates {
        match one.unit {
            Some(unit) => *units.entry(unit).or_default() += 1,
            None => free += 1,
        }
    }
    free + units.values().map(|count| (*count).min(most)).sum::<i32>()
}

/// Up to eight names, then how many there are.
fn names(candidates: &[&Candidate]) -> String {
    const MOST: usize = 8;
    if candidates.is_empty() {
        return "没有人".to_owned();
    }
    let shown: Vec<_> = candidates
        .iter()
        .take(MOST)
        .map(|one| one.name.as_str())
        .collect();
    let mut said = shown.join("、");
    if candidates.len() > MOST {
        said.push_str(&format!("等 {} 人", candidates.len()));
    }
    said
}
