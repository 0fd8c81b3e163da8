//! 结业证书: who has earned one, what it says, its number and its signature, and how anybody checks it.
//!
//! A certificate is never changed and never deleted. A mistake is mended by another one that takes its
//! place under a number of its own; a revoked one is still found, and said to be revoked.

mod issue;
mod marks;
mod number;
mod roster;
mod rules;
mod sealed;
mod store;
mod text;
mod verify;

pub use issue::{issue, reissue, revoke};
pub(super) use marks::field_of;
pub use marks::{Marks, note_marks};
pub(super) use number::Number;
pub(super) use roster::{Standing, roster};
pub(super) use rules::{Verdict, may_issue, may_mark, tag};
pub(super) use sealed::Claims;
pub(super) use store::{certificate, chain, of_run};
pub(super) use text::{PLACEHOLDERS, Wording, example, save_wording, wording};
pub(super) use verify::{by_number, by_payload};

use entity::ids::PersonId;
use uuid::Uuid;

use crate::foundation::links::{Purpose, Target};

/// A person's own link to a certificate: to read, print, and see whether it still stands.
const CERTIFICATE: Purpose = Purpose {
    label: "training.certificate",
    path: "/c/",
};

/// What a person's link to a certificate stands for.
pub(super) fn link(subject: Uuid, person: PersonId) -> Target {
    Target {
        purpose: CERTIFICATE,
        subject,
        person: person.0,
        generation: 1,
    }
}
