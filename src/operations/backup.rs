//! Copies of the database every night, and what a service does that starts on one of them.

use std::path::Path;

use chrono::Duration;
use serde_json::json;

use crate::{
    accounts::audit::{self, Entry},
    foundation::{
        context::{Boxed, Context},
        error::Result,
        mail::control,
        schedule::{self, CatchUp, Job, Outcome, Rule, Schedule, Slot},
        store::{Copied, Store, copy_name, forget_copies},
        ui::dates,
    },
};

/// Copies the database into `folder`, under a name with the time, and takes away all but the newest `keep`.
///
/// # Errors
/// When the copy cannot be made or is not sound; older copies then stay.
pub async fn back_up(store: &Store, folder: &Path, keep: usize) -> Result<Copied> {
    tokio::fs::create_dir_all(folder).await?;
    let file = folder.join(copy_name(store.platform().now()));
    let copied = store.copy_to(&file).await?;
    forget_copies(folder, keep.max(1))?;
    Ok(copied)
}

/// If the database is a copy that was put back: what was due before now may have left already, after
/// the copy was made. Such mails are held until somebody releases them, and jobs are not caught up.
///
/// # Errors
/// When the database fails.
pub async fn settle(ctx: &Context, jobs: &Schedule) -> Result<()> {
    let Some(copied_at) = ctx.store.copied_at().await? else {
        return Ok(());
    };
    let now = ctx.store.now().await?;
    let made = dates::moment(copied_at, ctx.zone());
    let tx = ctx.store.begin().await?;
    let held = control::hold_due(&tx, now, &format!("恢复备份（{made}）")).await?;
    let passed = schedule::pass_over(&tx, jobs, now, "恢复备份时略过").await?;
    tx.settle_copy().await?;
    let entry = Entry {
        actor: None,
        action: "store.restored",
        subject_kind: "installation",
        subject_id: None,
        details: json!({ "copied_at": copied_at, "mails_held": held, "jobs_passed_over": passed }),
    };
    audit::record(&tx, entry).await?;
    tx.commit().await?;
    tracing::warn!(%copied_at, held, passed, "started on a backup: mails that were due wait for a release");
    Ok(())
}

/// The nightly copy.
pub(super) struct Backup;

impl Job for Backup {
    fn rule(&self) -> Rule {
        Rule {
            name: "operations.backup",
            label: "备份数据",
            cron: "0 30 2 * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(1),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let backup = &ctx.config.backup;
            let copied = back_up(&ctx.store, Path::new(&backup.folder), backup.keep).await?;
            Ok(Outcome {
                handled: 1,
                note: format!("{} MB", copied.bytes.div_ceil(1 << 20)),
            })
        })
    }
}
