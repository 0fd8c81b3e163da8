//! `backup` and `restore`.

use std::path::{Path, PathBuf};

use crate::{
    App,
    foundation::{
        config::Config,
        error::Result,
        platform::Platform,
        store::{self, Store},
    },
    operations::backup,
};

/// Copies the database into a folder or to a file, and says what came of it.
pub(super) async fn run(config: Config, to: &Path, keep: Option<usize>) -> Result<()> {
    let store = Store::open(&config.database, Platform::system()).await?;
    let copied = if to.is_dir() {
        backup::back_up(&store, to, keep.unwrap_or(config.backup.keep)).await?
    } else {
        store.copy_to(to).await?
    };
    println!("{}", copied.file.display());
    println!("{} bytes, sound, SHA-256 {}", copied.bytes, copied.sha256);
    Ok(())
}

/// Puts a copy in the place of the database; without one, the database counts as just restored by other
/// tools. Mails that were due are then held.
pub(super) async fn restore(config: Config, file: Option<PathBuf>) -> Result<()> {
    let platform = Platform::system();
    match file {
        Some(file) => {
            let former = store::restore(&config.database, &file, platform.now()).await?;
            if let Some(former) = former {
                println!("the former database is kept as {}", former.display());
            }
        }
        None => {
            let store = Store::open(&config.database, platform.clone()).await?;
            store.migrate().await?;
            store.note_restored().await?;
        }
    }
    // Building the service settles what was restored; nothing is sent by this command.
    let held = held(&App::build(config, platform).await?).await?;
    println!("restored; {held} mails wait to be looked at and released at /mails?show=held");
    Ok(())
}

async fn held(app: &App) -> Result<u64> {
    use entity::mail::{self, MailState};
    use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
    Ok(mail::Entity::find()
        .filter(mail::Column::State.eq(MailState::Held))
        .count(app.ctx.store.read())
        .await?)
}
