//! A unit approves the terms that wait.

use entity::{
    ids::{PersonId, VisitId},
    visit_terms,
};
use sea_orm::ActiveValue::Set;

use super::{
    agree::{agree, locked},
    matter,
    rules::{self, Side},
    store,
};
use crate::{
    exchange::events,
    foundation::{context::Context, error::Result},
};

/// Approves version `shown` of the terms for one side; the second approval lets them hold.
///
/// # Errors
/// As [`rules::may_approve`]; `exchange.abroad_number`; the conflict `people.taken`.
pub async fn approve(
    ctx: &Context,
    id: VisitId,
    side: Side,
    by: PersonId,
    shown: i32,
) -> Result<()> {
    let tx = ctx.store.begin().await?;
    let (visit, terms) = locked(&tx, id).await?;
    rules::may_approve(&terms, side, shown)?;
    let other = rules::approved(&terms, side.other());
    let mut next: visit_terms::ActiveModel = terms.into();
    approve_for(&mut next, side, by, tx.now());
    let terms = store::update_terms(&tx, next).await?;
    events::note(&tx, matter(id), Some(by), "exchange.approved", side.zh()).await?;
    if other {
        agree(ctx, &tx, visit, terms, by).await?;
    }
    tx.commit().await
}

/// Notes the approval of one side.
pub(super) fn approve_for(
    terms: &mut visit_terms::ActiveModel,
    side: Side,
    by: PersonId,
    at: chrono::DateTime<chrono::Utc>,
) {
    match side {
        Side::Sending => {
            terms.sending_by = Set(Some(by));
            terms.sending_at = Set(Some(at));
        }
        Side::Host => {
            terms.host_by = Set(Some(by));
            terms.host_at = Set(Some(at));
        }
    }
}
