//! The 组长 files the common conclusion; for a review it has to be carried by the votes.

use entity::{consultation, ids::ConsultationId, opinion::Verdict};
use sea_orm::{ActiveEnum, ActiveValue::Set};

use super::{
    events::{self, note},
    mails,
    opinion::{count, opinions},
    rules::{self, Step},
    store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Refusal, Result},
        texts::Label,
    },
    panels::{self, Member},
};

/// Files the conclusion of the panel. A consultation by one expert alone has that expert as head.
pub(super) async fn conclude(
    ctx: &Context,
    id: ConsultationId,
    member: &Member,
    verdict: Option<Verdict>,
    text: &str,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let state = rules::next(row.state, Step::Conclude)?;
    let members = panels::members(tx.db(), member.assignment.panel_id).await?;
    if !(member.assignment.head || members.len() == 1) {
        return Err(Refusal::new("consultations.not_head").into());
    }
    let all = opinions(tx.db(), id).await?;
    if all.is_empty() {
        return Err(Refusal::new("consultations.opinions_missing").into());
    }
    let verdict = verdict.filter(|_| rules::is_review(row.purpose));
    let mut counted = String::new();
    if rules::is_review(row.purpose) {
        let verdict = verdict.ok_or_else(|| Refusal::new("consultations.verdict_needed"))?;
        let count = count(&row, &all, &members);
        count.carries(verdict, ctx.config.panels.review_share)?;
        counted = format!(
            "{}（同意 {}，修改后同意 {}，不同意 {}，未提交 {}）",
            verdict.zh(),
            count.agree,
            count.after_changes,
            count.disagree,
            count.missing
        );
    }
    let mut next: consultation::ActiveModel = row.into();
    next.state = Set(state);
    next.conclusion = Set(text.to_owned());
    next.conclusion_verdict = Set(verdict.map(|verdict| verdict.to_value()));
    next.conclusion_by = Set(Some(member.expert.person.id));
    next.concluded_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    let row = store::update(&tx, next).await?;
    note(
        &tx,
        &row,
        Some(member.expert.person.id),
        events::CONCLUDED,
        &counted,
    )
    .await?;
    mails::to_unit(&tx, &row, &mails::ToUnit::Concluded).await?;
    tx.commit().await
}
