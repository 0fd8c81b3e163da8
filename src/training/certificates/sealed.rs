//! What the picture on a certificate says, signed with Ed25519, so that it can be checked without the
//! list of certificates. Pure, but for the key.
//!
//! The payload is binary, in base64url. Version 1: `1`, key id (4 bytes), year, run and serial of the
//! number (2 bytes each), day of issue (4 bytes, days of the common era), 学时 (2 bytes), masked name
//! and course (a byte of length and UTF-8 each), and the signature (64 bytes) over a label and all
//! that stands before. Numbers are big-endian.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{Datelike, NaiveDate};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};

use super::Number;
use crate::foundation::{
    error::{Error, Result},
    links::Links,
};

const VERSION: u8 = 1;
const SIGNATURE: usize = 64;
/// Enters the signature, so that nothing else signed by the key passes as a certificate.
const LABEL: &[u8] = b"expert-pool certificate v1\0";

/// What a payload says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Number of the certificate.
    pub number: Number,
    /// Its date.
    pub issued_on: NaiveDate,
    /// 学时
    pub hours: u16,
    /// Name, masked.
    pub name: String,
    /// Course.
    pub course: String,
}

/// The key of this service. It follows from the newest key of the secret file, and changes with it;
/// the public keys of earlier ones stay in the database.
#[derive(Debug)]
pub struct Signer {
    pair: Ed25519KeyPair,
    id: [u8; 4],
}

impl Signer {
    /// The key by the secret file.
    ///
    /// # Errors
    /// When the key cannot be made.
    pub fn of(links: &Links) -> Result<Self> {
        let seed = links.derived_key("certificates, Ed25519");
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed)
            .map_err(|error| Error::internal(error.to_string()))?;
        let digest = Sha256::digest(pair.public_key().as_ref());
        let mut id = [0; 4];
        id.copy_from_slice(&digest[..4]);
        Ok(Self { pair, id })
    }

    /// Its name.
    pub fn id(&self) -> String {
        hex(self.id)
    }

    /// Its public half, in base64url.
    pub fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.pair.public_key().as_ref())
    }

    /// The signed payload.
    ///
    /// # Errors
    /// When name or course are longer than 255 bytes.
    pub fn seal(&self, claims: &Claims) -> Result<String> {
        let mut bytes = vec![VERSION];
        bytes.extend(self.id);
        for part in [claims.number.year, claims.number.run, claims.number.serial] {
            bytes.extend(part.to_be_bytes());
        }
        bytes.extend(claims.issued_on.num_days_from_ce().to_be_bytes());
        bytes.extend(claims.hours.to_be_bytes());
        for text in [&claims.name, &claims.course] {
            bytes.push(u8::try_from(text.len()).map_err(Error::internal)?);
            bytes.extend(text.as_bytes());
        }
        let signature = self.pair.sign(&signed(&bytes));
        bytes.extend(signature.as_ref());
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }
}

fn signed(bytes: &[u8]) -> Vec<u8> {
    [LABEL, bytes].concat()
}

fn hex(id: [u8; 4]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A payload as it came in: well-formed, not yet trusted.
#[derive(Clone, Debug)]
pub struct Sealed {
    claims: Claims,
    key_id: String,
    bytes: Vec<u8>,
}

impl Sealed {
    /// Reads a payload; none when it is malformed or of a version that is not known.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let body = bytes.get(..bytes.len().checked_sub(SIGNATURE)?)?;
        let mut rest = body;
        let [version] = take(&mut rest)?;
        if version != VERSION {
            return None;
        }
        let key_id = hex(take(&mut rest)?);
        let claims = Claims {
            number: Number {
                year: u16::from_be_bytes(take(&mut rest)?),
                run: u16::from_be_bytes(take(&mut rest)?),
                serial: u16::from_be_bytes(take(&mut rest)?),
            },
            issued_on: NaiveDate::from_num_days_from_ce_opt(i32::from_be_bytes(take(&mut rest)?))?,
            hours: u16::from_be_bytes(take(&mut rest)?),
            name: text_of(&mut rest)?,
            course: text_of(&mut rest)?,
        };
        rest.is_empty().then_some(Self {
            claims,
            key_id,
            bytes,
        })
    }

    /// The key that it names.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// What it says, if `public_key` (base64url) signed it.
    pub fn open(&self, public_key: &str) -> Option<&Claims> {
        let key = URL_SAFE_NO_PAD.decode(public_key).ok()?;
        let (body, signature) = self.bytes.split_at(self.bytes.len() - SIGNATURE);
        UnparsedPublicKey::new(&ED25519, key)
            .verify(&signed(body), signature)
            .ok()
            .map(|()| &self.claims)
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

fn text_of(rest: &mut &[u8]) -> Option<String> {
    let [length] = take(rest)?;
    let (head, tail) = rest.split_at_checked(usize::from(length))?;
    *rest = tail;
    String::from_utf8(head.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signer(letter: char) -> Signer {
        let line = format!("a:{}A", letter.to_string().repeat(42));
        Signer::of(&Links::parse(&line, "https://pool.example.org").unwrap()).unwrap()
    }

    fn claims() -> Claims {
        Claims {
            number: Number {
                year: 2026,
                run: 1,
                serial: 42,
            },
            issued_on: "2026-10-21".parse().unwrap(),
            hours: 8,
            name: "周**".to_owned(),
            course: "团体标准编写与审查实务".to_owned(),
        }
    }

    #[test]
    fn what_was_signed_is_read_back_and_only_with_its_key() {
        let (signer, other) = (signer('A'), signer('B'));
        let text = signer.seal(&claims()).unwrap();
        assert!(text.len() < 200, "{}", text.len());
        let sealed = Sealed::read(&text).unwrap();
        assert_eq!(sealed.key_id(), signer.id());
        assert_eq!(sealed.open(&signer.public_key()), Some(&claims()));
        assert_eq!(sealed.open(&other.public_key()), None);
        assert_eq!(sealed.open(""), None);
        assert_ne!(signer.id(), other.id());
    }

    #[test]
    fn a_certificate_outlives_the_change_of_the_key() {
        let line = |id: char, letter: &str| format!("{id}:{}A\n", letter.repeat(42));
        let signer = |lines: &str| Signer::of(&Links::parse(lines, "").unwrap()).unwrap();
        let old = signer(&line('a', "A"));
        let new = signer(&format!("{}{}", line('b', "B"), line('a', "A")));
        assert_ne!(old.id(), new.id());
        let sealed = Sealed::read(&old.seal(&claims()).unwrap()).unwrap();
        assert_eq!(sealed.key_id(), old.id());
        assert_eq!(sealed.open(&old.public_key()), Some(&claims()));
        assert_eq!(sealed.open(&new.public_key()), None);
    }

    proptest! {
        #[test]
        fn no_changed_byte_passes(at in 0_usize..400, change in 1_u8..=255) {
            let signer = signer('A');
            let mut bytes = URL_SAFE_NO_PAD.decode(signer.seal(&claims()).unwrap()).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= change;
            let forged = Sealed::read(&URL_SAFE_NO_PAD.encode(bytes));
            prop_assert!(forged.is_none_or(|sealed| sealed.open(&signer.public_key()).is_none()));
        }

        #[test]
        fn nothing_that_is_typed_breaks_the_reader(text in "[A-Za-z0-9_-]{0,300}") {
            let passes = Sealed::read(&text)
                .is_some_and(|sealed| sealed.open(&signer('A').public_key()).is_some());
            prop_assert!(!passes);
        }
    }
}
