//! After a decline, a lapse or a release the next best is asked. Who accepted stays where they are.

use entity::{
    assignment,
    ids::{ExpertId, PanelId},
    panel::{self, PanelState},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use super::{
    board::Locked,
    choice::Chosen,
    invite,
    matching::{next_best, recheck},
    owners::{Owners, PanelEvent},
    race,
    rules::{self, Board},
    store, timing,
};
use crate::{
    accounts::{Action, Actor, audit, policy::Owner},
    foundation::{
        context::Context,
        error::{Error, Refusal, Result},
        store::WriteTx,
    },
};

/// How often another is looked for when the one found may not serve any more.
const LOOKS: usize = 5;

/// What became of a place that fell free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is to be asked for.
    Nothing,
    /// The next best was asked.
    Asked,
    /// Somebody has to approve the next best first.
    Waiting,
    /// Nobody is left, or nobody could answer in time: the owner was told.
    Short,
}

/// Fills the places of a panel that fell free, one after the other. Returns how many were asked.
///
/// # Errors
/// When the database or the engine fails.
pub async fn replace(ctx: &Context, owners: &Owners, panel: PanelId) -> Result<usize> {
    let mut asked = 0;
    while step(ctx, owners, panel).await? == Outcome::Asked {
        asked += 1;
    }
    Ok(asked)
}

/// [`replace`] for every panel with a place that fell free. A panel that fails does not hold up the
/// others; the first failure is returned in the end.
///
/// # Errors
/// When the database or the engine fails.
pub async fn replace_all(ctx: &Context, owners: &Owners) -> Result<usize> {
    let panels: Vec<PanelId> = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::PanelId)
        .distinct()
        .filter(assignment::Column::Refill.eq(true))
        .into_tuple()
        .all(ctx.store.read())
        .await?;
    let mut asked = 0;
    let mut failure = None;
    for panel in panels {
        match replace(ctx, owners, panel).await {
            Ok(count) => asked += count,
            Err(error) => {
                tracing::error!(%panel, %error, "a place could not be asked for again");
                failure.get_or_insert(error);
            }
        }
    }
    failure.map_or(Ok(asked), Err)
}

/// One place: the engine looks for the next best outside any write, and what it found is checked
/// again under the lock.
async fn step(ctx: &Context, owners: &Owners, panel: PanelId) -> Result<Outcome> {
    for _ in 0..LOOKS {
        let row = store::get(ctx.store.read(), panel).await?;
        if wanted(ctx, &row).await? == 0 {
            return Ok(Outcome::Nothing);
        }
        if ctx.config.panels.approve_replacements {
            return Ok(Outcome::Waiting);
        }
        let found = if timing::rounds_left(ctx, &row)? == 0 {
            None
        } else {
            next_best(ctx, &row).await?
        };
        let outcome = match found {
            Some(chosen) => ask(ctx, &row, chosen, None).await,
            None => give_up(ctx, owners, panel).await,
        };
        match outcome {
            Err(Error::Conflict(_)) => {}
            other => return other,
        }
    }
    Err(Error::internal(format!(
        "{LOOKS} experts found for panel {panel} could not be asked"
    )))
}

/// How many places of the panel are to be asked for again.
async fn wanted(ctx: &Context, row: &panel::Model) -> Result<usize> {
    if row.state != PanelState::Open {
        return Ok(0);
    }
    let assignments = store::assignments(ctx.store.read(), &[row.id]).await?;
    let board = Board::of(row.demand, &assignments);
    Ok(rules::to_refill(&board, &assignments))
}

/// Asks `chosen` if a place still fell free and the expert may still serve; a conflict otherwise.
async fn ask(
    ctx: &Context,
    row: &panel::Model,
    chosen: Chosen,
    by: Option<&Actor>,
) -> Result<Outcome> {
    let tx = ctx.store.begin().await?;
    let locked = Locked::take(&tx, row.id).await?;
    let due = rules::to_refill(&locked.board(), &locked.assignments) > 0;
    if !due && by.is_none() {
        return Ok(Outcome::Nothing);
    }
    recheck(&tx, ctx, &locked.panel, chosen.expert)
        .await?
        .map_err(Error::Conflict)?;
    let wave = race::next_wave(&locked);
    let expert = chosen.expert;
    invite::ask(&tx, ctx, &locked.panel, &[chosen], wave, false).await?;
    settle_one(&tx, row.id).await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: by.map(|actor| actor.person),
            action: "panels.replace",
            subject_kind: "panel",
            subject_id: Some(row.id.0),
            details: json!({ "expert": expert }),
        },
    )
    .await?;
    tx.commit().await?;
    Ok(Outcome::Asked)
}

/// One of the places that fell free is asked for again, in the caller's write.
pub(super) async fn settle_one(tx: &WriteTx, panel: PanelId) -> Result<()> {
    let mut locked = Locked::take(tx, panel).await?;
    let fallen = locked.assignments.iter().find(|row| row.refill).cloned();
    if let Some(row) = fallen {
        let settled = assignment::ActiveModel {
            refill: Set(false),
            ..row.into()
        };
        locked.set(tx, settled).await?;
    }
    Ok(())
}

/// Nobody is left: the owner hears of it once, and the place waits for a new match, a guest, or
/// fewer places.
async fn give_up(ctx: &Context, owners: &Owners, panel: PanelId) -> Result<Outcome> {
    let tx = ctx.store.begin().await?;
    let mut locked = Locked::take(&tx, panel).await?;
    if rules::to_refill(&locked.board(), &locked.assignments) == 0 {
        return Ok(Outcome::Nothing);
    }
    invite::forget_fallen(&tx, &mut locked).await?;
    owners
        .tell(&tx, ctx, &locked.panel, PanelEvent::Short)
        .await?;
    audit::record(
        &tx,
        audit::Entry {
            actor: None,
            action: "panels.short",
            subject_kind: "panel",
            subject_id: Some(panel.0),
            details: json!({}),
        },
    )
    .await?;
    tx.commit().await?;
    Ok(Outcome::Short)
}

/// The expert who would be asked next for an empty place of the panel, for the page and for
/// [`ask_next`]; none when no place is free or nobody is left.
///
/// # Errors
/// When the database or the engine fails.
pub async fn next(ctx: &Context, row: &panel::Model) -> Result<Option<Chosen>> {
    if row.state != PanelState::Open {
        return Ok(None);
    }
    let assignments = store::assignments(ctx.store.read(), &[row.id]).await?;
    if Board::of(row.demand, &assignments).free() == 0 {
        return Ok(None);
    }
    next_best(ctx, row).await
}

/// What asking somebody for an empty place takes: where replacements wait for approval, asking is the
/// approval.
pub(super) fn asking(ctx: &Context) -> Action {
    if ctx.config.panels.approve_replacements {
        Action::ApproveRun
    } else {
        Action::PrepareRun
    }
}

/// Asks the next best for an empty place, as the page showed them. Where replacements wait for
/// approval this is the approval.
///
/// # Errors
/// A conflict when somebody else is the next best by now.
pub async fn ask_next(
    ctx: &Context,
    actor: &Actor,
    panel: PanelId,
    expert: ExpertId,
) -> Result<()> {
    actor.require(asking(ctx), &Owner::ALLIANCE)?;
    let row = store::get(ctx.store.read(), panel).await?;
    let chosen = next(ctx, &row)
        .await?
        .filter(|chosen| chosen.expert == expert)
        .ok_or_else(|| Error::Conflict(Refusal::new("panels.next_changed")))?;
    ask(ctx, &row, chosen, Some(actor)).await?;
    Ok(())
}
