//! DKIM (RFC 6376): the signature by which receivers know that a mail is from our domain and was not
//! changed on its way. A mail is signed once, when its bytes are frozen, so every copy of it carries
//! the same signature.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use ring::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use rustls_pki_types::{PrivateKeyDer, pem::PemObject};
use sha2::{Digest, Sha256};

use crate::foundation::{
    config::MailConfig,
    error::{Error, Result},
};

/// Header fields that are signed where the mail has them.
const SIGNED: [&str; 12] = [
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "auto-submitted",
    "x-auto-response-suppress",
    "list-unsubscribe",
    "list-unsubscribe-post",
];

/// Fields that are named once more than they occur: nobody can add a second one on the way.
const ONLY_ONCE: [&str; 5] = ["from", "to", "reply-to", "subject", "date"];

/// The key of our domain, with the name under which its public half stands in the DNS.
pub struct Signer {
    key: KeyPair,
    domain: String,
    selector: String,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({}, {})", self.domain, self.selector)
    }
}

impl Signer {
    /// The key that `config` names; `None` when it names none.
    ///
    /// # Errors
    /// When the file cannot be read, or holds no RSA key of 2,048 to 8,192 bits in PEM.
    pub fn read(config: &MailConfig) -> Result<Option<Self>> {
        if config.dkim_key_file.is_empty() {
            return Ok(None);
        }
        let path = Path::new(&config.dkim_key_file);
        let said = |what: &dyn std::fmt::Display| {
            Error::internal(format!("mail.dkim_key_file {}: {what}", path.display()))
        };
        let pem = std::fs::read(path).map_err(|error| said(&error))?;
        let key = match PrivateKeyDer::from_pem_slice(&pem).map_err(|error| said(&error))? {
            PrivateKeyDer::Pkcs8(der) => KeyPair::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => KeyPair::from_der(der.secret_pkcs1_der()),
            _ => return Err(said(&"no RSA key")),
        };
        let domain = if config.dkim_domain.is_empty() {
            config.from_address.rsplit('@').next().unwrap_or_default()
        } else {
            &config.dkim_domain
        };
        Ok(Some(Self {
            key: key.map_err(|error| said(&error))?,
            domain: domain.to_lowercase(),
            selector: config.dkim_selector.clone(),
        }))
    }

    /// The DNS record that belongs to the key: (name, text).
    pub fn record(&self) -> (String, String) {
        let key = STANDARD.encode(subject_public_key_info(self.key.public_key().as_ref()));
        (
            format!("{}._domainkey.{}", self.selector, self.domain),
            format!("v=DKIM1; k=rsa; p={key}"),
        )
    }

    /// The signature of a whole mail made at `at`, as a header field to be put before it.
    ///
    /// # Errors
    /// When the mail has no header, or the key does not sign.
    pub(super) fn sign(&self, mail: &[u8], at: DateTime<Utc>) -> Result<Vec<u8>> {
        let (head, body) =
            halves(mail).ok_or_else(|| Error::internal("a mail without a header"))?;
        let fields = fields(head);
        let find = |name: &str| fields.iter().find(|(known, _)| known == name);
        let present: Vec<&str> = SIGNED
            .into_iter()
            .filter(|name| find(name).is_some())
            .collect();
        let names = present.iter().chain(&ONLY_ONCE).copied();
        let unsigned = format!(
            "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={};\r\n s={}; t={};\r\n h={};\r\n bh={};\r\n b=",
            self.domain,
            self.selector,
            at.timestamp(),
            folded(names, ':'),
            STANDARD.encode(Sha256::digest(relaxed_body(body))),
        );
        let mut said = Vec::new();
        for (name, value) in present.iter().filter_map(|name| find(name)) {
            said.extend_from_slice(format!("{name}:{value}\r\n").as_bytes());
        }
        let (name, value) = relaxed_field(&unsigned);
        said.extend_from_slice(format!("{name}:{value}").as_bytes());
        let mut signature = vec![0; self.key.public().modulus_len()];
        // RSA takes randomness only to blind its timing: the signature does not depend on it.
        self.key
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                &said,
                &mut signature,
            )
            .map_err(|_| Error::internal("the DKIM key does not sign"))?;
        let mut field = unsigned.into_bytes();
        for line in STANDARD.encode(signature).as_bytes().chunks(72) {
            field.extend_from_slice(b"\r\n ");
            field.extend_from_slice(line);
        }
        field.extend_from_slice(b"\r\n");
        Ok(field)
    }
}

