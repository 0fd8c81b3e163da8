//! What can go wrong, in the few kinds that a caller can do something about. A [`Refusal`] is a code
//! and facts, never a sentence: `foundation::texts` says it in Chinese or English.

use std::fmt;

use serde::Serialize;

/// A rule said no: a stable code and the facts that explain it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable name of the rule, `body.what` (for example `experts.quota_full`).
    pub code: &'static str,
    /// Facts by name, in the order given; the sentence names them in braces.
    pub facts: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal without facts.
    pub fn new(code: &'static str) -> Self {
        Self {
            code,
            facts: Vec::new(),
        }
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }
}

/// Refusals of single fields of a submission, in the order of the form. An empty field name stands
/// for the submission as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FieldErrors(Vec<(String, Refusal)>);

impl FieldErrors {
    /// A single refused field.
    pub fn at(field: &str, refusal: Refusal) -> Self {
        Self(vec![(field.to_owned(), refusal)])
    }

    /// Notes that `field` is refused.
    pub fn add(&mut self, field: impl Into<String>, refusal: Refusal) {
        self.0.push((field.into(), refusal));
    }

    /// Whether nothing was refused.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Refusal)> {
        self.0
            .iter()
            .map(|(field, refusal)| (field.as_str(), refusal))
    }

    /// The first refusal of `field`.
    pub fn of(&self, field: &str) -> Option<&Refusal> {
        self.0
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, refusal)| refusal)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// `Ok(value)` when nothing was refused, otherwise all refusals.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything noted so far.
    pub fn into_result<T>(self, value: T) -> Result<T> {
        if self.is_empty() {
            Ok(value)
        } else {
            Err(Error::Invalid(self))
        }
    }
}

impl From<Refusal> for FieldErrors {
    fn from(refusal: Refusal) -> Self {
        Self(vec![(String::new(), refusal)])
    }
}

/// Everything that a use case can end with instead of its result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule refused: the page is shown again with what was typed, status 422.
    #[error("refused: {}", .0.code)]
    Refused(Refusal),
    /// Fields of the submission are refused: as above, at the fields.
    #[error("invalid submission in {} fields", .0.len())]
    Invalid(FieldErrors),
    /// Not there, or not for this visitor: the two look the same.
    #[error("not found")]
    NotFound,
    /// The visitor has to sign in first.
    #[error("not signed in")]
    SignedOut,
    /// Known, but not allowed.
    #[error("forbidden")]
    Forbidden,
    /// Somebody else was faster: what was shown is no longer true.
    #[error("conflict: {}", .0.code)]
    Conflict(Refusal),
    /// The service itself failed. Logged once, with an id that the page shows.
    #[error("internal: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A result with the errors of the service.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Wraps a failure of the service itself.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// The refusals to show at a form, or the error itself when it is of another kind.
    ///
    /// # Errors
    /// Every error that is not a refusal.
    pub fn into_form_errors(self) -> Result<FieldErrors> {
        match self {
            Self::Refused(refusal) | Self::Conflict(refusal) => Ok(refusal.into()),
            Self::Invalid(errors) => Ok(errors),
            other => Err(other),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::internal(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::internal(error)
    }
}
