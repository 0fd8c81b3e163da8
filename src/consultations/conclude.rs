//! The 组长 files the common conclusion; for a review it has to be carried by the votes.

use entity::{consultation, opinion::Verdict};
use sea_orm::{ActiveEnum, ActiveValue::Set};

use super::{
    events::{self, note},
    mails,
    opinion::at_work,
    progress::Progress,
    rules::{self, Step},
    store,
};
use crate::foundation::{
    context::Context,
    error::{Error, FieldErrors, Refusal, Result},
    links::Token,
    texts::Label,
};

/// Files the conclusion of the panel, by the link of its 组长. A consultation by one expert alone has
/// that expert as head. A later conclusion, in answer to a question, replaces the former one, which
/// stays in the history.
///
/// # Errors
/// Refusals: not now, not the 组长, no opinions yet, a verdict that the votes do not carry.
pub async fn conclude(
    ctx: &Context,
    token: &Token,
    verdict: Option<Verdict>,
    text: &str,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let (row, work) = at_work(ctx, &tx, token).await?;
    let state = rules::next(row.state, Step::Conclude)?;
    rules::may_conclude(work.panel.meeting_from, tx.now())?;
    let progress = Progress::of(tx.db(), ctx, &row).await?;
    if !progress.leads(&row, &work.member) {
        return Err(Refusal::new("consultations.not_head").into());
    }
    if progress.opinions.is_empty() {
        return Err(Refusal::new("consultations.opinions_missing").into());
    }
    let verdict = verdict.filter(|_| rules::is_review(row.purpose));
    let mut noted = String::new();
    if rules::is_review(row.purpose) {
        let at_verdict = |refusal| Error::Invalid(FieldErrors::at("conclusion_verdict", refusal));
        let verdict = verdict.ok_or_else(|| Refusal::new("consultations.verdict_needed"));
        let verdict = verdict.map_err(at_verdict)?;
        progress
            .count
            .carries(verdict, ctx.config.panels.review_share)
            .map_err(at_verdict)?;
        noted = format!("{}（{}）", verdict.zh(), progress.count.words());
    }
    let person = work.member.expert.person.id;
    let mut next: consultation::ActiveModel = row.into();
    next.state = Set(state);
    next.conclusion = Set(text.to_owned());
    next.conclusion_verdict = Set(verdict.map(|verdict| verdict.to_value()));
    next.conclusion_by = Set(Some(person));
    next.concluded_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    let row = store::update(&tx, next).await?;
    let noted = format!("{noted}\n{text}");
    let event = note(&tx, &row, Some(person), events::CONCLUDED, noted.trim()).await?;
    mails::to_unit(&tx, &row, event, &mails::Concluded::of(&row)).await?;
    tx.commit().await
}
