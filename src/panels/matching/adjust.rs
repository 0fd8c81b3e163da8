//! A hand on the matching: pin an expert to a panel, exclude one from it, or take that back. The
//! match is run again afterwards.

use entity::{
    ids::{ExpertId, PanelId},
    panel::PanelState,
    panel_adjustment::{self, AdjustmentKind},
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    recheck::{Obstacle, obstacle},
    rules, snapshot, store,
};
use crate::{
    accounts::{Action, Actor, Owner, audit},
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        store::WriteTx,
    },
    panels::store as panel_store,
};

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjustment {
    /// 锁定
    Pin,
    /// 排除
    Exclude,
    /// 解除: neither pinned nor excluded.
    Release,
}

/// Pins, excludes or releases an expert on a panel. What held for the two before is taken back.
///
/// # Errors
/// Refusals: an exclusion without a reason, a panel that no longer looks for experts, a pin against a
/// hard rule or beyond the places; [`Error::NotFound`] for an unknown panel or expert.
pub async fn adjust(
    ctx: &Context,
    actor: &Actor,
    panel: PanelId,
    expert: ExpertId,
    adjustment: Adjustment,
    reason: &str,
) -> Result<()> {
    actor.require(Action::PrepareRun, &Owner::ALLIANCE)?;
    if adjustment == Adjustment::Exclude && reason.is_empty() {
        return Err(Refusal::new("panels.why_exclude").into());
    }
    let tx = ctx.store.begin().await?;
    let row = panel_store::lock(&tx, panel).await?;
    if row.state != PanelState::Open {
        return Err(Refusal::new("panels.not_open")
            .with("number", row.number)
            .into());
    }
    store::revoke_adjustments(&tx, panel, expert).await?;
    let kind = match adjustment {
        Adjustment::Pin => {
            may_pin(&tx, ctx, panel, expert).await?;
            Some(AdjustmentKind::Pin)
        }
        Adjustment::Exclude => Some(AdjustmentKind::Exclude),
        Adjustment::Release => None,
    };
    if let Some(kind) = kind {
        let row = panel_adjustment::ActiveModel {
            id: Set(tx.id()),
            panel_id: Set(panel),
            expert_id: Set(expert),
            kind: Set(kind),
            reason: Set(reason.to_owned()),
            by_person: Set(actor.person),
            created_at: Set(tx.now()),
            revoked_at: Set(None),
        };
        store::insert_adjustment(&tx, row).await?;
    }
    audit::record(
        &tx,
        audit::Entry {
            actor: Some(actor.person),
            action: match adjustment {
                Adjustment::Pin => "panels.pin",
                Adjustment::Exclude => "panels.exclude",
                Adjustment::Release => "panels.release_adjustment",
            },
            subject_kind: "panel",
            subject_id: Some(panel.0),
            details: json!({ "expert": expert, "reason": reason }),
        },
    )
    .await?;
    tx.commit().await
}

/// A pin lifts no rule and takes no place that is not there.
async fn may_pin(tx: &WriteTx, ctx: &Context, panel: PanelId, expert: ExpertId) -> Result<()> {
    let asked = panel_store::assignments(tx.db(), &[panel]).await?;
    let pinned = store::adjustments(tx.db(), &[panel]).await?;
    let mut needed: Vec<ExpertId> = asked.iter().map(|row| row.expert_id).collect();
    needed.extend(pinned.iter().map(|row| row.expert_id));
    needed.push(expert);
    let snapshot = snapshot::read_some(tx.db(), ctx, &[panel], &needed).await?;
    let view = snapshot.panels.first().ok_or(Error::NotFound)?;
    let at = snapshot.position(expert).ok_or(Error::NotFound)?;
    let facts = &snapshot.experts[at];
    let name = &facts.expert.person.name;
    if view.standing().any(|row| row.expert_id == expert) {
        return Err(Refusal::new("panels.already_on").with("name", name).into());
    }
    if let Some(obstacle) = obstacle(&snapshot, view, facts, 0) {
        return Err(Refusal::new("panels.may_not_serve")
            .with("name", name)
            .with("why", obstacle.words(ctx))
            .into());
    }
    let pinned = view
        .adjustments
        .iter()
        .filter(|row| row.kind == AdjustmentKind::Pin);
    if pinned.clone().count() >= view.open_places() {
        return Err(Refusal::new("panels.no_place_to_pin")
            .with("places", view.open_places())
            .into());
    }
    let pinned = pinned.map(|row| row.expert_id);
    let holding = view.standing().map(|row| row.expert_id).chain(pinned);
    let kinds = holding
        .filter_map(|id| snapshot.position(id))
        .map(|at| snapshot.experts[at].expert.kind);
    if !rules::kind_fits(&view.facts, kinds, facts.expert.kind) {
        return Err(Refusal::new("panels.may_not_serve")
            .with("name", name)
            .with("why", Obstacle::OtherKind.words(ctx))
            .into());
    }
    Ok(())
}