/// Header and body, without the empty line between them.
fn halves(mail: &[u8]) -> Option<(&str, &[u8])> {
    let at = mail.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some((std::str::from_utf8(&mail[..at + 2]).ok()?, &mail[at + 4..]))
}

/// The fields of a header in the relaxed form, with their names in lower case.
fn fields(head: &str) -> Vec<(String, String)> {
    let mut whole: Vec<String> = Vec::new();
    for line in head.split_inclusive("\r\n") {
        match whole.last_mut() {
            Some(field) if line.starts_with([' ', '\t']) => field.push_str(line),
            _ => whole.push(line.to_owned()),
        }
    }
    whole.iter().map(|field| relaxed_field(field)).collect()
}

/// A field in the relaxed form (RFC 6376 3.4.2): name in lower case, one line, single spaces.
fn relaxed_field(field: &str) -> (String, String) {
    let (name, value) = field.split_once(':').unwrap_or((field, ""));
    let value: Vec<&str> = value.split_ascii_whitespace().collect();
    (name.trim().to_lowercase(), value.join(" "))
}

/// A body in the relaxed form (RFC 6376 3.4.4): single spaces, none at the end of a line, no empty
/// lines at the end.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    for line in body.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let begin = out.len();
        for byte in line {
            let blank = matches!(byte, b' ' | b'\t');
            if !blank {
                out.push(*byte);
            } else if out.len() == begin || out.last() != Some(&b' ') {
                out.push(b' ');
            }
        }
        if out.len() > begin && out.last() == Some(&b' ') {
            out.pop();
        }
        out.extend_from_slice(b"\r\n");
    }
    while out.ends_with(b"\r\n\r\n") {
        out.truncate(out.len() - 2);
    }
    if out == b"\r\n" { Vec::new() } else { out }
}

/// `words` with `between` them, in lines that mail programs do not break themselves.
fn folded<'a>(words: impl Iterator<Item = &'a str>, between: char) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in words {
        if length > 0 {
            out.push(between);
        }
        if length + word.len() > 68 {
            out.push_str("\r\n  ");
            length = 0;
        }
        out.push_str(word);
        length += word.len() + 1;
    }
    out
}

/// An RSA public key as the DNS record holds it: PKCS #1 wrapped with the name of the algorithm
/// (RFC 5280 4.1.2.7).
fn subject_public_key_info(pkcs1: &[u8]) -> Vec<u8> {
    const RSA_ENCRYPTION: [u8; 15] = [
        0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    ];
    let bits = der(0x03, &[&[0], pkcs1].concat());
    der(0x30, &[&RSA_ENCRYPTION, bits.as_slice()].concat())
}

/// A value in DER: tag, length, content.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut out = vec![tag];
    match significant.as_slice() {
        [] => out.push(0),
        [short] if *short < 0x80 => out.push(*short),
        long => {
            out.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(content);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_relaxed_forms_are_those_of_the_standard() {
        // RFC 6376 3.4.5
        let head = "A: X\r\nB : Y\t\r\n\tZ  \r\n";
        assert_eq!(
            fields(head),
            [("a".into(), "X".into()), ("b".into(), "Y Z".into())]
        );
        assert_eq!(relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
        assert_eq!(relaxed_body(b""), b"");
        assert_eq!(relaxed_body(b"\r\n\r\n"), b"");
        assert_eq!(relaxed_body(b"a"), b"a\r\n");
    }

    #[test]
    fn lengths_are_written_as_der_wants_them() {
        assert_eq!(der(4, &[]), [4, 0]);
        assert_eq!(der(4, &[7; 127])[..2], [4, 127]);
        assert_eq!(der(4, &[7; 128])[..3], [4, 0x81, 128]);
        assert_eq!(der(4, &[7; 294])[..4], [4, 0x82, 1, 38]);
    }
}
