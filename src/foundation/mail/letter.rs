//! A mail in words, before anybody decides how it looks: the same letter becomes plain text and HTML.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Serialize, de::DeserializeOwned};

use crate::foundation::{calendar::Event, config::OfficeConfig, links::Links};

/// A kind of mail. The value holds the facts; they are kept in the outbox and made into a letter when
/// the mail first leaves, so a mail that waited tells the truth of its day.
pub trait Template: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Stable name, `body.what`; never changed once mails are queued.
    const KIND: &'static str;
    /// The kind in the mail list, two to six characters (邀请, 待答复提醒).
    const LABEL: &'static str;
    /// Carries a secret that opens an account (sign-in, reset, address confirmation): never shown to
    /// anybody, and its facts and bytes are blanked as soon as it is sent.
    const SECRET: bool = false;

    /// The letter to one recipient.
    fn letter(&self, desk: &LetterDesk<'_>) -> Letter;
}

/// What a template may look at besides its own facts.
#[derive(Clone, Copy, Debug)]
pub struct LetterDesk<'a> {
    /// Signed links and addresses of pages.
    pub links: &'a Links,
    /// The office that writes: name, issuer, phone.
    pub office: &'a OfficeConfig,
    /// Zone of every time in the letter.
    pub zone: Tz,
    /// Name of the recipient.
    pub recipient: &'a str,
    /// The instant at which the letter is made.
    pub now: DateTime<Utc>,
}

impl LetterDesk<'_> {
    /// The day of the letter.
    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }
}

/// A letter: the office's signature, phone and the note that the mail is automatic are added by the
/// renderer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Subject, one line.
    pub subject: String,
    /// First line, for example `沈知行老师：您好！`
    pub greeting: String,
    /// What it says, in order.
    pub blocks: Vec<Block>,
    /// The one thing to do: (what the button says, address).
    pub action: Option<(String, String)>,
    /// An event for the recipient's calendar; organiser and attendee are filled in.
    pub calendar: Option<Event>,
    /// For mails that people may do without: the page where they say so (see [`Letter::optional`]).
    pub unsubscribe: Option<String>,
}

/// A part of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// Facts to take in at a glance: (label, value).
    Facts(Vec<(String, String)>),
    /// Things listed.
    List(Vec<String>),
}

impl Letter {
    /// A letter with a subject and a greeting.
    pub fn new(subject: impl Into<String>, greeting: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            greeting: greeting.into(),
            ..Self::default()
        }
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.blocks.push(Block::Text(text.into()));
        self
    }

    /// Adds facts; those with an empty value are left out.
    #[must_use]
    pub fn facts<L: Into<String>, V: Into<String>>(
        mut self,
        facts: impl IntoIterator<Item = (L, V)>,
    ) -> Self {
        self.blocks.push(Block::Facts(
            facts
                .into_iter()
                .map(|(label, value)| (label.into(), value.into()))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        ));
        self
    }

    /// Adds a list.
    #[must_use]
    pub fn list<T: Into<String>>(mut self, items: impl IntoIterator<Item = T>) -> Self {
        self.blocks
            .push(Block::List(items.into_iter().map(Into::into).collect()));
        self
    }

    /// Sets the one thing to do.
    #[must_use]
    pub fn action(mut self, label: impl Into<String>, url: impl Into<String>) -> Self {
        self.action = Some((label.into(), url.into()));
        self
    }

    /// Sets the calendar event.
    #[must_use]
    pub fn calendar(mut self, event: Event) -> Self {
        self.calendar = Some(event);
        self
    }

    /// Declares the mail optional: a notice that its recipient may do without (a digest, never a duty).
    /// `url` is an address of this service (see [`crate::foundation::links::Links`]). It stands below
    /// the letter and, where people reach the service by https, in the header for mail programs that show
    /// a button of their own (RFC 8058). GET shows a page with a button; POST ends the mails without
    /// cookie, sign-in or redirect, whatever the body says (`List-Unsubscribe=One-Click`).
    #[must_use]
    pub fn optional(mut self, url: impl Into<String>) -> Self {
        self.unsubscribe = Some(url.into());
        self
    }
}
