//! The committee accepts what was filed for a milestone, or wants it changed. With the report accepted
//! the study is closed and its experts have served.

use entity::{
    ids::StudyId,
    study,
    study_milestone::{self, MilestoneKind},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    events::note,
    mails, report,
    rules::{self, Step},
    store,
};
use crate::{
    accounts::{Action, Actor, Owner},
    foundation::{context::Context, error::Result, store::WriteTx, texts::Label},
    panels,
};

/// Accepts what was filed last; `text` is what the review found. Members are told, and what comes next.
///
/// # Errors
/// `studies.not_now` where nothing waits; `studies.closed`.
pub(super) async fn accept(ctx: &Context, actor: &Actor, id: StudyId, text: &str) -> Result<()> {
    let (tx, row) = locked(ctx, actor, id).await?;
    rules::next(row.state, Step::Accept)?;
    let milestone = report::current(&tx, id).await?;
    study_milestone::Entity::update(study_milestone::ActiveModel {
        id: Set(milestone.id),
        done_at: Set(Some(tx.now())),
        ..Default::default()
    })
    .exec(tx.db())
    .await?;
    if milestone.kind == MilestoneKind::Report {
        return close(tx, actor, row, text).await;
    }
    let state = rules::next(row.state, Step::Accept)?;
    let row = set_state(&tx, &row, state).await?;
    let said = said(milestone.kind, text);
    let event = note(&tx, &row, Some(actor.person), "studies.accepted", &said).await?;
    let next = report::current(&tx, id).await?;
    let mail = mails::Accepted::draft(&row, milestone.kind, &next, text);
    mails::to_members(&tx, &row, event.0, 1, |member| mail.to(member)).await?;
    tx.commit().await
}

/// Sends what was filed last back to the experts, with what is to be changed.
///
/// # Errors
/// As [`accept`].
pub(super) async fn give_back(ctx: &Context, actor: &Actor, id: StudyId, text: &str) -> Result<()> {
    let (tx, row) = locked(ctx, actor, id).await?;
    let state = rules::next(row.state, Step::Return)?;
    let row = set_state(&tx, &row, state).await?;
    let kind = report::current(&tx, id).await?.kind;
    let said = said(kind, text);
    let event = note(&tx, &row, Some(actor.person), "studies.returned", &said).await?;
    let mail = mails::GivenBack::draft(&row, kind, text);
    mails::to_members(&tx, &row, event.0, 1, |member| mail.to(member)).await?;
    tx.commit().await
}

async fn close(tx: WriteTx, actor: &Actor, row: study::Model, text: &str) -> Result<()> {
    let state = rules::next(row.state, Step::Close)?;
    let row = store::update(
        &tx,
        study::ActiveModel {
            id: Set(row.id),
            state: Set(state),
            conclusion: Set(text.to_owned()),
            closed_at: Set(Some(tx.now())),
            ..Default::default()
        },
    )
    .await?;
    let event = note(&tx, &row, Some(actor.person), "studies.ended", text).await?;
    // Their links end with the panel: who is thanked is read before.
    let mail = mails::Thanks::of(&row);
    mails::to_members(&tx, &row, event.0, 1, |_| mail.clone()).await?;
    if let Some(panel) = row.panel_id {
        panels::close(&tx, panel).await?;
    }
    tx.commit().await
}

async fn locked(ctx: &Context, actor: &Actor, id: StudyId) -> Result<(WriteTx, study::Model)> {
    let known = store::get(ctx.store.read(), id).await?;
    actor.require(Action::RunCommittee, &Owner::committee(known.committee_id))?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    Ok((tx, row))
}

async fn set_state(
    tx: &WriteTx,
    row: &study::Model,
    state: study::StudyState,
) -> Result<study::Model> {
    store::update(
        tx,
        study::ActiveModel {
            id: Set(row.id),
            state: Set(state),
            ..Default::default()
        },
    )
    .await
}

/// 研究方案：请补充方法
fn said(kind: MilestoneKind, text: &str) -> String {
    if text.is_empty() {
        kind.zh().to_owned()
    } else {
        format!("{}：{text}", kind.zh())
    }
}
