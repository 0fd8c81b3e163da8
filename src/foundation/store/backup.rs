//! Copies of a SQLite file: made while the service runs, checked before they count, and put back in its
//! place. PostgreSQL has tools of its own for this.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use chrono::{DateTime, SecondsFormat, Utc};
use entity::installation;
use sea_orm::{
    ActiveValue::Set, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend,
    EntityTrait, Statement, sea_query::OnConflict,
};
use sha2::{Digest, Sha256};

use super::{Store, connect};
use crate::foundation::{
    config::DatabaseConfig,
    error::{Error, Result},
};

/// Fact of an installation that stands only in a copy: when it was made. The service that starts on
/// such a file knows by it that what happened since is not in there.
const COPIED_AT: &str = "store.copied_at";

/// What people are told who use PostgreSQL.
const POSTGRES: &str = "PostgreSQL is backed up with its own tools: pg_dump --format=custom --file=FILE URL, \
     and pg_restore; see docs/operations.md";

/// A copy that was made and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The file.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits; it stands beside the file, too (`FILE.sha256`).
    pub sha256: String,
}

impl Store {
    /// Copies the database to `file` while it is in use, checks the copy, and writes its sum beside it. The
    /// file is there when it is whole, readable by its owner only.
    ///
    /// # Errors
    /// When the database is PostgreSQL, `file` is there already, there is no room, or the copy is not sound.
    pub async fn copy_to(&self, file: &Path) -> Result<Copied> {
        if self.read.get_database_backend() != DbBackend::Sqlite {
            return Err(Error::internal(POSTGRES));
        }
        if file.exists() {
            return Err(Error::internal(format!(
                "{}: is there already",
                file.display()
            )));
        }
        let draft = beside(file, ".part");
        remove(&draft)?;
        let made = self.copy_checked(&draft, file).await;
        if made.is_err() {
            // What is not whole must not be taken for a copy; the first error is the one to tell.
            let _ = remove(&draft);
        }
        made
    }

    async fn copy_checked(&self, draft: &Path, file: &Path) -> Result<Copied> {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(draft)?;
        let name = draft.display().to_string().replace('\'', "''");
        self.read
            .execute_unprepared(&format!("VACUUM INTO '{name}'"))
            .await?;
        let copy = open_file(draft).await?;
        check(&copy).await?;
        note_copy(&copy, self.platform.now()).await?;
        copy.close().await?;
        let (draft, file) = (draft.to_owned(), file.to_owned());
        tokio::task::spawn_blocking(move || keep(&draft, &file))
            .await
            .map_err(Error::internal)?
    }

    /// When the copy was made that this database is, where it is one that nobody has settled yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn copied_at(&self) -> Result<Option<DateTime<Utc>>> {
        let fact = installation::Entity::find_by_id(COPIED_AT.to_owned())
            .one(&self.read)
            .await?;
        Ok(fact.and_then(|fact| fact.value.parse().ok()))
    }

    /// Says of this database that it was just put back from a copy, made by other tools.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_restored(&self) -> Result<()> {
        note_copy(&self.write, self.platform.now()).await
    }
}

impl super::WriteTx {
    /// From now on the database counts as the one in use again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle_copy(&self) -> Result<()> {
        installation::Entity::delete_by_id(COPIED_AT.to_owned())
            .exec(self.db())
            .await?;
        Ok(())
    }
}

