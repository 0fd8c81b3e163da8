//! The demonstration's first panels are matched, approved and asked, and the first one stands: there is a
//! 专家名单 to print, a record of the selection, and an answer to wait for.

use entity::{
    ids::{ConsultationId, PanelId},
    invitation::{self, Answer, Channel},
    matching_run::RunMode,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    accounts::Actor,
    foundation::{
        context::Context,
        error::{Error, Result},
    },
    panels::{
        self, Owners,
        answer::{Given, How},
        matching::{approve, hand_in, run_match},
    },
};

/// So many panels are asked for; the others wait for the visitor's match.
const ASKED: usize = 2;

/// Matches, hands in, approves; everybody asked for the first panel accepts, and its best-ranked leads it.
pub(super) async fn fill(
    ctx: &Context,
    owners: &Owners,
    handler: &Actor,
    approver: &Actor,
    waiting: &[PanelId],
) -> Result<()> {
    let asked = waiting.get(..ASKED).unwrap_or(waiting);
    let Some(first) = asked.first() else {
        return Ok(());
    };
    let run = run_match(ctx, handler, asked, RunMode::Best).await?;
    hand_in(ctx, handler, run, "人选均衡，请审批").await?;
    approve(ctx, approver, run, "同意", "").await?;
    accept(ctx, owners, handler, *first).await?;
    lead(ctx, owners, *first).await
}

async fn accept(ctx: &Context, owners: &Owners, handler: &Actor, panel: PanelId) -> Result<()> {
    let questions = invitation::Entity::find()
        .filter(invitation::Column::PanelId.eq(panel))
        .order_by_asc(invitation::Column::Id)
        .all(ctx.store.read())
        .await?;
    let given = Given {
        answer: Answer::Accept,
        clear: true,
        pledged: true,
        reason: None,
        note: String::new(),
        suggestion: String::new(),
    };
    let how = How::Recorded {
        by: handler.person,
        channel: Channel::Phone,
        note: "来电答复（示例）".to_owned(),
    };
    for question in questions {
        panels::answer::answer(ctx, owners, question.id, &given, &how).await?;
    }
    Ok(())
}

async fn lead(ctx: &Context, owners: &Owners, panel: PanelId) -> Result<()> {
    let members = panels::members(ctx.store.read(), panel).await?;
    if members.len() < 2 {
        return Ok(());
    }
    let head = members[0].assignment.clone();
    let tx = ctx.store.begin().await?;
    panels::ask_head(&tx, ctx, head.id).await?;
    tx.commit().await?;
    panels::answer_head(ctx, owners, head.id, head.work_generation, true).await
}

/// The panels of requests that were taken in, in this order.
pub(super) async fn panels_of(ctx: &Context, requests: &[ConsultationId]) -> Result<Vec<PanelId>> {
    let mut found = Vec::with_capacity(requests.len());
    for id in requests {
        let row = entity::consultation::Entity::find_by_id(*id)
            .one(ctx.store.read())
            .await?
            .ok_or(Error::NotFound)?;
        found.extend(row.panel_id);
    }
    Ok(found)
}
