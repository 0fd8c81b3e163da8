//! Every hard rule again, under lock, at the moment in which an expert is asked.

use std::collections::HashMap;

use entity::{
    ids::{ExpertId, PanelId},
    panel,
};
use sea_orm::ConnectionTrait;

use super::{
    problem::unit_key,
    rules::{self, Bar},
    snapshot::{self, ExpertFacts, PanelView, Snapshot},
    words,
};
use crate::{
    experts,
    foundation::{
        context::Context,
        error::{Refusal, Result},
        store::WriteTx,
    },
    panels::store::HOLDING,
};

/// Whether `expert` may still be asked for a place of `panel`: under the lock of the expert's row, so
/// that two panels do not both take the last room. The caller holds the panel's lock and has made
/// sure that a place is free.
///
/// # Errors
/// When the database fails; the inner result says which rule forbids it.
pub async fn recheck(
    tx: &WriteTx,
    ctx: &Context,
    panel: &panel::Model,
    expert: ExpertId,
) -> Result<Result<(), Refusal>> {
    check(tx, ctx, panel, expert, |_| {}).await
}

/// [`recheck`] for an expert who is asked once more: a former answer to this panel is no obstacle.
///
/// # Errors
/// As [`recheck`].
pub async fn recheck_again(
    tx: &WriteTx,
    ctx: &Context,
    panel: &panel::Model,
    expert: ExpertId,
) -> Result<Result<(), Refusal>> {
    let forget = |view: &mut PanelView| {
        view.assignments
            .retain(|row| row.expert_id != expert || HOLDING.contains(&row.state));
    };
    check(tx, ctx, panel, expert, forget).await
}

async fn check(
    tx: &WriteTx,
    ctx: &Context,
    panel: &panel::Model,
    expert: ExpertId,
    adapt: impl FnMut(&mut PanelView),
) -> Result<Result<(), Refusal>> {
    experts::lock(tx, &[expert]).await?;
    let mut needed = vec![expert];
    let standing = crate::panels::store::assignments(tx.db(), &[panel.id]).await?;
    needed.extend(standing.iter().map(|row| row.expert_id));
    let mut snapshot = snapshot::read_some(tx.db(), ctx, &[panel.id], &needed).await?;
    snapshot.panels.iter_mut().for_each(adapt);
    let (Some(view), Some(at)) = (snapshot.panels.first(), snapshot.position(expert)) else {
        return Ok(Err(Refusal::new("panels.not_there")));
    };
    let facts = &snapshot.experts[at];
    Ok(
        obstacle(&snapshot, view, facts, 0).map_or(Ok(()), |obstacle| {
            Err(Refusal::new("panels.may_not_serve")
                .with("name", &facts.expert.person.name)
                .with("why", obstacle.words(ctx)))
        }),
    )
}

/// Which of these experts have to be recused from the panel as its row is now, each with the rule in
/// words.
///
/// # Errors
/// When the database fails.
pub async fn recused<C: ConnectionTrait>(
    db: &C,
    ctx: &Context,
    panel: PanelId,
    experts: &[ExpertId],
) -> Result<HashMap<ExpertId, String>> {
    let snapshot = snapshot::read_some(db, ctx, &[panel], experts).await?;
    let Some(view) = snapshot.panels.first() else {
        return Ok(HashMap::new());
    };
    Ok(snapshot
        .experts
        .iter()
        .filter_map(|facts| match rules::bar(view, facts, snapshot.today)? {
            bar @ Bar::Recused { .. } => {
                Some((facts.expert.id, words::bar(&bar, ctx.zone()).sentence()))
            }
            _ => None,
        })
        .collect())
}

/// What stands in the way of asking an expert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// A hard rule.
    Bar(Bar),
    /// The unit has all the places that it may have.
    UnitFull,
    /// The places left are kept for the other kind.
    OtherKind,
}

impl Obstacle {
    /// In words.
    pub(super) fn words(&self, ctx: &Context) -> String {
        match self {
            Self::Bar(bar) => words::bar(bar, ctx.zone()).sentence(),
            Self::UnitFull => "同单位已有专家在本组".to_owned(),
            Self::OtherKind => "空席须留给另一类专家".to_owned(),
        }
    }
}

/// What stands in the way of asking `expert` for `panel`, when `more` of the expert's room is already
/// promised in the same write.
pub(super) fn obstacle(
    snapshot: &Snapshot,
    panel: &PanelView,
    expert: &ExpertFacts,
    more: i32,
) -> Option<Obstacle> {
    if let Some(bar) = rules::bar(panel, expert, snapshot.today) {
        return Some(Obstacle::Bar(bar));
    }
    match rules::room(expert) {
        Err(bar) => return Some(Obstacle::Bar(bar)),
        Ok(room) if room <= more => {
            return Some(Obstacle::Bar(Bar::Full {
                open: expert.load.open + more,
                max: expert.expert.max_open,
            }));
        }
        Ok(_) => {}
    }
    let unit = unit_key(expert);
    let holding = panel
        .standing()
        .filter(|row| row.expert_id != expert.expert.id)
        .filter_map(|row| snapshot.position(row.expert_id))
        .map(|at| &snapshot.experts[at]);
    let colleagues = holding.clone().filter(|other| unit_key(other) == unit);
    if colleagues.count() >= usize::try_from(panel.facts.max_per_unit).unwrap_or(0) {
        return Some(Obstacle::UnitFull);
    }
    let kinds = holding.map(|other| other.expert.kind);
    (!rules::kind_fits(&panel.facts, kinds, expert.expert.kind)).then_some(Obstacle::OtherKind)
}

/// The experts who stand on panels or are chosen for them, without doubles, in order.
pub(super) fn involved(panels: &[PanelView], chosen: &[(PanelId, ExpertId)]) -> Vec<ExpertId> {
    let standing = panels.iter().flat_map(PanelView::standing);
    let mut all: Vec<ExpertId> = standing
        .map(|row| row.expert_id)
        .chain(chosen.iter().map(|(_, expert)| *expert))
        .collect();
    all.sort();
    all.dedup();
    all
}
