//! Too many tries make an address wait. Nobody is locked out for good, and the table is no list of
//! who tried: it keeps digests.

use chrono::Duration;
use sha2::{Digest, Sha256};

use super::store;
use crate::foundation::{context::Context, error::Result, store::WriteTx};

/// The network address may stand for a whole office: it has so many times the tries.
const OFFICE: i32 = 10;

/// What is being tried, by whom.
#[derive(Clone, Debug)]
pub struct Tries {
    own: String,
    network: String,
    most: i32,
    wait: Duration,
}

impl Tries {
    /// Tries of a kind of act (`sign-in`, `reset`, …) on `target` from `network`.
    pub fn of(ctx: &Context, act: &str, target: &str, network: &str) -> Self {
        let accounts = &ctx.config.accounts;
        Self {
            own: subject(act, "mail", target),
            network: subject(act, "ip", network),
            most: accounts.sign_in_tries,
            wait: Duration::minutes(accounts.sign_in_wait_minutes),
        }
    }

    /// Minutes still to wait, if there were too many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn minutes_to_wait(&self, ctx: &Context) -> Result<Option<i64>> {
        let now = ctx.now();
        for (subject, most) in [(&self.own, self.most), (&self.network, self.most * OFFICE)] {
            if let Some(row) = store::tries(ctx.store.read(), subject).await?
                && row.tries >= most
                && row.since + self.wait > now
            {
                return Ok(Some((row.since + self.wait - now).num_minutes() + 1));
            }
        }
        Ok(None)
    }

    /// Counts one more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count(&self, tx: &WriteTx) -> Result<()> {
        for subject in [&self.own, &self.network] {
            store::count_try(tx, subject, tx.now() - self.wait).await?;
        }
        Ok(())
    }

    /// Forgets those on the target, after a success.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget(&self, tx: &WriteTx) -> Result<()> {
        store::forget_tries(tx, &self.own).await
    }
}

fn subject(act: &str, kind: &str, value: &str) -> String {
    let digest = Sha256::digest(value);
    let hex: String = digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{act}:{kind}:{hex}")
}