/// Puts the copy `file` in the place of the database that `config` names. What stood there is kept beside
/// it, under the name that is given back.
///
/// # Errors
/// When the database is PostgreSQL, or the copy does not belong to its sum, is damaged, or was made by a
/// newer version; nothing is then changed.
pub async fn restore(
    config: &DatabaseConfig,
    file: &Path,
    now: DateTime<Utc>,
) -> Result<Option<PathBuf>> {
    let place =
        connect::sqlite_path(config.url.reveal()).ok_or_else(|| Error::internal(POSTGRES))?;
    let summed = sum(file)?;
    match fs::read_to_string(beside(file, ".sha256")) {
        Ok(line) if line.split_whitespace().next() != Some(summed.as_str()) => {
            return Err(Error::internal(format!(
                "{}: is not what was copied (its SHA-256 is {summed})",
                file.display()
            )));
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = beside(&place, ".part");
    remove(&draft)?;
    fs::copy(file, &draft)?;
    if let Err(error) = vet(&draft, now).await {
        remove(&draft)?;
        return Err(error);
    }
    let former = set_aside(&place, now)?;
    File::open(&draft)?.sync_all()?;
    fs::rename(&draft, &place)?;
    Ok(former)
}

/// Whether the file is sound and not too new; it then says of itself that it is a copy.
async fn vet(file: &Path, now: DateTime<Utc>) -> Result<()> {
    let copy = open_file(file).await?;
    let sound = async {
        check(&copy).await?;
        connect::check_age(&copy).await?;
        note_copy_if_missing(&copy, now).await
    }
    .await;
    copy.close().await?;
    sound
}

/// Renames the database in use and what SQLite keeps beside it.
fn set_aside(place: &Path, now: DateTime<Utc>) -> Result<Option<PathBuf>> {
    if !place.exists() {
        return Ok(None);
    }
    let former = beside(place, &format!(".before-{}", stamp(now)));
    for ending in ["-wal", "-shm", ""] {
        let part = beside(place, ending);
        if part.exists() {
            fs::rename(&part, beside(&former, ending))?;
        }
    }
    Ok(Some(former))
}

/// An instant as it stands in names of files: `20260914T020000Z`.
pub fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// The name of a copy made at `at`.
pub fn copy_name(at: DateTime<Utc>) -> String {
    format!("expert-pool-{}.sqlite", stamp(at))
}

/// Copies in `folder` by their names, the oldest first.
///
/// # Errors
/// When the folder cannot be read.
pub fn copies_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut copies = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let is_copy = name.is_some_and(|name| {
            name.starts_with("expert-pool-") && name.ends_with("Z.sqlite") && name.len() == 35
        });
        if is_copy {
            copies.push(path);
        }
    }
    copies.sort_unstable();
    Ok(copies)
}

/// Takes away all copies in `folder` but the newest `keep`; how many.
///
/// # Errors
/// When the folder cannot be read, or a file not removed.
pub fn forget_copies(folder: &Path, keep: usize) -> Result<usize> {
    let copies = copies_in(folder)?;
    let old = copies.len().saturating_sub(keep);
    for copy in &copies[..old] {
        remove(&beside(copy, ".sha256"))?;
        remove(copy)?;
    }
    Ok(old)
}

async fn open_file(file: &Path) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rw", file.display()));
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| sqlite.pragma("synchronous", "FULL"));
    Database::connect(options).await.map_err(|error| {
        Error::internal(format!(
            "{} is damaged or no database: {error}",
            file.display()
        ))
    })
}

/// Every page and every index, not only what is quick to look at.
async fn check(copy: &DatabaseConnection) -> Result<()> {
    for pragma in ["PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"] {
        let row = copy
            .query_one_raw(Statement::from_string(DbBackend::Sqlite, pragma))
            .await
            .map_err(|error| Error::internal(format!("the copy is damaged: {error}")))?;
        let verdict = row
            .map(|row| row.try_get_by_index::<String>(0))
            .transpose()?;
        if verdict.as_deref().is_some_and(|verdict| verdict != "ok") {
            let verdict = verdict.unwrap_or_default();
            return Err(Error::internal(format!("the copy is damaged: {verdict}")));
        }
    }
    Ok(())
}

async fn note_copy<C: ConnectionTrait>(db: &C, at: DateTime<Utc>) -> Result<()> {
    installation::Entity::insert(installation::ActiveModel {
        name: Set(COPIED_AT.to_owned()),
        value: Set(at.to_rfc3339_opts(SecondsFormat::Micros, true)),
    })
    .on_conflict(
        OnConflict::column(installation::Column::Name)
            .update_column(installation::Column::Value)
            .to_owned(),
    )
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// A copy by other tools does not say when it was made.
async fn note_copy_if_missing<C: ConnectionTrait>(db: &C, now: DateTime<Utc>) -> Result<()> {
    let noted = installation::Entity::find_by_id(COPIED_AT.to_owned())
        .one(db)
        .await?;
    match noted {
        Some(_) => Ok(()),
        None => note_copy(db, now).await,
    }
}

/// Makes the draft lasting under its name, with its sum beside it.
fn keep(draft: &Path, file: &Path) -> Result<Copied> {
    File::open(draft)?.sync_all()?;
    let sha256 = sum(draft)?;
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let mut line = File::create(beside(file, ".sha256"))?;
    writeln!(line, "{sha256}  {name}")?;
    line.sync_all()?;
    fs::rename(draft, file)?;
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        File::open(folder)?.sync_all()?;
    }
    Ok(Copied {
        bytes: fs::metadata(file)?.len(),
        file: file.to_owned(),
        sha256,
    })
}

fn sum(file: &Path) -> Result<String> {
    let mut source = File::open(file)
        .map_err(|error| Error::internal(format!("{}: {error}", file.display())))?;
    let mut digest = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        match source.read(&mut piece)? {
            0 => break,
            read => digest.update(&piece[..read]),
        }
    }
    Ok(digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
