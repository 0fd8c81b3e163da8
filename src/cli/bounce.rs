//! `bounce`: notes a mail that came back. Made to stand behind a pipe of the mail server.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use crate::{
    App,
    foundation::{
        config::Config,
        error::Result,
        mail::bounce::{MAX_BYTES, Noted},
        platform::Platform,
    },
    operations::bounces,
};

/// Reads one message from `file` or the standard input, or all new ones of `maildir`, and says what
/// became of it. A message that is no report about one of our mails is no error: the mail server
/// would send it back otherwise.
pub(super) async fn run(
    config: Config,
    file: Option<PathBuf>,
    maildir: Option<PathBuf>,
) -> Result<()> {
    let message = match &maildir {
        Some(_) => Vec::new(),
        None => read(file.as_deref())?,
    };
    let ctx = App::build(config, Platform::system()).await?.ctx;
    if let Some(maildir) = maildir {
        let returned = bounces::take_from(&ctx, &maildir).await?;
        println!("{returned} mails came back");
        return Ok(());
    }
    match bounces::take(&ctx, &message).await? {
        Noted::Failed { mail, suppressed } if suppressed => {
            println!("mail {mail} came back; nothing more is sent to its address");
        }
        Noted::Failed { mail, .. } => println!("mail {mail} came back"),
        Noted::Nothing => println!("nothing to note"),
    }
    Ok(())
}

/// The message, up to the largest that is looked at.
fn read(file: Option<&Path>) -> Result<Vec<u8>> {
    let mut message = Vec::new();
    let source: Box<dyn Read> = match file {
        Some(file) => Box::new(std::fs::File::open(file)?),
        None => Box::new(std::io::stdin()),
    };
    source.take(MAX_BYTES).read_to_end(&mut message)?;
    Ok(message)
}
