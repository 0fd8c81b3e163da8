//! What becomes of an expert's duties when the engagement pauses or ends: done by the body above that
//! gave them, in the same write.

use std::sync::Arc;

use entity::{expert, ids::ExpertId};
use uuid::Uuid;

use super::store;
use crate::foundation::{
    context::{Boxed, Context},
    error::{Error, Result},
    store::WriteTx,
};

/// How often a write begins again that was overtaken by somebody who asked the expert.
const TRIES: usize = 10;

/// How an engagement stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It pauses.
    Suspended,
    /// It ends before its term.
    Ended,
    /// Its term is over. Work that has begun is finished.
    Expired,
}

/// The body that gives experts something to do. It implements this; `lib.rs` registers it.
pub trait DutyBook: Send + Sync {
    /// Locks whatever the expert serves on or was asked for, before the expert's own row is locked:
    /// the same order as where experts are asked, so that two writes do not wait for each other. Gives
    /// what was locked.
    fn hold<'a>(&'a self, tx: &'a WriteTx, expert: ExpertId) -> Boxed<'a, Result<Vec<Uuid>>>;

    /// What the expert serves on or was asked for now; locks nothing.
    fn open<'a>(&'a self, tx: &'a WriteTx, expert: ExpertId) -> Boxed<'a, Result<Vec<Uuid>>>;

    /// Releases the expert from everything that `stop` ends; whoever is concerned is told, with the
    /// reason.
    fn release<'a>(
        &'a self,
        tx: &'a WriteTx,
        ctx: &'a Context,
        expert: &'a expert::Model,
        stop: Stop,
        reason: &'a str,
    ) -> Boxed<'a, Result<()>>;
}

/// The body that `lib.rs` registered, if any.
#[derive(Clone, Default)]
pub struct Duties(pub Option<Arc<dyn DutyBook>>);

impl std::fmt::Debug for Duties {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Duties").field(&self.0.is_some()).finish()
    }
}

impl Duties {
    /// Begins a write with the expert's row locked, after everything that [`DutyBook::release`] will
    /// touch. Whoever asks experts holds what they are asked for and then their rows: so when the expert
    /// was asked for something more while this waited for the row, it lets go and begins again, for to
    /// lock that now would be the wrong order.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the database fails.
    pub(super) async fn lock(
        &self,
        ctx: &Context,
        expert: ExpertId,
    ) -> Result<(WriteTx, expert::Model)> {
        for _ in 0..TRIES {
            let tx = ctx.store.begin().await?;
            let Some(book) = &self.0 else {
                let row = store::lock(&tx, expert).await?;
                return Ok((tx, row));
            };
            let held = book.hold(&tx, expert).await?;
            let row = store::lock(&tx, expert).await?;
            let open = book.open(&tx, expert).await?;
            if open.iter().all(|one| held.contains(one)) {
                return Ok((tx, row));
            }
            tx.rollback().await?;
        }
        Err(Error::internal("an expert was asked without pause"))
    }

    /// [`DutyBook::release`] of the registered body.
    pub(super) async fn release(
        &self,
        tx: &WriteTx,
        ctx: &Context,
        expert: &expert::Model,
        stop: Stop,
        reason: &str,
    ) -> Result<()> {
        match &self.0 {
            Some(book) => book.release(tx, ctx, expert, stop, reason).await,
            None => Ok(()),
        }
    }
}
