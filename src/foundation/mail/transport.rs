//! Where mails go.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use entity::ids::MailId;
use lettre::Address;

use super::verdict::{Cause, Failure, Stage};
use crate::foundation::{context::Boxed, error::Result};

/// A mail on its way: one recipient, frozen bytes.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The mail.
    pub id: MailId,
    /// Envelope sender.
    pub from: Address,
    /// Envelope recipient.
    pub to: Address,
    /// The mail as it leaves.
    pub bytes: Vec<u8>,
}

/// A way for mails to leave.
pub trait Transport: Send + Sync {
    /// Hands one mail over. `Ok` with the server's words means that it is now the server's.
    fn send<'a>(&'a self, mail: &'a Outgoing) -> Boxed<'a, Result<String, Failure>>;

    /// Whether people are at the other end, so that limits and quiet hours hold.
    fn reaches_people(&self) -> bool {
        true
    }
}

/// Files in a local folder, for demonstration and development.
#[derive(Clone, Debug)]
pub struct Mailbox {
    folder: PathBuf,
}

impl Mailbox {
    /// A mailbox in `folder`, made when missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }
}

/// Name of a mail's file in the mailbox.
pub fn file_name(id: MailId) -> String {
    format!("{id}.eml")
}

impl Transport for Mailbox {
    fn send<'a>(&'a self, mail: &'a Outgoing) -> Boxed<'a, Result<String, Failure>> {
        Box::pin(async move {
            let folder = self.folder.clone();
            let name = file_name(mail.id);
            let bytes = mail.bytes.clone();
            let written = tokio::task::spawn_blocking(move || {
                // Under another name first: a reader never sees half a mail.
                let draft = folder.join(format!("{name}.part"));
                let mut file = std::fs::File::create(&draft)?;
                file.write_all(&bytes)?;
                file.sync_all()?;
                std::fs::rename(&draft, folder.join(&name))
            })
            .await;
            match written {
                Ok(Ok(())) => Ok("mailbox".to_owned()),
                Ok(Err(error)) => Err(broken(error.to_string())),
                Err(error) => Err(broken(error.to_string())),
            }
        })
    }

    fn reaches_people(&self) -> bool {
        false
    }
}

fn broken(what: String) -> Failure {
    Failure {
        stage: Stage::Connect,
        cause: Cause::Broken(what),
    }
}
