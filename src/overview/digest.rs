//! Monday 9:00: one mail to everybody who acts for a unit, if something waits for them. Nobody is
//! written to on a holiday; the next Monday says what still waits.

use std::sync::Arc;

use chrono::Duration;

use super::mails::{Line, Weekly};
use crate::{
    accounts::{
        HomeSource,
        digest::{self, Reader},
        faces,
    },
    foundation::{
        context::{Boxed, Context},
        error::Result,
        mail::{About, Options, Queued, Recipient, outbox},
        schedule::{CatchUp, Job, Outcome, Rule, Slot},
        ui::dates,
    },
};

/// A digest that was not sent within so many hours says nothing true any more.
const OF_USE_HOURS: i64 = 48;

/// Sends the digests.
#[expect(missing_debug_implementations, reason = "sources print nothing useful")]
pub struct Digest {
    /// The bodies that say what waits.
    pub sources: Arc<[Arc<dyn HomeSource>]>,
}

impl Job for Digest {
    fn rule(&self) -> Rule {
        Rule {
            name: "overview.digest",
            label: "每周提要",
            cron: "0 0 9 * * Mon",
            catch_up: CatchUp::Latest,
            max_age: Duration::hours(12),
        }
    }

    fn run<'a>(&'a self, ctx: &'a Context, slot: &'a Slot) -> Boxed<'a, Result<Outcome>> {
        Box::pin(async move {
            let on = dates::local_date(slot.due_at, ctx.zone());
            if !ctx.calendar().is_working_day(on) {
                return Ok(Outcome {
                    note: "节假日，不发".to_owned(),
                    ..Outcome::default()
                });
            }
            let mut sent = 0;
            for reader in digest::readers(ctx.store.read()).await? {
                let due = faces::due(&self.sources, ctx, &reader.actor).await?;
                if due.is_empty() {
                    continue;
                }
                let lines = due.into_iter().map(Line::from).collect();
                sent += usize::from(queue(ctx, slot, reader, lines).await?);
            }
            Ok(Outcome::handled(sent))
        })
    }
}

/// Queues one digest; whether it was not queued before.
async fn queue(ctx: &Context, slot: &Slot, reader: Reader, lines: Vec<Line>) -> Result<bool> {
    let person = reader.actor.person;
    let to = Recipient {
        person: Some(person),
        name: reader.actor.name,
        address: Some(reader.address),
    };
    let about = About {
        subject: slot.id.0,
        generation: 0,
        cause: "每周提要".to_owned(),
    };
    let options = Options {
        expires_at: Some(slot.due_at + Duration::hours(OF_USE_HOURS)),
        ..Options::default()
    };
    let tx = ctx.store.begin().await?;
    let queued = outbox::enqueue(&tx, &to, &about, options, &Weekly { person, lines }).await?;
    tx.commit().await?;
    Ok(matches!(queued, Queued::New(_)))
}
