//! `dkim`: the DNS record that belongs to the key of `mail.dkim_key_file`.

use crate::foundation::{
    config::Config,
    error::{Error, Result},
    mail::Signer,
};

/// Prints name and text of the record.
pub(super) fn run(config: &Config) -> Result<()> {
    let signer = Signer::read(&config.mail)?
        .ok_or_else(|| Error::internal("mail.dkim_key_file is not given"))?;
    let (name, text) = signer.record();
    println!("{name}  TXT\n{text}");
    Ok(())
}
