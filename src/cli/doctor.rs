//! `doctor`: looks at everything that the service needs, changes nothing, and says what is wrong.

use std::path::Path;

use chrono::Duration;
use entity::{
    installation,
    mail::{self, MailState},
    schedule_slot,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::foundation::{
    calendar,
    config::{Config, MailTransport},
    error::{Error, Result},
    links::Links,
    mail::{Smtp, channel},
    platform::Platform,
    store::Store,
};

/// What was found, one line each.
#[derive(Default)]
struct Findings {
    wrong: usize,
}

impl Findings {
    fn good(&self, what: impl std::fmt::Display) {
        println!("ok     {what}");
    }

    fn bad(&mut self, what: impl std::fmt::Display) {
        self.wrong += 1;
        println!("WRONG  {what}");
    }
}

/// Looks at everything; an error when something is wrong.
pub(super) async fn run(config: Config) -> Result<()> {
    let mut found = Findings::default();
    if Store::is_missing(&config.database) {
        found.bad("database: there is none yet (expert-pool migrate)");
    } else {
        match Store::open(&config.database, Platform::system()).await {
            Ok(store) => database(&mut found, &config, &store).await?,
            Err(error) => found.bad(format!("database: {error}")),
        }
    }
    match config.mail.transport {
        MailTransport::Smtp => {
            let smtp = Smtp::new(&config.mail, &config.server.public_url);
            match smtp.greet().await {
                Ok(()) => found.good(format!("mail server {} answers", config.mail.host)),
                Err(error) => found.bad(format!("mail server {}: {error}", config.mail.host)),
            }
        }
        MailTransport::Mailbox => {
            found.good("mails go to the local mailbox: for demonstration and development only");
        }
        MailTransport::None => found.good("no mail is sent (mail.transport = \"none\")"),
    }
    match found.wrong {
        0 => Ok(()),
        wrong => Err(Error::internal(format!("{wrong} found wrong"))),
    }
}

async fn database(found: &mut Findings, config: &Config, store: &Store) -> Result<()> {
    store.ping().await?;
    let pending = store.pending_migrations().await?;
    if pending > 0 {
        found.bad(format!(
            "{} database: {pending} migrations to run (expert-pool migrate)",
            store.kind()
        ));
        return Ok(());
    }
    found.good(format!("{} database, newest version", store.kind()));
    keys(found, config, store).await?;
    calendar(found, config, store).await?;
    outbox(found, store).await?;
    schedule(found, store).await
}

async fn keys(found: &mut Findings, config: &Config, store: &Store) -> Result<()> {
    let path = Path::new(&config.server.secret_file);
    let Ok(lines) = std::fs::read_to_string(path) else {
        found.bad(format!("secret file {}: not readable", path.display()));
        return Ok(());
    };
    let links = match Links::parse(&lines, &config.server.public_url) {
        Ok(links) => links,
        Err(error) => {
            found.bad(format!("secret file {}: {error}", path.display()));
            return Ok(());
        }
    };
    let known = installation::Entity::find().all(store.read()).await?;
    match links.recognised_by(&known) {
        true => found.good("the secret file belongs to this database"),
        false => found.bad("the secret file holds none of the keys of this database"),
    }
    Ok(())
}

async fn calendar(found: &mut Findings, config: &Config, store: &Store) -> Result<()> {
    let until = calendar::kept(store.read()).await?.coverage_until();
    let zone = config.office.time_zone.0;
    let today = store.platform().now().with_timezone(&zone).date_naive();
    let line = format!("working days are known until {until}");
    if today + Duration::days(30) > until {
        found.bad(format!(
            "{line}: import the arrangement of the State Council for the next year"
        ));
    } else {
        found.good(line);
    }
    Ok(())
}

async fn outbox(found: &mut Findings, store: &Store) -> Result<()> {
    let now = store.now().await?;
    if let Some(closed) = channel::closed(store.read()).await? {
        found.bad(format!(
            "the mail server has not been usable since {} ({})",
            closed.since, closed.reply
        ));
    }
    let oldest = mail::Entity::find()
        .filter(mail::Column::State.eq(MailState::Ready))
        .filter(mail::Column::NotBefore.lte(now))
        .order_by_asc(mail::Column::NotBefore)
        .one(store.read())
        .await?;
    match oldest {
        // A night is quiet for twelve and a half hours.
        Some(mail) if now - mail.not_before > Duration::hours(14) => {
            found.bad(format!(
                "the oldest mail has been due since {}",
                mail.not_before
            ));
        }
        _ => found.good("no mail waits for long"),
    }
    let given_up = mail::Entity::find()
        .filter(mail::Column::State.is_in([MailState::Failed, MailState::Unknown]))
        .filter(mail::Column::UpdatedAt.gt(now - Duration::days(7)))
        .count(store.read())
        .await?;
    found.good(format!("{given_up} mails given up in the last seven days"));
    Ok(())
}

async fn schedule(found: &Findings, store: &Store) -> Result<()> {
    let last = schedule_slot::Entity::find()
        .order_by_desc(schedule_slot::Column::StartedAt)
        .one(store.read())
        .await?;
    match last {
        Some(slot) => found.good(format!("the schedule last ran at {}", slot.started_at)),
        None => found.good("the schedule has not run yet"),
    }
    Ok(())
}
