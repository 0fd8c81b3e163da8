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
        error::{Error, Refusal, Result},
    },
    panels,
};

/// Confirms with a rating of 1 to 5: the matter is closed, the experts have served.
///
/// # Errors
/// A refusal when there is no conclusion to confirm.
pub async fn confirm(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    rating: i32,
    text: &str,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let row = store::lock(&tx, id).await?;
    let state = rules::next(row.state, Step::Confirm)?;
    let mut next: consultation::ActiveModel = row.into();
    next.state = Set(state);
    next.rating = Set(Some(rating));
    next.rating_note = Set(text.to_owned());
    next.closed_at = Set(Some(tx.now()));
    next.updated_at = Set(tx.now());
    let row = store::update(&tx, next).await?;
    let noted = format!("评 {rating} 分");
    let event = note(&tx, &row, Some(by), events::CONFIRMED, &noted).await?;
    if let Some(panel) = row.panel_id {
        let members = panels::members(tx.db(), panel).await?;
        panels::close(&tx, panel).await?;
        for member in &members {
            let mail = mails::Thanks::of(&row, member);
            mails::to_expert(&tx, &row, event.0, 1, member, &mail).await?;
        }
    }
    mails::to_unit(&tx, &row, event, &mails::Closed::of(&row)).await?;
    tx.commit().await
}

/// Asks once more: the panel sees the question on its work page.
pub(super) async fn ask_again(
    ctx: &Context,
    id: ConsultationId,
    by: PersonId,
    question: &str,
) -> Result<()> {
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
    let event = note(&tx, &row, Some(by), events::ASKED, question).await?;
    for member in panels::members(tx.db(), panel).await? {
        let mail = mails::AskedAgain::of(&row, &member);
        mails::to_expert(&tx, &row, event.0, 1, &member, &mail).await?;
    }
    tx.commit().await
}
