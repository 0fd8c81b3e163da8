//! The requester confirms the conclusion and rates, or asks once more.

use entity::{
    consultation,
    ids::{ConsultationId, PersonId},
};
use sea_orm::ActiveValue::Set;

use super::{
    events::{self, note},
    mails,
    rules::{self, MOST_QUESTIONS, Step},
    store,
};
use crate::{
    foundation::{
        context::Context,
        error::{Error, FieldErrors, Refusal, Result},
        ui::Fields,
    },
    panels,
};

/// Confirms with a rating of 1 to 5: the matter is closed, the experts have served.
pub(super) async fn confirm(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    fields: &Fields,
) -> Result<()> {
    let mut errors = FieldErrors::default();
    let rating = fields.number("rating", 1, 5, &mut errors);
    if rating.is_none() && errors.is_empty() {
        errors.add("rating", Refusal::new("consultations.rating"));
    }
    let text = fields.optional("rating_note", 500, &mut errors);
    let (rating, text) = errors.into_result((rating, text))?;
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let state = rules::next(row.state, Step::Confirm)?;
    let mut next: consultation::ActiveModel = row.into();
    next.state = Set(state);
    next.rating = Set(rating);
    next.rating_note = Set(text);
    next.closed_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    let row = store::update(&tx, next).await?;
    if let Some(panel) = row.panel_id {
        let members = panels::members(tx.db(), panel).await?;
        panels::close(&tx, panel).await?;
        for member in &members {
            mails::to_expert(&tx, &row, member, &mails::ToExpert::Closed).await?;
        }
    }
    note(
        &tx,
        &row,
        Some(by),
        events::CONFIRMED,
        &format!("评 {} 分", rating.unwrap_or(0)),
    )
    .await?;
    tx.commit().await
}

/// Asks once more: the panel sees the question on its work page.
pub(super) async fn ask_again(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    question: &str,
) -> Result<()> {
    let question = question.trim();
    if question.is_empty() {
        return Err(Refusal::new("consultations.text_needed").into());
    }
    if question.chars().count() > 2_000 {
        return Err(Refusal::new("form.too_long").with("max", 2_000).into());
    }
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let state = rules::next(row.state, Step::AskAgain)?;
    if row.questions >= MOST_QUESTIONS {
        return Err(Refusal::new("consultations.questions")
            .with("most", MOST_QUESTIONS)
            .into());
    }
    let panel = row
        .panel_id
        .ok_or_else(|| Error::internal("a concluded consultation has a panel"))?;
    let asked = row.questions + 1;
    let mut next: consultation::ActiveModel = row.into();
    next.state = Set(state);
    next.questions = Set(asked);
    next.question_text = Set(question.to_owned());
    next.updated_at = Set(tx.now());
    let row = store::update(&tx, next).await?;
    for member in panels::members(tx.db(), panel).await? {
        mails::to_expert(&tx, &row, &member, &mails::ToExpert::AskedAgain).await?;
    }
    note(&tx, &row, Some(by), events::ASKED, question).await?;
    tx.commit().await
}
