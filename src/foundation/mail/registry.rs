//! The kinds of mail that the bodies know, by name.

use std::collections::BTreeMap;

use super::{
    dkim::Signer,
    letter::{Letter, LetterDesk, Template},
};
use crate::foundation::error::{Error, Result};

type MakeLetter = fn(&serde_json::Value, &LetterDesk<'_>) -> Result<Letter>;

struct Kind {
    label: &'static str,
    secret: bool,
    make: MakeLetter,
}

/// All templates of the service, and the key that signs what becomes of them. Filled once at the
/// start, by each body.
#[derive(Default)]
pub struct Registry {
    kinds: BTreeMap<&'static str, Kind>,
    signer: Option<Signer>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.kinds.keys()).finish()
    }
}

impl Registry {
    /// Adds a template.
    pub fn register<T: Template>(&mut self) {
        self.kinds.insert(
            T::KIND,
            Kind {
                label: T::LABEL,
                secret: T::SECRET,
                make: |facts, desk| {
                    let template = T::deserialize(facts)?;
                    Ok(template.letter(desk))
                },
            },
        );
    }

    /// Has every mail signed with this key from now on.
    pub fn sign_with(&mut self, signer: Option<Signer>) {
        self.signer = signer;
    }

    /// The key that signs, where there is one.
    pub(super) fn signer(&self) -> Option<&Signer> {
        self.signer.as_ref()
    }

    /// The letter of a queued mail.
    ///
    /// # Errors
    /// When the kind is not registered, or its facts are of another shape.
    pub fn letter(
        &self,
        kind: &str,
        facts: &serde_json::Value,
        desk: &LetterDesk<'_>,
    ) -> Result<Letter> {
        let known = self
            .kinds
            .get(kind)
            .ok_or_else(|| Error::internal(format!("no template for mails of kind {kind}")))?;
        (known.make)(facts, desk)
    }

    /// The kind in words; the bare name when no body knows it any more.
    pub fn label<'a>(&self, kind: &'a str) -> &'a str {
        self.kinds.get(kind).map_or(kind, |known| known.label)
    }

    /// Whether mails of the kind are never shown.
    pub fn is_secret(&self, kind: &str) -> bool {
        self.kinds.get(kind).is_none_or(|known| known.secret)
    }

    /// (name, words) of every kind that may be shown, by name.
    pub fn kinds(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.kinds
            .iter()
            .filter(|(_, known)| !known.secret)
            .map(|(name, known)| (*name, known.label))
    }
}
