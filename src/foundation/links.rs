//! Signed links. A link names a subject and carries a tag over everything it stands for; nothing
//! secret is stored, and a reminder carries the same link again. What may be done, and until when,
//! is read from the subject's row, never from the link.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::installation;
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{
    error::{Error, Result},
    platform::Platform,
    store::WriteTx,
};

/// Name under which the fingerprints are noted.
const FINGERPRINTS: &str = "keys";
/// Length of a tag in bytes: 128 bits.
const TAG: usize = 16;

/// What a link is for. The label enters the tag, so that a link of one purpose never opens another;
/// the path is the first part of its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// Stable label, never changed once links are out.
    pub label: &'static str,
    /// Path before the token, for example `/i/`.
    pub path: &'static str,
}

/// Everything that a link stands for.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// What it is for.
    pub purpose: Purpose,
    /// The row that it opens.
    pub subject: Uuid,
    /// The person that it was given to.
    pub person: Uuid,
    /// Rises on reassignment, changed address, "not me" and revocation: older links then fail.
    pub generation: i32,
}

/// A link as it came in: not yet trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The row that it claims to open.
    pub subject: Uuid,
    key: char,
    tag: [u8; TAG],
}

/// The keys that sign links, newest first; older ones still verify.
#[derive(Clone)]
pub struct Links {
    keys: Vec<(char, [u8; 32])>,
    public_url: String,
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Links")
            .field("keys", &self.keys.len())
            .finish()
    }
}

impl Links {
    /// Reads keys from lines `<one letter or digit>:<32 bytes in base64url>`, newest first.
    ///
    /// # Errors
    /// When there is no key or a line is malformed.
    pub fn parse(lines: &str, public_url: &str) -> Result<Self> {
        let mut keys = Vec::new();
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            let malformed =
                || Error::internal("the secret file holds lines like a:<43 characters>");
            let (id, secret) = line.trim().split_once(':').ok_or_else(malformed)?;
            let mut letters = id.chars();
            let id = letters
                .next()
                .filter(char::is_ascii_alphanumeric)
                .ok_or_else(malformed)?;
            let bytes = URL_SAFE_NO_PAD.decode(secret).map_err(|_| malformed())?;
            let bytes: [u8; 32] = bytes.try_into().map_err(|_| malformed())?;
            if letters.next().is_some() || keys.iter().any(|(known, _)| *known == id) {
                return Err(malformed());
            }
            keys.push((id, bytes));
        }
        if keys.is_empty() {
            return Err(Error::internal("the secret file holds no key"));
        }
        Ok(Self {
            keys,
            public_url: public_url.to_owned(),
        })
    }

    /// A new line for the secret file.
    pub fn new_key(platform: &Platform, id: char) -> String {
        format!("{id}:{}\n", platform.token())
    }

    /// A fingerprint of each key, to notice an instance with other keys. Says nothing about them.
    pub fn fingerprints(&self) -> Vec<String> {
        self.keys
            .iter()
            .map(|(id, key)| {
                let digest = Sha256::new()
                    .chain_update(b"expert-pool key fingerprint")
                    .chain_update(key)
                    .finalize();
                format!("{id}:{}", URL_SAFE_NO_PAD.encode(&digest[..9]))
            })
            .collect()
    }

    /// Notes the fingerprints of the keys with the database, and refuses when it was worked on with
    /// others: links sent before would be dead, and the audit trail could not be checked. One key in
    /// common is enough, so keys can be changed one by one.
    ///
    /// # Errors
    /// When no key is known here.
    pub async fn recognise(&self, tx: &WriteTx) -> Result<()> {
        let known = installation::Entity::find().all(tx.db()).await?;
        if !self.recognised_by(&known) {
            return Err(Error::internal(
                "the secret file holds none of the keys that this database was worked on with; put \
                 the right file at server.secret_file",
            ));
        }
        let own = self.fingerprints().join("\n");
        installation::Entity::insert(installation::ActiveModel {
            name: Set(FINGERPRINTS.to_owned()),
            value: Set(own),
        })
        .on_conflict(
            OnConflict::column(installation::Column::Name)
                .update_column(installation::Column::Value)
                .to_owned(),
        )
        .exec_without_returning(tx.db())
        .await?;
        Ok(())
    }

    /// Whether the facts of the installation name one of these keys, or none yet.
    pub fn recognised_by(&self, facts: &[installation::Model]) -> bool {
        let own = self.fingerprints();
        facts
            .iter()
            .find(|fact| fact.name == FINGERPRINTS)
            .is_none_or(|known| {
                known
                    .value
                    .lines()
                    .any(|line| own.iter().any(|mine| mine == line))
            })
    }

    /// The key that seals the audit trail.
    pub fn audit_key(&self) -> [u8; 32] {
        let (_, key) = self.keys[self.keys.len() - 1];
        Sha256::new()
            .chain_update(b"expert-pool audit key")
            .chain_update(key)
            .finalize()
            .into()
    }

    /// A key for something else than links, that follows from the newest key and `purpose`.
    pub fn derived_key(&self, purpose: &str) -> [u8; 32] {
        let (_, key) = self.keys[0];
        Sha256::new()
            .chain_update(purpose)
            .chain_update([0])
            .chain_update(key)
            .finalize()
            .into()
    }

    /// Path of the link, for example `/i/AZ…`: 45 characters behind the purpose's path.
    pub fn path(&self, target: &Target) -> String {
        let (id, key) = &self.keys[0];
        format!(
            "{}{}{id}{}",
            target.purpose.path,
            URL_SAFE_NO_PAD.encode(target.subject.as_bytes()),
            URL_SAFE_NO_PAD.encode(tag(*id, key, target))
        )
    }

    /// The link as people get it.
    pub fn url(&self, target: &Target) -> String {
        self.absolute(&self.path(target))
    }

    /// A path of this service as people reach it.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// Reads the part of an address behind the purpose's path.
    pub fn read(text: &str) -> Option<Token> {
        if text.len() != 45 || !text.is_ascii() {
            return None;
        }
        let (subject, rest) = text.split_at(22);
        let (key, tag) = rest.split_at(1);
        let subject: [u8; 16] = URL_SAFE_NO_PAD.decode(subject).ok()?.try_into().ok()?;
        Some(Token {
            subject: Uuid::from_bytes(subject),
            key: key.chars().next()?,
            tag: URL_SAFE_NO_PAD.decode(tag).ok()?.try_into().ok()?,
        })
    }

    /// Whether `token` was made by this service for `target`. Takes the same time for every answer.
    pub fn verify(&self, token: &Token, target: &Target) -> bool {
        let Some((id, key)) = self.keys.iter().find(|(id, _)| *id == token.key) else {
            return false;
        };
        token.subject == target.subject && bool::from(tag(*id, key, target).ct_eq(&token.tag))
    }
}

