//! Opening a panel.

use entity::{
    ids::PanelId,
    panel::{self, PanelState},
    panel_recusal::RecusalRule,
};
use sea_orm::ActiveValue::Set;

use super::{
    facts::{NewPanel, NewRecusal, PanelFacts},
    promise, store,
};
use crate::foundation::{
    error::{Refusal, Result},
    store::WriteTx,
};

/// Opens a panel in the owner's write, with its promise for a draw. The asking unit is recused by
/// itself.
///
/// # Errors
/// A refusal when the number of places and the composition do not fit together.
pub async fn open(tx: &WriteTx, new: &NewPanel) -> Result<PanelId> {
    check(&new.facts)?;
    let id: PanelId = tx.id();
    let mut row = panel::ActiveModel {
        id: Set(id),
        owner_kind: Set(new.owner_kind.to_owned()),
        owner_id: Set(new.owner_id),
        number: Set(new.number.clone()),
        state: Set(PanelState::Open),
        calendar_sequence: Set(0),
        created_at: Set(tx.now()),
        standing_at: Set(None),
        closed_at: Set(None),
        ..Default::default()
    };
    new.facts.clone().set(&mut row);
    store::insert_panel(tx, row).await?;
    store::insert_recusals(tx, id, &with_asking_unit(&new.facts, &new.recusals)).await?;
    store::insert_wishes(tx, id, &new.wishes).await?;
    promise::make(tx, id).await?;
    Ok(id)
}

/// Whether places and composition fit together.
///
/// # Errors
/// A refusal that names the numbers.
pub(super) fn check(facts: &PanelFacts) -> Result<(), Refusal> {
    if facts.demand < 1 {
        return Err(Refusal::new("panels.no_places").with("demand", facts.demand));
    }
    if facts.max_per_unit < 1 || facts.min_technical < 0 || facts.min_standardization < 0 {
        return Err(Refusal::new("panels.negative"));
    }
    if facts.min_technical + facts.min_standardization > facts.demand {
        return Err(Refusal::new("panels.composition")
            .with("technical", facts.min_technical)
            .with("standardization", facts.min_standardization)
            .with("demand", facts.demand));
    }
    Ok(())
}

/// The owner's recusals, and the asking unit's unless it is already there.
pub(super) fn with_asking_unit(facts: &PanelFacts, given: &[NewRecusal]) -> Vec<NewRecusal> {
    let mut all = given.to_vec();
    let known = all
        .iter()
        .any(|one| one.rule == RecusalRule::AskingUnit && one.unit == facts.asking_unit);
    if let (Some(unit), false) = (facts.asking_unit, known) {
        all.insert(
            0,
            NewRecusal {
                rule: RecusalRule::AskingUnit,
                unit: Some(unit),
                expert: None,
                name: facts.asking_name.clone(),
                note: String::new(),
            },
        );
    }
    all
}
