//! `doctor`: looks at everything that the service needs, changes nothing, and says what is wrong.

use std::{os::unix::fs::PermissionsExt, path::Path};

use chrono::{DateTime, Duration, Utc};
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
    mail::{Signer, Smtp, channel},
    platform::Platform,
    store::{Store, copies_in},
};

/// The mode of a file that others than its owner may read; the service warns of it at its start, too.
pub(super) fn open_to_others(path: &Path) -> Option<u32> {
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (path.is_file() && mode & 0o077 != 0).then_some(mode)
}

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
pub(super) async fn run(config: Config, file: Option<&Path>) -> Result<()> {
    let mut found = Findings::default();
    if Store::is_missing(&config.database) {
        found.bad("database: there is none yet (expert-pool migrate)");
    } else {
        match Store::open(&config.database, Platform::system()).await {
            Ok(store) => database(&mut found, &config, &store).await?,
            Err(error) => found.bad(format!("database: {error}")),
        }
    }
    secrets(&mut found, &config, file);
    copies(&mut found, &config);
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
    if let Some(copied_at) = store.copied_at().await.ok().flatten() {
        found.bad(format!(
            "the database is a copy made at {copied_at}: what was due will be held when the service starts"
        ));
    }
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

/// Files that hold secrets are for the service's own eyes.
fn secrets(found: &mut Findings, config: &Config, file: Option<&Path>) {
    let secret = Path::new(&config.server.secret_file);
    let dkim = Path::new(&config.mail.dkim_key_file);
    for path in [file, Some(secret), Some(dkim)].into_iter().flatten() {
        if let Some(mode) = open_to_others(path) {
            found.bad(format!(
                "{} can be read by others (mode {mode:o}): chmod 600",
                path.display()
            ));
        }
    }
    match Signer::read(&config.mail) {
        Ok(Some(signer)) => found.good(format!(
            "mails are signed; the DNS holds {} (expert-pool dkim)",
            signer.record().0
        )),
        Ok(None) => found.good("mails are not signed here (mail.dkim_key_file is empty)"),
        Err(error) => found.bad(error),
    }
    if !config.is_https() && !config.server.public_url.contains("//127.0.0.1") {
        found.bad("server.public_url is not https: cookies and links go in the clear");
    }
}

/// The nightly copies, where some are asked for.
fn copies(found: &mut Findings, config: &Config) {
    if config.backup.folder.is_empty() {
        return;
    }
    let newest = copies_in(Path::new(&config.backup.folder))
        .ok()
        .and_then(|copies| copies.last().cloned());
    let made = newest
        .as_ref()
        .and_then(|copy| std::fs::metadata(copy).ok()?.modified().ok());
    let age = made.map(|made| Platform::system().now() - DateTime::<Utc>::from(made));
    match (newest, age) {
        (Some(copy), Some(age)) if age < Duration::days(2) => {
            found.good(format!("the newest copy is {}", copy.display()));
        }
        (Some(copy), _) => found.bad(format!(
            "the newest copy, {}, is older than two days: look at the job at /schedule",
            copy.display()
        )),
        (None, _) => found.bad(format!("there is no copy in {}", config.backup.folder)),
    }
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
