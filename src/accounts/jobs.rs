//! What accounts do by the clock.

use std::sync::Arc;

use chrono::Duration;

use super::{audit, store};
use crate::foundation::{
    context::Boxed,
    context::Context,
    error::Result,
    schedule::{CatchUp, Job, Outcome, Rule, Slot},
};

/// The jobs of accounts.
pub fn jobs() -> Vec<Arc<dyn Job>> {
    vec![Arc::new(SealAudit), Arc::new(Tidy)]
}

/// Seals the audit trail.
struct SealAudit;

impl Job for SealAudit {
    fn rule(&self) -> Rule {
        Rule {
            name: "accounts.seal_audit",
            label: "封存操作记录",
            cron: "0 */10 * * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(1),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move { Ok(Outcome::handled(audit::seal(ctx).await?)) })
    }
}

/// Takes away ended sessions and old counts of tries.
struct Tidy;

impl Job for Tidy {
    fn rule(&self) -> Rule {
        Rule {
            name: "accounts.tidy",
            label: "清理过期登录",
            cron: "0 20 3 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(1),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let tx = ctx.store.begin().await?;
            let gone = store::tidy(&tx).await?;
            tx.commit().await?;
            Ok(Outcome::handled(
                usize::try_from(gone).unwrap_or(usize::MAX),
            ))
        })
    }
}
