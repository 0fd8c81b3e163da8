//! Mails that come back: one report from a pipe of the mail server, or those in a folder.

use std::path::Path;

use chrono::Duration;
use serde_json::json;

use crate::{
    accounts::audit::{self, Entry},
    foundation::{
        context::{Boxed, Context},
        error::Result,
        mail::bounce::{self, Noted},
        schedule::{CatchUp, Job, Outcome, Rule, Slot},
    },
};

/// Reads one message and notes at its mail what it reports. Whatever is no report about a mail of this
/// service changes nothing. Nobody is answered.
///
/// # Errors
/// When the database fails.
pub async fn take(ctx: &Context, message: &[u8]) -> Result<Noted> {
    let Some(report) = bounce::read_report(message, &ctx.config.mail) else {
        return Ok(Noted::Nothing);
    };
    let tx = ctx.store.begin().await?;
    let noted = bounce::note(&tx, &report).await?;
    if let Noted::Failed { mail, suppressed } = noted {
        let entry = Entry {
            actor: None,
            action: "mail.bounced",
            subject_kind: "mail",
            subject_id: Some(mail.0),
            details: json!({ "status": report.status, "address_given_up": suppressed }),
        };
        audit::record(&tx, entry).await?;
    }
    tx.commit().await?;
    Ok(noted)
}

/// Takes everything that is new in a Maildir and marks it as seen; how many mails have come back. What
/// was taken and not yet marked, because the service was stopped in between, is taken again and
/// changes nothing.
///
/// # Errors
/// When the folder is none or the database fails.
pub async fn take_from(ctx: &Context, maildir: &Path) -> Result<usize> {
    let (new, seen) = (maildir.join("new"), maildir.join("cur"));
    tokio::fs::create_dir_all(&seen).await?;
    let mut names = Vec::new();
    let mut entries = tokio::fs::read_dir(&new).await?;
    while let Some(entry) = entries.next_entry().await? {
        names.push(entry.file_name());
    }
    names.sort_unstable();
    let mut returned = 0;
    for name in names {
        let path = new.join(&name);
        if tokio::fs::metadata(&path).await?.len() <= bounce::MAX_BYTES {
            let message = tokio::fs::read(&path).await?;
            let noted = take(ctx, &message).await?;
            returned += usize::from(matches!(noted, Noted::Failed { .. }));
        }
        let mut marked = name;
        marked.push(":2,S");
        tokio::fs::rename(&path, seen.join(marked)).await?;
    }
    Ok(returned)
}

/// Looks into `mail.bounce_maildir` now and then.
pub(super) struct Bounces;

impl Job for Bounces {
    fn rule(&self) -> Rule {
        Rule {
            name: "operations.bounces",
            label: "登记退信",
            cron: "0 */5 * * * *",
            catch_up: CatchUp::Latest,
            max_age: Duration::days(1),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, _: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let folder = Path::new(&ctx.config.mail.bounce_maildir);
            Ok(Outcome::handled(take_from(ctx, folder).await?))
        })
    }
}