/// HMAC-SHA-256 over the fields, each of a fixed length or closed by its length, cut to 128 bits.
fn tag(id: char, key: &[u8; 32], target: &Target) -> [u8; TAG] {
    // HMAC fills a short key up with zeros to the block of 64 bytes; doing it here cannot fail.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(b"expert-pool link v1\0");
    mac.update(target.purpose.label.as_bytes());
    mac.update(&[0]);
    mac.update(target.subject.as_bytes());
    mac.update(target.person.as_bytes());
    mac.update(&target.generation.to_be_bytes());
    mac.update(&u32::from(id).to_be_bytes());
    let mut tag = [0; TAG];
    tag.copy_from_slice(&mac.finalize().into_bytes()[..TAG]);
    tag
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANSWER: Purpose = Purpose {
        label: "answer",
        path: "/i/",
    };
    const WORK: Purpose = Purpose {
        label: "work",
        path: "/w/",
    };
    const OLD: &str = "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
    const NEW: &str = "b:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA\n";

    fn target() -> Target {
        Target {
            purpose: ANSWER,
            subject: Uuid::from_u128(5),
            person: Uuid::from_u128(9),
            generation: 1,
        }
    }

    fn token(links: &Links, target: &Target) -> Token {
        Links::read(
            links
                .path(target)
                .strip_prefix(target.purpose.path)
                .unwrap(),
        )
        .unwrap()
    }

    #[test]
    fn a_link_opens_only_what_it_was_made_for() {
        let links = Links::parse(OLD, "https://pool.example.org").unwrap();
        let given = token(&links, &target());
        assert!(links.verify(&given, &target()));
        assert!(
            links
                .url(&target())
                .starts_with("https://pool.example.org/i/")
        );
        for other in [
            Target {
                purpose: WORK,
                ..target()
            },
            Target {
                subject: Uuid::from_u128(6),
                ..target()
            },
            Target {
                person: Uuid::from_u128(8),
                ..target()
            },
            Target {
                generation: 2,
                ..target()
            },
        ] {
            assert!(!links.verify(&given, &other));
        }
    }

    #[test]
    fn links_outlive_a_rotation_and_end_with_their_key() {
        let before = Links::parse(OLD, "").unwrap();
        let given = token(&before, &target());
        let rotated = Links::parse(&format!("{NEW}{OLD}"), "").unwrap();
        assert!(rotated.verify(&given, &target()));
        assert!(rotated.path(&target()) != before.path(&target()));
        assert!(!Links::parse(NEW, "").unwrap().verify(&given, &target()));
    }

    proptest! {
        #[test]
        fn no_other_text_is_accepted(text in "[A-Za-z0-9_-]{45}") {
            let links = Links::parse(OLD, "").unwrap();
            if let Some(token) = Links::read(&text) {
                let claimed = Target {
                    subject: token.subject,
                    ..target()
                };
                prop_assert!(!links.verify(&token, &claimed));
            }
        }
    }
}
