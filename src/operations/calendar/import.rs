//! Taking in the days of another year.

use entity::ids::PersonId;
use serde_json::json;

use super::reading::whole_years;
use crate::{
    accounts::audit,
    foundation::{
        calendar::{self, SpecialDay},
        context::Context,
        error::Result,
    },
    panels::{self, Recomputed},
};

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Days taken in.
    pub days: usize,
    /// What became of provisional cut-offs.
    pub cutoffs: Recomputed,
}

/// Takes the days in and reckons provisional dates anew, in one write; whoever waits under a date that
/// moved is told. With `dry_run` nothing stays, and the outcome is the same.
///
/// # Errors
/// Refusals `calendar.nothing`, `calendar.year_incomplete`.
pub async fn import(
    ctx: &Context,
    by: Option<PersonId>,
    days: &[SpecialDay],
    dry_run: bool,
) -> Result<Outcome> {
    whole_years(days, &ctx.calendar())?;
    let tx = ctx.store.begin().await?;
    calendar::import_days(&tx, days).await?;
    let fresh = calendar::kept(tx.db()).await?;
    let outcome = Outcome {
        days: days.len(),
        cutoffs: panels::recompute_cutoffs(&tx, ctx, &fresh).await?,
    };
    audit::record(
        &tx,
        audit::Entry {
            actor: by,
            action: "operations.calendar_imported",
            subject_kind: "calendar",
            subject_id: None,
            details: json!({
                "days": outcome.days,
                "until": fresh.coverage_until(),
                "moved": outcome.cutoffs.moved,
            }),
        },
    )
    .await?;
    if dry_run {
        tx.rollback().await?;
    } else {
        tx.commit().await?;
        ctx.follow_calendar().await?;
    }
    Ok(outcome)
}
