//! Questions whose cut-off has passed: the unanswered lapse, races are decided.

use entity::{
    assignment::{self, AssignmentState},
    ids::PanelId,
    invitation::{self, Channel},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};
use serde_json::json;

use super::{
    board::Locked,
    owners::Owners,
    part::{Parting, part},
    questions, race, rules,
};
use crate::{
    accounts::audit,
    foundation::{context::Context, error::Result, store::WriteTx},
};

/// Closes everything whose cut-off has passed. Returns how many places were decided. A panel that
/// fails does not hold up the others; the first failure is returned in the end.
///
/// # Errors
/// When the database fails.
pub async fn lapse(ctx: &Context, owners: &Owners) -> Result<usize> {
    let mut decided = 0;
    let mut failure = None;
    for panel in due(ctx).await? {
        match close_due(ctx, owners, panel).await {
            Ok(count) => decided += count,
            Err(error) => {
                tracing::error!(%panel, %error, "questions could not be closed");
                failure.get_or_insert(error);
            }
        }
    }
    failure.map_or(Ok(decided), Err)
}

/// Panels with a question past its cut-off whose place is still undecided.
async fn due(ctx: &Context) -> Result<Vec<PanelId>> {
    Ok(invitation::Entity::find()
        .select_only()
        .column(invitation::Column::PanelId)
        .distinct()
        .join(
            JoinType::InnerJoin,
            invitation::Entity::belongs_to(assignment::Entity)
                .from(invitation::Column::AssignmentId)
                .to(assignment::Column::Id)
                .into(),
        )
        .filter(invitation::Column::ClosedAt.is_null())
        .filter(invitation::Column::CutoffAt.lte(ctx.now()))
        .filter(assignment::Column::State.eq(AssignmentState::Invited))
        .into_tuple()
        .all(ctx.store.read())
        .await?)
}

async fn close_due(ctx: &Context, owners: &Owners, panel: PanelId) -> Result<usize> {
    let tx = ctx.store.begin().await?;
    let mut locked = Locked::take(&tx, panel).await?;
    let mut decided = 0;
    let mut raced = Vec::new();
    for row in locked.standing_at(AssignmentState::Invited) {
        let Some(question) = questions::standing(tx.db(), row.id).await? else {
            continue;
        };
        let asked = rules::Question::of(&row, &question, false, tx.now());
        if rules::lapsed(&asked) {
            lapse_one(&tx, &mut locked, &row, question, true).await?;
            decided += 1;
        } else if row.race && asked.late {
            raced.push((row, question));
        }
    }
    decided += raced.len();
    if !raced.is_empty() {
        race::decide(&tx, ctx, &mut locked, raced).await?;
    }
    if decided > 0 {
        locked.settle(&tx, ctx, owners).await?;
        audit::record(
            &tx,
            audit::Entry {
                actor: None,
                action: "panels.cutoff",
                subject_kind: "panel",
                subject_id: Some(panel.0),
                details: json!({ "decided": decided }),
            },
        )
        .await?;
    }
    tx.commit().await?;
    Ok(decided)
}

/// Ends a question without an answer.
pub(super) async fn lapse_one(
    tx: &WriteTx,
    locked: &mut Locked,
    row: &assignment::Model,
    question: invitation::Model,
    refill: bool,
) -> Result<()> {
    questions::set(
        tx,
        invitation::ActiveModel {
            channel: Set(Some(Channel::Schedule)),
            ..question.into()
        },
    )
    .await?;
    part(
        tx,
        locked,
        row.id,
        Parting {
            state: AssignmentState::Lapsed,
            ending: None,
            note: "逾期未答复",
            refill,
        },
    )
    .await
}
