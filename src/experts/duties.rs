//! What becomes of an expert's duties when the engagement pauses or ends: done by the body above that
//! gave them, in the same write.

use std::sync::Arc;

use entity::{expert, ids::ExpertId};

use crate::foundation::{
    context::{Boxed, Context},
    error::Result,
    store::WriteTx,
};

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
    /// the same order as where experts are asked, so that two writes do not wait for each other.
    fn hold<'a>(&'a self, tx: &'a WriteTx, expert: ExpertId) -> Boxed<'a, Result<()>>;

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
    /// [`DutyBook::hold`] of the registered body.
    pub(super) async fn hold(&self, tx: &WriteTx, expert: ExpertId) -> Result<()> {
        match &self.0 {
            Some(book) => book.hold(tx, expert).await,
            None => Ok(()),
        }
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
